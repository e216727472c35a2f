import type { FastifyInstance } from 'fastify'
import { exceededBy, nestingOf } from '../graphql/limits.js'

/** Parses JSON as Fastify does, but rejects JSON that is nested too deeply before parsing it. */
export const boundNesting = (app: FastifyInstance): void => {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    (request, body: string, done) => {
      const refused = exceededBy({ NESTING: nestingOf(body) })
      if (refused === null) parse(request, body, done)
      else done(refused)
    },
  )
}
