import { randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const start = 'rk_live_'
const randomLength = 30
const checksumLength = 6
const prefixLength = 6
const form = new RegExp(`^${start}[0-9A-Za-z]{${randomLength + checksumLength}}$`)

const toBase62 = (value: number): string => {
  let text = ''
  for (let rest = value; rest > 0; rest = Math.floor(rest / alphabet.length)) {
    text = alphabet.charAt(rest % alphabet.length) + text
  }
  return text.padStart(checksumLength, '0')
}

/** The checksum covers everything before it, so that other kinds of tokens do not match. */
const checksumOf = (text: string): string => toBase62(crc32(text))

/**
 * Creates an API token: `rk_live_`, 178 random bits in base 62, and a CRC-32 in base 62. Secret
 * scanners can find tokens in a repository, and the checksum rules out similar texts.
 */
export const newApiToken = (): string => {
  const random = Array.from({ length: randomLength }, () =>
    alphabet.charAt(randomInt(alphabet.length)),
  ).join('')
  return `${start}${random}${checksumOf(start + random)}`
}

/**
 * True if the text has the form of an API token and its checksum is correct. Other texts are
 * rejected without a database query.
 */
export const isApiToken = (text: string): boolean =>
  form.test(text) && text.endsWith(checksumOf(text.slice(0, -checksumLength)))

/**
 * The prefix of a token. Its owner can recognize the token by it, but 142 random bits are
 * missing to use it.
 */
export const prefixOf = (token: string): string => token.slice(0, start.length + prefixLength)
