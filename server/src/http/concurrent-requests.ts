import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { bearerTokenOf } from './bearer-token.js'
import { refuse } from './refusal.js'
import type { SessionCookie } from './session-cookie.js'

/**
 * How many requests of one session or one API token run at once. All requests share one queue for
 * the database, so many more would delay everyone else.
 */
export const maxConcurrentRequests = 32

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

/**
 * Wraps a handler. It rejects requests above {@link maxConcurrentRequests} of one session or API
 * token with a 503 and Retry-After. It does not count requests without a session or token.
 */
export const boundConcurrentRequests = (session: SessionCookie, handler: Handler): Handler => {
  const counts = new Map<string, number>()
  return async (request, reply) => {
    const credential = bearerTokenOf(request) ?? session.read(request)
    if (credential === undefined) return handler(request, reply)
    // A hash as key, so that a memory dump contains no token.
    const key = createHash('sha256').update(credential).digest('base64')
    const count = counts.get(key) ?? 0
    if (count >= maxConcurrentRequests) {
      reply.header('retry-after', '1').header('cache-control', 'no-store')
      const message = `The server runs at most ${maxConcurrentRequests} of your requests at once. Try again in a moment.`
      return refuse(reply, 503, message, 'RATE_LIMITED', { retryAfterSeconds: 1 })
    }
    counts.set(key, count + 1)
    try {
      return await handler(request, reply)
    } finally {
      const left = (counts.get(key) ?? 1) - 1
      if (left === 0) counts.delete(key)
      else counts.set(key, left)
    }
  }
}
