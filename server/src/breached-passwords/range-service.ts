import { type BreachSource, BreachSourceFailed } from './breach-source.js'

/** The number of hex digits that leave the server. About a million ranges exist. */
const prefixLength = 5
// An answer of Have I Been Pwned has about 100 KB. All lines of a range must fit.
const maxAnswerBytes = 1_000_000
const linePattern = /^([\da-f]{35}):(\d{1,15})$/i

const failed = (code: string, message: string): BreachSourceFailed =>
  new BreachSourceFailed(code, `The range service ${message}.`)

/** Reads the body, unless it is too long. */
const readBounded = async (body: ReadableStream<Uint8Array>): Promise<string> => {
  const chunks: Uint8Array[] = []
  let bytes = 0
  // Leaving the loop cancels the rest of the answer.
  for await (const chunk of body) {
    bytes += chunk.byteLength
    if (bytes > maxAnswerBytes) throw failed('ANSWER_TOO_LONG', 'sent too long an answer')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('latin1')
}

/** The suffixes of the hashes in an answer, without the padding, whose count is 0. */
const suffixesOf = (answer: string): ReadonlySet<string> => {
  const suffixes = new Set<string>()
  for (const line of answer.trim().split(/\r?\n/)) {
    const [, suffix, count] = linePattern.exec(line) ?? []
    // Also a page of a proxy, or an empty answer: no range is empty.
    if (suffix === undefined) throw failed('ANSWER_INVALID', 'sent no list of hashes and counts')
    if (Number(count) > 0) suffixes.add(suffix.toUpperCase())
  }
  return suffixes
}

const codeOf = (failure: unknown): string => {
  const { name, cause } = Object(failure) as { name?: unknown; cause?: { code?: unknown } }
  return name === 'TimeoutError' ? 'TIMED_OUT' : String(cause?.code ?? 'CONNECTION_FAILED')
}

/**
 * A service with the range API of Have I Been Pwned. It gets the first five digits of a hash, and
 * returns the rest of every breached hash that begins so. It cannot know which one was meant.
 */
export class RangeService implements BreachSource {
  readonly kind = 'RANGE_SERVICE'
  private readonly base: string

  /**
   * @param url the address to which the five digits are appended.
   * @param timeoutMs how long the whole answer may take, because someone is waiting for it.
   */
  constructor(
    { href }: URL,
    private readonly timeoutMs = 2_000,
  ) {
    this.base = href.endsWith('/') ? href : `${href}/`
  }

  async contains(sha1: string): Promise<boolean> {
    const suffixes = suffixesOf(await this.request(sha1.slice(0, prefixLength)))
    return suffixes.has(sha1.slice(prefixLength))
  }

  /** The answer for a range. Its errors never contain the URL, because that ends with the digits. */
  private async request(prefix: string): Promise<string> {
    try {
      const response = await fetch(`${this.base}${prefix}`, {
        // With padding, the length of an encrypted answer does not reveal the range.
        headers: { 'add-padding': 'true', 'user-agent': 'Rekey', accept: 'text/plain' },
        redirect: 'error',
        signal: AbortSignal.timeout(this.timeoutMs),
      })
      if (response.status !== 200 || response.body === null) {
        await response.body?.cancel()
        throw failed(`STATUS_${response.status}`, `answered with status ${response.status}`)
      }
      return await readBounded(response.body)
    } catch (failure) {
      if (failure instanceof BreachSourceFailed) throw failure
      throw failed(codeOf(failure), `did not answer (${codeOf(failure)})`)
    }
  }
}
