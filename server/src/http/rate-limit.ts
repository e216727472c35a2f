import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { Config } from '../config/config.js'
import { bearerTokenOf } from './bearer-token.js'
import { subscriberOf } from './ip-address.js'
import { isOpen } from './open-routes.js'
import { refuse } from './refusal.js'
import { addressOf } from './request-origin.js'

const windowSeconds = 60

// Beyond it the oldest are forgotten: whoever can send from so many addresses gains no
// more by it than each of those had anyway, and memory stays within some 20 MB.
const mostKept = 100_000

/** How a caller stands with a quota. */
interface Standing {
  /** False when this request is one too many. */
  readonly admitted: boolean
  /** Requests that are left in the window. */
  readonly left: number
  /** Seconds until the window ends, 1 to 60. */
  readonly seconds: number
}

/** So many requests a minute for each caller, from their first request on. */
export class Quota {
  private readonly counts: LRUCache<string, { used: number; readonly endsAt: number }>

  /**
   * @param name as headers have it.
   * @param most requests in a minute.
   * @param kept callers that are remembered: those who called last.
   */
  constructor(
    readonly name: string,
    readonly most: number,
    kept = mostKept,
  ) {
    this.counts = new LRUCache({ max: kept })
  }

  /** Counts a request. */
  take(key: string): Standing {
    // Whole milliseconds: a fraction more than a minute would be told as 61 seconds.
    const now = Math.floor(performance.now())
    let count = this.counts.get(key)
    if (count === undefined || count.endsAt <= now) {
      count = { used: 0, endsAt: now + windowSeconds * 1000 }
      this.counts.set(key, count)
    }
    count.used += 1
    return {
      admitted: count.used <= this.most,
      left: Math.max(this.most - count.used, 0),
      seconds: Math.ceil((count.endsAt - now) / 1000),
    }
  }
}

/**
 * Refuses what is more than an address, or an API token, may ask in a minute. Each answer
 * tells how the caller stands (IETF draft-ietf-httpapi-ratelimit-headers-11); a refusal is
 * a 429 with Retry-After. Counts are in memory, each instance's its own.
 */
export const limitRates = (app: FastifyInstance, limits: Config['rateLimits']): void => {
  const quota = (name: string, most: number) => (most === 0 ? null : new Quota(name, most))
  const perAddress = quota('address', limits.perAddress)
  const perToken = quota('token', limits.perToken)

  const standingsOf = (request: FastifyRequest): (readonly [Quota, Standing])[] => {
    const standings: (readonly [Quota, Standing])[] = []
    if (perAddress !== null) {
      const standing = perAddress.take(subscriberOf(addressOf(request)))
      standings.push([perAddress, standing])
      // Made-up tokens are no way to have more of them remembered than an address may ask.
      if (!standing.admitted) return standings
    }
    const token = perToken === null ? undefined : bearerTokenOf(request)
    if (perToken !== null && token !== undefined) {
      // Neither does a dump of the memory hold tokens, nor can a long one fill it.
      const key = createHash('sha256').update(token).digest('base64')
      standings.push([perToken, perToken.take(key)])
    }
    return standings
  }

  app.addHook('onRequest', async (request, reply): Promise<FastifyReply | undefined> => {
    if (isOpen(request)) return undefined
    const standings = standingsOf(request)
    if (standings.length === 0) return undefined
    const policies = standings.map(([{ name, most }]) => `"${name}";q=${most};w=${windowSeconds}`)
    const states = standings.map(
      ([{ name }, { left, seconds }]) => `"${name}";r=${left};t=${seconds}`,
    )
    reply.header('ratelimit-policy', policies.join(', ')).header('ratelimit', states.join(', '))

    const refused = standings.find(([, { admitted }]) => !admitted)
    if (refused === undefined) return undefined
    const [{ name }, { seconds }] = refused
    reply.header('retry-after', String(seconds)).header('cache-control', 'no-store')
    const from = name === 'token' ? 'with this API token' : 'from this address'
    const wait = seconds === 1 ? '1 second' : `${seconds} seconds`
    const message = `Too many requests ${from}. Try again in ${wait}.`
    return refuse(reply, 429, message, 'RATE_LIMITED', { retryAfterSeconds: seconds })
  })
}
