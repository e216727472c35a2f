import { createHash } from 'node:crypto'
import { hasPermission } from '@rekey/shared/access'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { GraphQLSchema } from 'graphql'
import { forbidden, passwordChangeRequired, unauthenticated } from '../graphql/api-error.js'
import { textOf } from '../graphql/schema-text.js'
import type { Caller } from '../users/caller.js'
import { readCollection } from './operation-collection.js'

/** Whether a user may open the explorer and read its data. */
export const mayExplore = (user: Caller): boolean =>
  hasPermission(user, 'api.explore') && !user.mustChangePassword

/**
 * The entity tag of a text (RFC 9110, 8.8.3). It is weak, because the compressed text counts as the
 * same.
 */
const etagOf = (text: string): string =>
  `W/"${createHash('sha256').update(text).digest('base64url')}"`

/** Whether the client already has this text (RFC 9110, 13.1.2). */
const isHeld = (request: FastifyRequest, etag: string): boolean => {
  const held = request.headers['if-none-match']?.split(',').map(one => one.trim()) ?? []
  return held.some(one => one === '*' || one.replace(/^W\//, '') === etag.replace(/^W\//, ''))
}

/**
 * Serves the data for an explorer of the API: the schema with its descriptions at /schema.graphql,
 * and the example operations at /explorer/operations.json.
 *
 * @param isPublic whether anyone may read them; otherwise `api.explore` is required.
 * @param callerOf returns the caller, or null.
 */
export const serveSchema = (
  app: FastifyInstance,
  schema: GraphQLSchema,
  collection: string | null,
  isPublic: boolean,
  callerOf: (request: FastifyRequest) => Promise<Caller | null>,
): void => {
  const requireReader = async (request: FastifyRequest): Promise<void> => {
    if (isPublic) return
    const caller = await callerOf(request)
    if (caller === null) throw unauthenticated()
    if (caller.mustChangePassword) throw passwordChangeRequired()
    if (!mayExplore(caller)) throw forbidden('api.explore')
  }

  const serve = (path: string, text: string, type: string): void => {
    const etag = etagOf(text)
    app.get(path, async (request, reply: FastifyReply) => {
      await requireReader(request)
      reply.header('etag', etag)
      // Browsers revalidate it each time: it changes with a release, and permission to read it can
      // change.
      reply.header('cache-control', isPublic ? 'public, no-cache' : 'private, no-cache')
      if (isHeld(request, etag)) return reply.code(304).send()
      return reply.type(`${type}; charset=utf-8`).send(text)
    })
  }
  // text/plain, so that a browser shows it: GraphQL's SDL has no registered media type.
  serve('/schema.graphql', textOf(schema), 'text/plain')
  serve(
    '/explorer/operations.json',
    JSON.stringify(collection === null ? [] : readCollection(collection)),
    'application/json',
  )
}
