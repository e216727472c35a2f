import { HeaderMap } from '@apollo/server'
import { ApiError } from '../graphql/api-error.js'

const mostCharacters = 255

/** Something about the header is wrong: the request is not executed. */
export const badIdempotencyKey = (message: string): ApiError =>
  new ApiError(message, 'BAD_USER_INPUT', { http: { status: 400, headers: new HeaderMap() } })

/**
 * The key in an Idempotency-Key header. The draft of the IETF has it as a String of
 * structured fields (RFC 9651), so in quotes; most who send it leave them out. Both are the
 * same key.
 *
 * @throws BAD_USER_INPUT when it is no key of 1 to 255 characters of visible ASCII.
 */
export const readIdempotencyKey = (header: string): string => {
  const [, quoted] = /^"((?:[^"\\]|\\["\\])*)"$/.exec(header) ?? []
  const bare = header.startsWith('"') ? '' : header
  const key = quoted === undefined ? bare : quoted.replaceAll(/\\(["\\])/g, '$1')
  if (key.length > mostCharacters || !/^[\x21-\x7e]+$/.test(key)) {
    throw badIdempotencyKey(
      `Idempotency-Key takes 1 to ${mostCharacters} characters of visible ASCII, with quotes round them or without.`,
    )
  }
  return key
}
