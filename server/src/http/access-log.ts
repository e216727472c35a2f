import type { FastifyInstance, FastifyRequest } from 'fastify'
import { addressOf } from './request-origin.js'

/** What the access log tells of a request, as far as it became known. */
export interface AccessFacts {
  /** Id of the user who called. */
  actorId?: string
  /** What the API token begins with. */
  tokenPrefix?: string
  /** Name of the GraphQL operation that ran, as the client chose it. */
  operationName?: string
}

const factsOfRequest = new WeakMap<FastifyRequest, AccessFacts>()

/** What is known of a request; to be filled in as it becomes known. */
export const factsOf = (request: FastifyRequest): AccessFacts => {
  const facts = factsOfRequest.get(request) ?? {}
  factsOfRequest.set(request, facts)
  return facts
}

/** Writes one line for each answer, refusals of every kind included. */
export const logAnswers = (app: FastifyInstance): void => {
  app.addHook('onResponse', async (request, reply) => {
    // Neither query nor body: both can hold secrets.
    const [path] = request.url.split('?', 1)
    const { method } = request
    const { statusCode: status, elapsedTime } = reply
    const facts = { ip: addressOf(request), ...factsOf(request) }
    request.log.info({ method, path, status, ms: Math.round(elapsedTime), ...facts }, 'answered')
  })
}
