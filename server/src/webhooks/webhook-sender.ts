import { type LookupAddress, lookup as resolveHost } from 'node:dns'
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Config } from '../config/config.js'
import { isPublicAddress } from './public-address.js'
import { problemOfUrl } from './webhook-url.js'

/** The reasons why there was no response. */ export const sendFailures = [
  'ADDRESS_REFUSED',
  'HOST_NOT_FOUND',
  'CONNECTION_FAILED',
  'CERTIFICATE_REFUSED',
  'TIMED_OUT',
  'SECRET_UNREADABLE',
] as const

/** Why there was no response. */ export type SendFailure = (typeof sendFailures)[number]

/** The outcome of one request. */
export interface SendOutcome {
  /** HTTP status of the response; null if there was none. */
  readonly status: number | null
  /** Why there was no response; null if there was one. */
  readonly failure: SendFailure | null
  /** The beginning of the response body, as text; null if there was no response. */
  readonly excerpt: string | null
  /** The response's Retry-After in seconds (RFC 9110, 10.2.3); null if there was none. */
  readonly retryAfterSeconds: number | null
  readonly durationMs: number
}

/** Looks up the addresses of a host, as `dns.lookup` does. */
export type HostResolver = (
  hostname: string,
  options: { readonly all: true },
  done: (failure: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

const maxBytesRead = 4 * 1024
const maxExcerptLength = 1_000
const refusedCode = 'REKEY_ADDRESS_REFUSED'

const refused = (): NodeJS.ErrnoException =>
  Object.assign(new Error('The address is not a public internet address.'), { code: refusedCode })

/**
 * A DNS lookup that rejects hosts with addresses that are not public. The connection uses
 * exactly the addresses that are checked here. So a name that resolves to a public address
 * first and to a private one later (DNS rebinding) gains an attacker nothing.
 */
const guarded =
  (resolve: HostResolver): LookupFunction =>
  (hostname, options, done) => {
    resolve(hostname, { all: true }, (failure, addresses) => {
      if (failure !== null) return done(failure, [])
      const [first] = addresses
      // One private address is enough to reject the host: only an attacker mixes both kinds.
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
 * Text that both database engines can store: without NUL, which PostgreSQL rejects, without
 * other control characters, and without lone surrogates.
 */
const storableText = (bytes: Buffer): string =>
  bytes
    .toString('utf8')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .slice(0, maxExcerptLength)
    .toWellFormed()

/** Reads the beginning of the response body, and then closes the connection. */
const readBeginning = (response: IncomingMessage): Promise<string> =>
  new Promise(done => {
    const chunks: Buffer[] = []
    let length = 0
    const finish = () => {
      done(storableText(Buffer.concat(chunks).subarray(0, maxBytesRead)))
      response.destroy()
    }
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (length >= maxBytesRead) finish()
    })
    response.on('end', finish)
    // This also happens on a timeout. The status is already known then.
    response.on('error', finish)
    response.on('close', finish)
  })

const retryAfterOf = ({ headers }: IncomingMessage): number | null => {
  const given = headers['retry-after'] ?? ''
  return /^\d{1,6}$/.test(given) ? Number(given) : null
}

/**
 * Sends requests to URLs that users entered, and does not trust them (OWASP, Server Side
 * Request Forgery Prevention). It uses https and public addresses only, follows no redirects,
 * sends no cookies or credentials of its own, and limits the time and the size of the response.
 */
export class WebhookSender {
  constructor(
    private readonly settings: Config['webhooks'],
    private readonly resolve: HostResolver = resolveHost,
  ) {}

  /**
   * Sends one request. It never throws: a failure is part of the outcome.
   *
   * @param stopping aborts the request. The result is then null.
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
    // Check the URL again. An IP address in the URL is not looked up, and the setting may have
    // changed since the URL was saved.
    if (problemOfUrl(url, allowPrivate) !== null) return Promise.reject(refused())
    const { request } = url.protocol === 'https:' ? https : http
    return new Promise((done, failed) => {
      const sent = request(url, {
        method: 'POST',
        // Use a new connection for each request, so that none outlives a change of the setting.
        agent: false,
        headers: { ...headers, 'content-length': body.length },
        signal: AbortSignal.any([stopping, AbortSignal.timeout(timeoutMs)]),
        ...(allowPrivate ? {} : { lookup: guarded(this.resolve) }),
      })
      let answered = false
      sent.on('error', problem => {
        // If the response breaks off after its headers, its status counts.
        if (!answered) failed(problem)
      })
      // This happens, for example, if the receiver switches to another protocol.
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
