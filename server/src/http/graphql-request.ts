import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../config/config.js'
import { exceededBy, measureText, nestingOf } from '../graphql/limits.js'
import { bearerTokenOf } from './bearer-token.js'
import { sandboxPolicy } from './content-security-policy.js'
import { answerType, documentFaultStatus } from './media-type.js'
import { refuse } from './refusal.js'

/** The path of the GraphQL API. */
export const graphqlPath = '/graphql'

const methods = 'GET, POST'

/** Rejects a method that GraphQL does not accept. */
export const refuseMethod = (reply: FastifyReply): FastifyReply => {
  reply.header('allow', methods).header('cache-control', 'no-store')
  return refuse(reply, 405, `GraphQL accepts ${methods}.`, 'BAD_USER_INPUT')
}

/** Rejects a GraphQL request before its body is read, if it could not be read or answered. */
export const admitGraphqlRequest =
  ({ apolloSandbox }: Pick<Config, 'apolloSandbox'>) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const { accept, 'content-type': contentType = '' } = request.headers
    const hasSandbox = request.method === 'GET' && apolloSandbox
    reply.header('cache-control', 'no-store')
    if (hasSandbox) reply.header('content-security-policy', sandboxPolicy)
    // Apollo's handler builds a URL from it, and throws if it is invalid (RFC 9112, 3.2).
    if (!URL.canParse(`http://${request.hostname}/`)) {
      return refuse(reply, 400, 'The Host header is not a valid host name.', 'BAD_USER_INPUT')
    }
    // Another site cannot send an API token, so such a request needs no other header that a form
    // cannot send. Browsers attach credentials of other schemes by themselves.
    if (bearerTokenOf(request) !== undefined) request.headers['apollo-require-preflight'] = 'true'
    // Apollo Server would reject it only after it has executed the mutation.
    if (answerType(accept, ...(hasSandbox ? ['text/html'] : [])) === undefined) {
      const message = 'Accept application/graphql-response+json or application/json.'
      return refuse(reply, 406, message, 'BAD_USER_INPUT')
    }
    // Fastify reads every body as UTF-8. With another charset, different characters would become
    // part of a password.
    if (/charset\s*=\s*(?!"?utf-?8"?\s*(?:;|$))/i.test(contentType)) {
      return refuse(reply, 415, 'Send application/json in UTF-8.', 'BAD_USER_INPUT')
    }
    return undefined
  }

/**
 * Adds the request id to errors of requests that Apollo Server rejects before it creates a context.
 * Only there `formatError` does not know the request and leaves the id empty.
 */
export const fillRequestId = async (
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> =>
  reply.statusCode >= 400 && typeof payload === 'string'
    ? // Within a JSON string the quotes would be escaped.
      payload.replaceAll('"requestId":""', `"requestId":"${request.id}"`)
    : payload

// Parses the parameters as Apollo Server does: Fastify does not decode a badly encoded query
// string.
const parametersOf = ({ url }: FastifyRequest): URLSearchParams =>
  new URL(url, 'http://localhost').searchParams

const documentOf = (request: FastifyRequest): unknown =>
  request.method === 'GET'
    ? parametersOf(request).get('query')
    : (request.body as { query?: unknown } | null | undefined)?.query

/** The nesting of the JSON in a URL. The nesting of a body was measured when it was read. */
const nestingInAddress = (request: FastifyRequest): number => {
  const parameters = parametersOf(request)
  const texts = ['variables', 'extensions'].map(name => parameters.get(name) ?? '')
  return Math.max(...texts.map(nestingOf))
}

/**
 * Rejects a document that takes long to validate, by its text, and variables in a URL that take
 * long to parse. The other limits are checked when the document is known to be valid.
 */
export const admitGraphqlDocument = async (
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> => {
  const unreadable =
    request.method === 'GET' ? exceededBy({ NESTING: nestingInAddress(request) }) : null
  // Gets the same status as an unreadable body.
  if (unreadable !== null) throw unreadable
  const document = documentOf(request)
  const refused = typeof document === 'string' ? exceededBy(measureText(document)) : null
  if (refused === null) return undefined
  const { message, code, exceeded } = refused
  return refuse(reply, documentFaultStatus(request.headers.accept), message, code, { exceeded })
}
