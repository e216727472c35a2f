import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isOpen } from './open-routes.js'
import { isFromOtherOrigin } from './other-origins.js'
import { refuse } from './refusal.js'

const loopback = ['localhost', '127.0.0.1', '[::1]']

/**
 * The origins that may send cookies here: the one of the public URL. If it is a loopback address,
 * its other spellings are allowed too, because people type both localhost and 127.0.0.1, and both
 * are this machine.
 */
const ownOriginsOf = (publicUrl: URL): ReadonlySet<string> => {
  if (!loopback.includes(publicUrl.hostname)) return new Set([publicUrl.origin])
  const withHost = (hostname: string) => Object.assign(new URL(publicUrl), { hostname }).origin
  return new Set(loopback.map(withHost))
}

// Another site may link here, but its pages have no other reason to send requests here (Fetch
// Metadata). The Origin header is not enough: browsers omit it from some requests.
const isCrossSite = ({ headers }: FastifyRequest): boolean =>
  headers['sec-fetch-site'] === 'cross-site' &&
  !(headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document')

/**
 * Whether a page of another site, or of another host of this site, sent the browser here.
 */
const isFromElsewhere = ({ headers }: FastifyRequest): boolean =>
  ['cross-site', 'same-site'].includes(String(headers['sec-fetch-site']))

/**
 * Rejects downloads from these paths that start on pages elsewhere. The check below allows links, but
 * a link must not start a download, or a rejected one, that is recorded under the name of the visitor.
 */
export const refuseDownloadsFromElsewhere = (
  app: FastifyInstance,
  paths: readonly string[],
): void => {
  app.addHook('onRequest', async (request, reply) => {
    if (!paths.includes(request.routeOptions.url ?? '') || !isFromElsewhere(request)) {
      return undefined
    }
    reply.header('cache-control', 'no-store')
    return refuse(reply, 403, 'Start this download on a page of Rekey.', 'FORBIDDEN')
  })
}

/**
 * Rejects requests from pages of other sites before they are counted. Otherwise such pages could
 * use up the rate limit of their visitors, and of everyone who shares an address with them.
 *
 * @param allowedOrigins other origins whose pages may call the GraphQL API.
 */
export const refuseOtherSites = (
  app: FastifyInstance,
  publicUrl: URL,
  allowedOrigins: ReadonlySet<string>,
): void => {
  const ownOrigins = ownOriginsOf(publicUrl)
  // Without the header it is not a cross-site request of a browser: browsers send it with every
  // POST (OWASP CSRF Prevention Cheat Sheet).
  const isAllowed = (origin: string | undefined) => origin === undefined || ownOrigins.has(origin)
  app.addHook('onRequest', async (request, reply) => {
    if (isOpen(request) || isFromOtherOrigin(request, allowedOrigins)) return undefined
    if (isAllowed(request.headers.origin) && !isCrossSite(request)) {
      return undefined
    }
    reply.header('cache-control', 'no-store')
    const message = 'This origin may not call the API. ALLOWED_ORIGINS can allow it for API tokens.'
    return refuse(reply, 403, message, 'FORBIDDEN')
  })
}
