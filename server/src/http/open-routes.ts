import type { FastifyRequest } from 'fastify'

const openRoutes = new Set([
  '/healthz',
  '/readyz',
  '/metrics',
  '/*',
  '/.well-known/change-password',
])

/**
 * Whether a request is for a route that neither queries the database nor belongs to the API: the
 * routes for load balancers and Prometheus, and the files of the SPA. All other routes reject other
 * sites and count towards the rate limit.
 */
export const isOpen = ({ routeOptions: { url } }: FastifyRequest): boolean =>
  url === undefined || openRoutes.has(url)
