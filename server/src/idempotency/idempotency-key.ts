import { idempotencyKeyInvalid } from '../graphql/api-error.js'

const mostCharacters = 255

/**
 * The key in an Idempotency-Key header. The draft of the IETF has it as a String of
 * structured fields (RFC 9651), so in quotes; most who send it leave them out. Both are the
 * same key.
 *
 * @throws IDEMPOTENCY_KEY_INVALID when it is no key of 1 to 255 characters of visible ASCII.
 */
export const readIdempotencyKey = (header: string): string => {
  const [, quoted] = /^"((?:[^"\\]|\\["\\])*)"$/.exec(header) ?? []
  const bare = header.startsWith('"') ? '' : header
  const key = quoted === undefined ? bare : quoted.replaceAll(/\\(["\\])/g, '$1')
  if (key.length > mostCharacters || !/^[\x21-\x7e]+$/.test(key)) {
    throw idempotencyKeyInvalid(
      `Idempotency-Key takes 1 to ${mostCharacters} characters of visible ASCII, with quotes round them or without.`,
    )
  }
  return key
}
