import type { FastifyInstance } from 'fastify'
import { refuse } from './refusal.js'

/**
 * The maximum length in characters of headers that the server or one of its libraries parses. Node
 * accepts 16 KB of headers, and a parser may need quadratic time for that much. User-Agent is not
 * listed, because it is cut and not parsed.
 */
export const maxHeaderLengths = {
  accept: 1_000,
  'accept-encoding': 500,
  'accept-language': 1_000,
  authorization: 8_000,
  'content-type': 256,
  cookie: 8_000,
  host: 300,
  'idempotency-key': 1_000,
  'if-modified-since': 100,
  'if-none-match': 1_000,
  origin: 300,
  range: 100,
  'x-forwarded-for': 1_000,
  'x-forwarded-host': 300,
  'x-forwarded-proto': 100,
} as const

/** Rejects a request with a header that is too long, before anything parses it. */
export const boundHeaders = (app: FastifyInstance): void => {
  app.addHook('onRequest', async ({ headers }, reply) => {
    for (const [name, maxLength] of Object.entries(maxHeaderLengths)) {
      if ((headers[name]?.length ?? 0) <= maxLength) continue
      const message = `The header ${name} accepts at most ${maxLength} characters.`
      return refuse(reply.header('cache-control', 'no-store'), 431, message, 'BAD_USER_INPUT')
    }
    return undefined
  })
}
