import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'

const maxLength = 200

/**
 * The API token of a request (RFC 6750, 2.1), valid or not, cut to 200 characters. Undefined if
 * there is none. Other bearer tokens, such as the one for `/metrics`, are ignored.
 */
export const bearerTokenOf = (request: FastifyRequest): string | undefined =>
  /^bearer\s+(rk_.*)$/i.exec(request.headers.authorization ?? '')?.[1]?.slice(0, maxLength)

/**
 * Whether a request sends an API token in another way than as a Bearer token, or sends Bearer
 * without a token. The sender means to use a token, so the server must not treat them as someone
 * else. It ignores other schemes, because a proxy in front of it may use them.
 */
export const hasMisplacedToken = (request: FastifyRequest): boolean =>
  bearerTokenOf(request) === undefined &&
  /^bearer\s*$|rk_live_/i.test(request.headers.authorization ?? '')

/**
 * A key under which to count the requests with a credential. A hash, so that a memory dump contains
 * no token, and a long token needs no more memory.
 */
export const credentialKeyOf = (credential: string): string =>
  createHash('sha256').update(credential).digest('base64')
