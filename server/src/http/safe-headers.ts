import { type IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import helmet, { type HelmetOptions } from 'helmet'
import { requestIdOf } from './request-id.js'

/** The headers that Helmet sends with each response. None of them depends on the request. */
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
 * Headers that make browsers block what no response here needs (OWASP HTTP Headers Cheat Sheet).
 *
 * @param secure whether the public URL is HTTPS. Browsers then use only HTTPS.
 * @param contentSecurityPolicy the policy of responses that are not a page. Each kind of page sends
 * its own.
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
 * A response class that sets these headers and X-Request-Id from the start. A hook would miss the
 * responses that Node and Fastify send without hooks, such as a 417 or a 503. Headers that the
 * response sets itself take precedence.
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

/** Adds the charset to text responses of libraries that omit it (OWASP ASVS 5.0, 4.1.1). */
export const addCharsets = (app: FastifyInstance): void => {
  app.addHook('onSend', async (_request, reply) => {
    const type = reply.getHeader('content-type')
    if (typeof type === 'string' && textWithoutCharset.test(type)) {
      reply.header('content-type', `${type}; charset=utf-8`)
    }
  })
}
