import { randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const start = 'rk_live_'
const randomLength = 30
const checksumLength = 6
const shownLength = 6
const form = new RegExp(`^${start}[0-9A-Za-z]{${randomLength + checksumLength}}$`)

const toBase62 = (value: number): string => {
  let text = ''
  for (let rest = value; rest > 0; rest = Math.floor(rest / alphabet.length)) {
    text = alphabet.charAt(rest % alphabet.length) + text
  }
  return text.padStart(checksumLength, '0')
}

/** Of all that stands before it, so that a token of another kind never passes for one. */
const checksumOf = (text: string): string => toBase62(crc32(text))

/**
 * A fresh API token: `rk_live_`, 178 random bits in base 62, and their CRC-32 in base 62.
 * Scanners find such a text in a repository, and know by its checksum that it is one and
 * not merely alike.
 */
export const newApiToken = (): string => {
  const random = Array.from({ length: randomLength }, () =>
    alphabet.charAt(randomInt(alphabet.length)),
  ).join('')
  return `${start}${random}${checksumOf(start + random)}`
}

/**
 * True when the text has the form of an API token and its checksum is right. Nothing else
 * is worth looking for in the database.
 */
export const isApiToken = (text: string): boolean =>
  form.test(text) && text.endsWith(checksumOf(text.slice(0, -checksumLength)))

/** What a token begins with: enough to recognise it, 142 random bits short of using it. */
export const prefixOf = (token: string): string => token.slice(0, start.length + shownLength)
