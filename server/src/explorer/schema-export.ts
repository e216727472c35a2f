import { createHash } from 'node:crypto'
import { hasPermission } from '@rekey/shared/access'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { GraphQLSchema } from 'graphql'
import { forbidden, passwordChangeRequired, unauthenticated } from '../graphql/api-error.js'
import { textOf } from '../graphql/schema-text.js'
import type { Caller } from '../users/caller.js'
import { readCollection } from './operation-collection.js'

/** Whether someone may open the explorer and read what it shows. */
export const mayExplore = (user: Caller): boolean =>
  hasPermission(user, 'api.explore') && !user.mustChangePassword

/** What tells one text from another (RFC 9110, 8.8.3); weak, since compressed it is the same text. */
const etagOf = (text: string): string =>
  `W/"${createHash('sha256').update(text).digest('base64url')}"`

/** Whether the asker holds this very text (RFC 9110, 13.1.2). */
const isHeld = (request: FastifyRequest, etag: string): boolean => {
  const held = request.headers['if-none-match']?.split(',').map(one => one.trim()) ?? []
  return held.some(one => one === '*' || one.replace(/^W\//, '') === etag.replace(/^W\//, ''))
}

/**
 * Serves what an explorer of the API begins from: the schema at /schema.graphql, with
 * its descriptions, and the example operations at /explorer/operations.json.
 *
 * @param isPublic whether anyone may read them; otherwise it takes `api.explore`.
 * @param callerOf who is signed in, or null.
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
    if (!mayExplore(caller)) throw forbidden()
  }

  const serve = (path: string, text: string, type: string): void => {
    const etag = etagOf(text)
    app.get(path, async (request, reply: FastifyReply) => {
      await requireReader(request)
      reply.header('etag', etag)
      // Kept, and asked about each time: it changes with a release, and its readers with a permission.
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
