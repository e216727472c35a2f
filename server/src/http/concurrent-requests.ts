import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { bearerTokenOf } from './bearer-token.js'
import { refuse } from './refusal.js'
import type { SessionCookie } from './session-cookie.js'

/**
 * How many requests with one session or one API token are worked on at once. All wait in the
 * same line for the database: with many more, everyone else's would wait with them.
 */
export const maxConcurrentRequests = 32

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

/**
 * A handler that refuses what is more than {@link maxConcurrentRequests} of one session or API
 * token, with a 503 and Retry-After. Requests with neither are not counted.
 */
export const boundConcurrentRequests = (session: SessionCookie, handler: Handler): Handler => {
  const counts = new Map<string, number>()
  return async (request, reply) => {
    const credential = bearerTokenOf(request) ?? session.read(request)
    if (credential === undefined) return handler(request, reply)
    // A dump of the memory holds no token.
    const key = createHash('sha256').update(credential).digest('base64')
    const count = counts.get(key) ?? 0
    if (count >= maxConcurrentRequests) {
      reply.header('retry-after', '1').header('cache-control', 'no-store')
      const message = `At most ${maxConcurrentRequests} of your requests are answered at once. Try again in a moment.`
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
