import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { Config } from '../config/config.js'
import { bearerTokenOf, credentialKeyOf } from './bearer-token.js'
import { subscriberOf } from './ip-address.js'
import { isOpen } from './open-routes.js'
import { refuse } from './refusal.js'
import { addressOf } from './request-origin.js'

const windowSeconds = 60

// If more callers are active, the oldest are forgotten. An attacker who controls that many addresses
// gains little: each address has its own limit anyway. The memory used stays around 20 MB.
const maxCallers = 100_000

/** The state of a caller's quota. */
interface Standing {
  /** False if this request exceeds the limit. */
  readonly admitted: boolean
  /** The number of requests left in the window. */
  readonly left: number
  /** Seconds until the window ends, 1 to 60. */
  readonly seconds: number
}

/** Limits the requests of each caller per minute. The minute starts with the first request. */
export class Quota {
  private readonly counts: LRUCache<string, { used: number; readonly endsAt: number }>

  /**
   * @param name the name in the headers.
   * @param limit requests in a minute.
   * @param maxRemembered how many callers to remember: the most recent ones.
   */
  constructor(
    readonly name: string,
    readonly limit: number,
    maxRemembered = maxCallers,
  ) {
    this.counts = new LRUCache({ max: maxRemembered })
  }

  /** Counts a request. */
  take(key: string): Standing {
    // Whole milliseconds, because a fraction above a minute would be rounded up to 61 seconds.
    const now = Math.floor(performance.now())
    let count = this.counts.get(key)
    if (count === undefined || count.endsAt <= now) {
      count = { used: 0, endsAt: now + windowSeconds * 1000 }
      this.counts.set(key, count)
    }
    count.used += 1
    return {
      admitted: count.used <= this.limit,
      left: Math.max(this.limit - count.used, 0),
      seconds: Math.ceil((count.endsAt - now) / 1000),
    }
  }
}

/**
 * Rejects requests above the limit per minute for an address or an API token. Each response shows
 * the state of the caller's quota (IETF draft-ietf-httpapi-ratelimit-headers-11). A rejection is a
 * 429 with Retry-After. The counts are in memory, separate for each instance.
 */
export const limitRates = (app: FastifyInstance, limits: Config['rateLimits']): void => {
  const quota = (name: string, limit: number) => (limit === 0 ? null : new Quota(name, limit))
  const perAddress = quota('address', limits.perAddress)
  const perToken = quota('token', limits.perToken)

  const standingsOf = (request: FastifyRequest): (readonly [Quota, Standing])[] => {
    const standings: (readonly [Quota, Standing])[] = []
    if (perAddress !== null) {
      const standing = perAddress.take(subscriberOf(addressOf(request)))
      standings.push([perAddress, standing])
      // Does not store invented tokens beyond the limit of the address.
      if (!standing.admitted) return standings
    }
    const token = perToken === null ? undefined : bearerTokenOf(request)
    if (perToken !== null && token !== undefined) {
      standings.push([perToken, perToken.take(credentialKeyOf(token))])
    }
    return standings
  }

  app.addHook('onRequest', async (request, reply): Promise<FastifyReply | undefined> => {
    if (isOpen(request)) return undefined
    const standings = standingsOf(request)
    if (standings.length === 0) return undefined
    const policies = standings.map(([{ name, limit }]) => `"${name}";q=${limit};w=${windowSeconds}`)
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
