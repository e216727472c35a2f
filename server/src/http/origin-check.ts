import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isOpen } from './open-routes.js'
import { refuse } from './refusal.js'

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Whether a request's Origin may send cookies here (OWASP CSRF Prevention Cheat
 * Sheet). Without the header it is no browser's cross-site request: browsers send
 * it with every POST.
 *
 * Where the public address is on loopback, its other spellings are as good: people
 * type localhost and 127.0.0.1 alike, and both are this machine.
 */
export const isAllowedOrigin = (origin: string | undefined, publicUrl: URL): boolean => {
  if (origin === undefined || origin === publicUrl.origin) return true
  if (!loopback.has(publicUrl.hostname) || !URL.canParse(origin)) return false
  const from = new URL(origin)
  return (
    from.origin === origin &&
    from.protocol === publicUrl.protocol &&
    from.port === publicUrl.port &&
    loopback.has(from.hostname)
  )
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
  app.addHook('onRequest', async (request, reply) => {
    if (isOpen(request)) return undefined
    if (isAllowedOrigin(request.headers.origin, publicUrl) && !isAskedElsewhere(request)) {
      return undefined
    }
    reply.header('cache-control', 'no-store')
    return refuse(reply, 403, 'This origin may not call the API.', 'FORBIDDEN')
  })
}
