import { type LookupAddress, lookup as resolveHost } from 'node:dns'
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Config } from '../config/config.js'
import { isPublicAddress } from './public-address.js'
import { problemOfUrl } from './webhook-url.js'

/** Why there was no answer. */
export const sendFailures = [
  'ADDRESS_REFUSED',
  'HOST_NOT_FOUND',
  'CONNECTION_FAILED',
  'CERTIFICATE_REFUSED',
  'TIMED_OUT',
  'SECRET_UNREADABLE',
] as const

/** Why there was no answer. */
export type SendFailure = (typeof sendFailures)[number]

/** What became of one request. */
export interface SendOutcome {
  /** Of the answer; null when there was none. */
  readonly status: number | null
  /** Null when there was an answer. */
  readonly failure: SendFailure | null
  /** The beginning of the answer's body, as text. */
  readonly excerpt: string | null
  /** Seconds the receiver asks to be left alone (RFC 9110, 10.2.3). */
  readonly retryAfterSeconds: number | null
  readonly durationMs: number
}

/** Finds the addresses of a host; `dns.lookup`, with its options. */
export type HostResolver = (
  hostname: string,
  options: { readonly all: true },
  done: (failure: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

const mostBytesRead = 4 * 1024
const longestExcerpt = 1_000
const refusedCode = 'REKEY_ADDRESS_REFUSED'

const refused = (): NodeJS.ErrnoException =>
  Object.assign(new Error('The address is not of the public internet.'), { code: refusedCode })

/**
 * A look-up that gives no address which nothing may be sent to. It is asked when the
 * connection is made, and the connection goes to what it gives: a name that leads
 * elsewhere by then than when it was looked at (DNS rebinding) gains nothing.
 */
const guarded =
  (resolve: HostResolver): LookupFunction =>
  (hostname, options, done) => {
    resolve(hostname, { all: true }, (failure, addresses) => {
      if (failure !== null) return done(failure, [])
      const [first] = addresses
      // One is enough: who mixes them means no good.
      const isPublic = addresses.every(({ address }) => isPublicAddress(address))
      if (first === undefined || !isPublic) return done(refused(), [])
      if (options.all === true) done(null, addresses)
      else done(null, first.address, first.family)
    })
  }

const failureOf = (problem: NodeJS.ErrnoException): SendFailure => {
  const { code = '', name } = problem
  if (code === refusedCode) return 'ADDRESS_REFUSED'
  if (name === 'AbortError' || name === 'TimeoutError' || code === 'ETIMEDOUT') return 'TIMED_OUT'
  if (/^(ENOTFOUND|EAI_|ENODATA)/.test(code)) return 'HOST_NOT_FOUND'
  if (/CERT|ALTNAME|ISSUER|SIGNATURE/.test(code)) return 'CERTIFICATE_REFUSED'
  return 'CONNECTION_FAILED'
}

/**
 * Text as both engines keep it: without NUL, which PostgreSQL refuses, other controls,
 * and halves of surrogate pairs.
 */
const tidy = (bytes: Buffer): string =>
  bytes
    .toString('utf8')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .slice(0, longestExcerpt)
    .toWellFormed()

/** The beginning of the body; what follows is not read. */
const readBeginning = (response: IncomingMessage): Promise<string> =>
  new Promise(done => {
    const chunks: Buffer[] = []
    let length = 0
    const finish = () => {
      done(tidy(Buffer.concat(chunks).subarray(0, mostBytesRead)))
      response.destroy()
    }
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (length >= mostBytesRead) finish()
    })
    response.on('end', finish)
    // Also when time runs out: the status is known all the same.
    response.on('error', finish)
    response.on('close', finish)
  })

const retryAfterOf = ({ headers }: IncomingMessage): number | null => {
  const given = headers['retry-after'] ?? ''
  return /^\d{1,6}$/.test(given) ? Number(given) : null
}

/**
 * Sends to URLs that others chose, and so trusts none of them (OWASP, Server Side Request
 * Forgery Prevention): https only, public addresses only, no redirect followed, no
 * cookie or credential of ours, a bounded time and a bounded answer.
 */
export class WebhookSender {
  constructor(
    private readonly settings: Config['webhooks'],
    private readonly resolve: HostResolver = resolveHost,
  ) {}

  /**
   * Sends one request. It never throws: whatever happens is the outcome.
   *
   * @param stopping ends the request. Then there is no outcome, and this is null.
   */
  async post(
    address: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    stopping: AbortSignal,
  ): Promise<SendOutcome | null> {
    const begun = performance.now()
    try {
      const outcome = await this.send(new URL(address), headers, Buffer.from(body), stopping)
      return { ...outcome, durationMs: Math.round(performance.now() - begun) }
    } catch (problem) {
      if (stopping.aborted) return null
      const failure = failureOf(problem as NodeJS.ErrnoException)
      const durationMs = Math.round(performance.now() - begun)
      return { status: null, failure, excerpt: null, retryAfterSeconds: null, durationMs }
    }
  }

  private send(
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: Buffer,
    stopping: AbortSignal,
  ): Promise<Omit<SendOutcome, 'durationMs'>> {
    const { allowPrivate, timeoutMs } = this.settings
    // Once more: an address that stands in the URL itself is not looked up, and the setting
    // may be another one than when the URL was kept.
    if (problemOfUrl(url, allowPrivate) !== null) return Promise.reject(refused())
    const { request } = url.protocol === 'https:' ? https : http
    return new Promise((done, failed) => {
      const sent = request(url, {
        method: 'POST',
        // A connection of its own: none is kept that was made under another setting.
        agent: false,
        headers: { ...headers, 'content-length': body.length },
        signal: AbortSignal.any([stopping, AbortSignal.timeout(timeoutMs)]),
        ...(allowPrivate ? {} : { lookup: guarded(this.resolve) }),
      })
      let answered = false
      sent.on('error', problem => {
        // Of an answer that broke off its status counts.
        if (!answered) failed(problem)
      })
      // Such as when the receiver would change to another protocol.
      sent.on('close', () => {
        if (!answered) failed(new Error('The receiver did not answer.'))
      })
      sent.on('response', response => {
        answered = true
        const { statusCode: status = 0 } = response
        const retryAfterSeconds = retryAfterOf(response)
        readBeginning(response).then(
          excerpt => done({ status, failure: null, excerpt, retryAfterSeconds }),
          failed,
        )
      })
      sent.end(body)
    })
  }
}
