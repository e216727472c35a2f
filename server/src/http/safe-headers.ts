import type { FastifyInstance } from 'fastify'
import helmet, { type HelmetOptions } from 'helmet'

/** What Helmet would send with each answer: nothing of it depends on who asks for what. */
const headersOf = (options: HelmetOptions): Record<string, string> => {
  const headers: Record<string, string> = {}
  const response = {
    setHeader: (name: string, value: string) => {
      headers[name.toLowerCase()] = value
    },
    removeHeader: () => undefined,
  }
  helmet(options)({} as never, response as never, () => undefined)
  return headers
}

/**
 * Sends the headers that keep browsers from what no answer of ours needs (OWASP HTTP Headers
 * Cheat Sheet), worked out once. What an answer sets itself counts.
 *
 * @param secure whether the public address is HTTPS, which browsers are then to keep to.
 * @param contentSecurityPolicy of answers that are no page: each kind of page sends its own.
 */
export const sendSafeHeaders = (
  app: FastifyInstance,
  secure: boolean,
  contentSecurityPolicy: string,
): void => {
  const headers = {
    ...headersOf({
      contentSecurityPolicy: false,
      crossOriginEmbedderPolicy: false,
      strictTransportSecurity: secure,
      referrerPolicy: { policy: 'same-origin' },
      frameguard: { action: 'deny' },
    }),
    'content-security-policy': contentSecurityPolicy,
  }
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers)
    done()
  })
}
