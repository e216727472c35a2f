import { idempotencyKeyInvalid } from '../graphql/api-error.js'

const maxCharacters = 255

/**
 * Reads the key from an Idempotency-Key header. The IETF draft defines it as a String of structured
 * fields (RFC 9651), so in quotes. Most clients omit the quotes. Both spellings are the same key.
 *
 * @throws IDEMPOTENCY_KEY_INVALID if the key is not 1 to 255 characters of visible ASCII.
 */
export const readIdempotencyKey = (header: string): string => {
  const [, quoted] = /^"((?:[^"\\]|\\["\\])*)"$/.exec(header) ?? []
  const bare = header.startsWith('"') ? '' : header
  const key = quoted === undefined ? bare : quoted.replaceAll(/\\(["\\])/g, '$1')
  if (key.length > maxCharacters || !/^[\x21-\x7e]+$/.test(key)) {
    throw idempotencyKeyInvalid(
      `Idempotency-Key must have 1 to ${maxCharacters} characters of visible ASCII, with or without quotes around them.`,
    )
  }
  return key
}
