import type { FastifyInstance, FastifyRequest } from 'fastify'
import { addressOf } from './request-origin.js'

/** What the access log records about a request. Each value is added when it becomes known. */
export interface AccessFacts {
  /** Id of the user who called. */
  actorId?: string
  /** The first characters of the API token. */
  tokenPrefix?: string
  /** Name of the GraphQL operation that ran, as the client chose it. */
  operationName?: string
}

const factsOfRequest = new WeakMap<FastifyRequest, AccessFacts>()

/** The facts about a request; the caller adds to them. */
export const factsOf = (request: FastifyRequest): AccessFacts => {
  const facts = factsOfRequest.get(request) ?? {}
  factsOfRequest.set(request, facts)
  return facts
}

/**
 * The id of the trace to which a request belongs, from a valid `traceparent` (W3C Trace Context,
 * 3.2). Ids that are all zeros are invalid.
 */
export const traceIdOf = ({ headers: { traceparent } }: FastifyRequest): string | undefined =>
  /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}$/.exec(
    typeof traceparent === 'string' ? traceparent : '',
  )?.[1]

/** Logs one line for each response, including every rejected request. */
export const logAnswers = (app: FastifyInstance): void => {
  app.addHook('onResponse', async (request, reply) => {
    // Omits the query and the body, because both can contain secrets.
    const [path] = request.url.split('?', 1)
    const { method } = request
    const { statusCode: status, elapsedTime } = reply
    const traceId = traceIdOf(request)
    const trace = traceId === undefined ? {} : { traceId }
    const facts = { ip: addressOf(request), ...factsOf(request), ...trace }
    request.log.info({ method, path, status, ms: Math.round(elapsedTime), ...facts }, 'answered')
  })
}
