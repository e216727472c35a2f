import type { FastifyInstance } from 'fastify'
import { exceededBy, nestingOf } from '../graphql/limits.js'

/**
 * Parses JSON as Fastify does, but rejects JSON that is nested too deeply before parsing it. The name
 * `__proto__` is an error.
 */
export const boundNesting = (app: FastifyInstance): void => {
  // A name such as `constructor` is valid data: nothing here merges objects from requests.
  const parse = app.getDefaultJsonParser('error', 'ignore')
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
