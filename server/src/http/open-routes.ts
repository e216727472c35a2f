import type { FastifyRequest } from 'fastify'

const openRoutes = new Set([
  '/healthz',
  '/readyz',
  '/metrics',
  '/*',
  '/account-logo.png',
  '/.well-known/change-password',
])

/**
 * Whether a request is for a route that hardly queries the database and is no part of the API: the
 * routes for load balancers and Prometheus, the logo of the account, and the files of the SPA. All other routes reject other
 * sites and count towards the rate limit.
 */
export const isOpen = ({ routeOptions: { url } }: FastifyRequest): boolean =>
  url === undefined || openRoutes.has(url)
