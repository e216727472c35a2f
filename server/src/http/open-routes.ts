import type { FastifyRequest } from 'fastify'

const openRoutes = new Set([
  '/healthz',
  '/readyz',
  '/metrics',
  '/*',
  '/.well-known/change-password',
])

/**
 * Whether a request is for what neither asks the database anything, nor is the API: what
 * load balancers and Prometheus ask, and the files of the SPA. Whatever else is served is
 * not for other sites, and is counted.
 */
export const isOpen = ({ routeOptions: { url } }: FastifyRequest): boolean =>
  url === undefined || openRoutes.has(url)
