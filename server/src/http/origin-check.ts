import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isOpen } from './open-routes.js'
import { refuse } from './refusal.js'

const loopback = ['localhost', '127.0.0.1', '[::1]']

/**
 * The origins that may send cookies here: that of the public address. Where it is on
 * loopback, its other spellings are as good: people type localhost and 127.0.0.1 alike,
 * and both are this machine.
 */
const allowedOriginsOf = (publicUrl: URL): ReadonlySet<string> => {
  if (!loopback.includes(publicUrl.hostname)) return new Set([publicUrl.origin])
  const withHost = (hostname: string) => Object.assign(new URL(publicUrl), { hostname }).origin
  return new Set(loopback.map(withHost))
}

// A link from another site is followed; anything else that a page there asks for, it has
// no use for (Fetch Metadata). Not every request it can send has an Origin.
const isAskedElsewhere = ({ headers }: FastifyRequest): boolean =>
  headers['sec-fetch-site'] === 'cross-site' &&
  !(headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document')

/**
 * Refuses what pages of other sites send: before it is counted, or they could use up what
 * their visitors, and all who share an address with those, may ask.
 */
export const refuseOtherSites = (app: FastifyInstance, publicUrl: URL): void => {
  const allowedOrigins = allowedOriginsOf(publicUrl)
  // Without the header it is no browser's cross-site request: browsers send it with every POST
  // (OWASP CSRF Prevention Cheat Sheet).
  const isAllowed = (origin: string | undefined) =>
    origin === undefined || allowedOrigins.has(origin)
  app.addHook('onRequest', async (request, reply) => {
    if (isOpen(request)) return undefined
    if (isAllowed(request.headers.origin) && !isAskedElsewhere(request)) {
      return undefined
    }
    reply.header('cache-control', 'no-store')
    return refuse(reply, 403, 'This origin may not call the API.', 'FORBIDDEN')
  })
}
