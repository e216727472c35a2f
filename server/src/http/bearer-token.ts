import type { FastifyRequest } from 'fastify'

const longest = 200

/**
 * The API token a request came with (RFC 6750, 2.1), good or not, cut to 200 characters.
 * Undefined when it came with none: other bearers, such as that of `/metrics`, are none of ours.
 */
export const bearerTokenOf = (request: FastifyRequest): string | undefined =>
  /^bearer\s+(rk_.*)$/i.exec(request.headers.authorization ?? '')?.[1]?.slice(0, longest)
