import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { bearerTokenOf, credentialKeyOf } from './bearer-token.js'
import { refuse } from './refusal.js'
import type { SessionCookie } from './session-cookie.js'

/**
 * How many requests of one session or one API token run at once. All requests share one queue for
 * the database, so a higher limit would delay everyone else.
 */
export const maxConcurrentRequests = 32

/** How many downloads of all operations, or of all of a person's data, run at once with one session. */
export const maxConcurrentDownloads = 2

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

/** Counts the requests of each session or API token that run at once. */
class Bound {
  private readonly counts = new Map<string, number>()

  constructor(
    private readonly session: SessionCookie,
    private readonly limit: number,
    private readonly what: string,
  ) {}

  /**
   * Counts a request, unless it has neither a session nor a token.
   *
   * @returns ends the count; null if the limit is reached.
   */
  begin(request: FastifyRequest): (() => void) | null {
    const credential = bearerTokenOf(request) ?? this.session.read(request)
    if (credential === undefined) return () => undefined
    const key = credentialKeyOf(credential)
    const count = this.counts.get(key) ?? 0
    if (count >= this.limit) return null
    this.counts.set(key, count + 1)
    return () => {
      const left = (this.counts.get(key) ?? 1) - 1
      if (left === 0) this.counts.delete(key)
      else this.counts.set(key, left)
    }
  }

  /** Rejects a request with a 503 and Retry-After. */
  refuse(reply: FastifyReply): FastifyReply {
    reply.header('retry-after', '1').header('cache-control', 'no-store')
    const message = `The server runs at most ${this.limit} of your ${this.what} at once. Try again in a moment.`
    return refuse(reply, 503, message, 'RATE_LIMITED', { retryAfterSeconds: 1 })
  }
}

/** Wraps a handler. It rejects requests above {@link maxConcurrentRequests} of one session or API token. */
export const boundConcurrentRequests = (session: SessionCookie, handler: Handler): Handler => {
  const bound = new Bound(session, maxConcurrentRequests, 'requests')
  return async (request, reply) => {
    const end = bound.begin(request)
    if (end === null) return bound.refuse(reply)
    try {
      return await handler(request, reply)
    } finally {
      end()
    }
  }
}

/**
 * Rejects requests for these paths above {@link maxConcurrentDownloads} of one session or API token. A download counts until its last byte is sent.
 */
export const boundConcurrentDownloads = (
  app: FastifyInstance,
  session: SessionCookie,
  paths: readonly string[],
): void => {
  const bound = new Bound(session, maxConcurrentDownloads, 'downloads')
  app.addHook('preHandler', async (request, reply): Promise<FastifyReply | undefined> => {
    if (!paths.includes(request.routeOptions.url ?? '') || reply.raw.destroyed) return undefined
    const end = bound.begin(request)
    if (end === null) return bound.refuse(reply)
    reply.raw.once('close', end)
    return undefined
  })
}
