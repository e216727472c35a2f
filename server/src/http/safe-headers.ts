import { type IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import helmet, { type HelmetOptions } from 'helmet'
import { requestIdOf } from './request-id.js'

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
 * The headers that keep browsers from what no answer of ours needs (OWASP HTTP Headers Cheat
 * Sheet).
 *
 * @param secure whether the public address is HTTPS, which browsers are then to keep to.
 * @param contentSecurityPolicy of answers that are no page: each kind of page sends its own.
 */
export const safeHeadersOf = (
  secure: boolean,
  contentSecurityPolicy: string,
): Readonly<Record<string, string>> => ({
  ...headersOf({
    contentSecurityPolicy: false,
    crossOriginEmbedderPolicy: false,
    strictTransportSecurity: secure,
    referrerPolicy: { policy: 'same-origin' },
    frameguard: { action: 'deny' },
  }),
  'content-security-policy': contentSecurityPolicy,
})

/**
 * Responses that have these headers and X-Request-Id from the start. A hook would miss the answers
 * that Node and Fastify give without one, such as a 417 or a 503. A header that the answer sets
 * itself wins.
 */
export const responseWith = (headers: Readonly<Record<string, string>>): typeof ServerResponse =>
  class<Request extends IncomingMessage> extends ServerResponse<Request> {
    constructor(...given: [Request]) {
      super(...given)
      this.setHeader('x-request-id', requestIdOf(this.req))
      for (const [name, value] of Object.entries(headers)) this.setHeader(name, value)
    }
  }

const textWithoutCharset = /^(?:text\/[a-z]+|image\/svg\+xml|application\/json)$/

/** Adds the charset to texts of libraries that leave it out (OWASP ASVS 5.0, 4.1.1). */
export const addCharsets = (app: FastifyInstance): void => {
  app.addHook('onSend', async (_request, reply) => {
    const type = reply.getHeader('content-type')
    if (typeof type === 'string' && textWithoutCharset.test(type)) {
      reply.header('content-type', `${type}; charset=utf-8`)
    }
  })
}
