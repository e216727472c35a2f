import type { FastifyRequest } from 'fastify'

const longest = 200

/**
 * The API token a request came with (RFC 6750, 2.1), good or not, cut to 200 characters.
 * Undefined when it came with none: other bearers, such as that of `/metrics`, are none of ours.
 */
export const bearerTokenOf = (request: FastifyRequest): string | undefined =>
  /^bearer\s+(rk_.*)$/i.exec(request.headers.authorization ?? '')?.[1]?.slice(0, longest)

/**
 * Whether a request brings an API token of ours otherwise than as a Bearer, or Bearer and no
 * token: whoever sends it means a token, and must not be let through as someone else. Other
 * schemes are none of our business: a proxy in front may use them.
 */
export const hasMisplacedToken = (request: FastifyRequest): boolean =>
  bearerTokenOf(request) === undefined &&
  /^bearer\s*$|rk_live_/i.test(request.headers.authorization ?? '')
