import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { bearerTokenOf } from './bearer-token.js'
import { graphqlPath, refuseMethod } from './graphql-request.js'
import { refuse } from './refusal.js'

/** The headers that a page on another origin may send, beside those that need no permission. */
const requestHeaders = [
  'accept-language',
  'apollo-require-preflight',
  'authorization',
  'baggage',
  'content-type',
  'idempotency-key',
  'rekey-graphql-cost',
  'traceparent',
  'tracestate',
]

/** The headers of an answer that such a page may read. */
const answerHeaders = [
  'idempotency-replayed',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'x-request-id',
]

/** Seconds for which a browser need not ask again. Chromium's maximum. */
const preflightSeconds = 7_200

/**
 * Whether a page of another origin sent this request to the GraphQL API, and the settings allow
 * that origin.
 */
export const isFromOtherOrigin = (
  { headers: { origin }, routeOptions: { url } }: FastifyRequest,
  allowedOrigins: ReadonlySet<string>,
): boolean => url === graphqlPath && origin !== undefined && allowedOrigins.has(origin)

/**
 * Lets pages of other origins call the GraphQL API with an API token (Fetch, 3.2: the CORS
 * protocol). There is no `Access-Control-Allow-Credentials`, and the server ignores cookies of such
 * requests, so that a page cannot act as the user who visits it. It also sets no cookies there:
 * otherwise the page could sign its visitor in as someone else.
 */
export const allowOtherOrigins = (
  app: FastifyInstance,
  allowedOrigins: ReadonlySet<string>,
): void => {
  const isOther = (request: FastifyRequest) => isFromOtherOrigin(request, allowedOrigins)
  app.route({
    method: 'OPTIONS',
    url: graphqlPath,
    handler: async (request, reply) => {
      if (!isOther(request)) return refuseMethod(reply)
      return reply
        .code(204)
        .header('access-control-allow-methods', 'GET, POST')
        .header('access-control-allow-headers', requestHeaders.join(', '))
        .header('access-control-max-age', String(preflightSeconds))
        .send()
    },
  })
  if (allowedOrigins.size === 0) return
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.url !== graphqlPath) return undefined
    // Also without an allowed origin: a cache must not give that answer to a page of one.
    reply.header('vary', 'Origin')
    if (!isOther(request)) return undefined
    request.cookies = {}
    reply
      .header('access-control-allow-origin', request.headers.origin)
      .header('access-control-expose-headers', answerHeaders.join(', '))
    if (request.method === 'OPTIONS' || bearerTokenOf(request) !== undefined) return undefined
    return refuseWithoutToken(reply)
  })
  app.addHook('onSend', async (request, reply) => {
    if (isOther(request)) reply.removeHeader('set-cookie')
  })
}

const refuseWithoutToken = (reply: FastifyReply): FastifyReply =>
  refuse(
    reply.header('cache-control', 'no-store'),
    401,
    'From another origin, the API requires an API token. It ignores cookies there.',
    'UNAUTHENTICATED',
  )
