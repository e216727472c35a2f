import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../config/config.js'
import { exceededBy, measureText, nestingOf } from '../graphql/limits.js'
import { sandboxPolicy } from './content-security-policy.js'
import { answerType, documentFaultStatus } from './media-type.js'
import { refuse } from './refusal.js'

/** Where GraphQL is served. */
export const graphqlPath = '/graphql'

const methods = 'GET, POST'

/** Answers a method that GraphQL does not accept. */
export const refuseMethod = (reply: FastifyReply): FastifyReply => {
  reply.header('allow', methods).header('cache-control', 'no-store')
  return refuse(reply, 405, `GraphQL takes ${methods}.`, 'BAD_USER_INPUT')
}

/** Refuses a GraphQL request before its body is read, if it could not be read or answered. */
export const admitGraphqlRequest =
  ({ apolloSandbox }: Pick<Config, 'apolloSandbox'>) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const { accept, 'content-type': contentType = '' } = request.headers
    const hasSandbox = request.method === 'GET' && apolloSandbox
    reply.header('cache-control', 'no-store')
    if (hasSandbox) reply.header('content-security-policy', sandboxPolicy)
    // Apollo's handler makes an address of it, and fails if it can't (RFC 9112, 3.2).
    if (!URL.canParse(`http://${request.hostname}/`)) {
      return refuse(reply, 400, 'The Host header is no name of a host.', 'BAD_USER_INPUT')
    }
    // Apollo Server would refuse only after the mutation was done.
    if (answerType(accept, ...(hasSandbox ? ['text/html'] : [])) === undefined) {
      const message = 'Accept application/graphql-response+json or application/json.'
      return refuse(reply, 406, message, 'BAD_USER_INPUT')
    }
    // Fastify reads every body as UTF-8, and other letters would become part of a password.
    if (/charset\s*=\s*(?!"?utf-?8"?\s*(?:;|$))/i.test(contentType)) {
      return refuse(reply, 415, 'Send application/json in UTF-8.', 'BAD_USER_INPUT')
    }
    return undefined
  }

/**
 * Adds the id of the request to the errors of a request that Apollo Server refuses before it
 * creates a context: only there, `formatError` cannot know the request, and leaves the id empty.
 */
export const fillRequestId = async (
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> =>
  reply.statusCode >= 400 && typeof payload === 'string'
    ? // Within a string of JSON, the quotes would be escaped.
      payload.replaceAll('"requestId":""', `"requestId":"${request.id}"`)
    : payload

// As Apollo Server reads them: Fastify leaves what is not encoded well as it is.
const parametersOf = ({ url }: FastifyRequest): URLSearchParams =>
  new URL(url, 'http://localhost').searchParams

const documentOf = (request: FastifyRequest): unknown =>
  request.method === 'GET'
    ? parametersOf(request).get('query')
    : (request.body as { query?: unknown } | null | undefined)?.query

/** How deep the JSON in an address is nested. A body was measured when it was read. */
const nestingInAddress = (request: FastifyRequest): number => {
  const parameters = parametersOf(request)
  const texts = ['variables', 'extensions'].map(name => parameters.get(name) ?? '')
  return Math.max(...texts.map(nestingOf))
}

/**
 * Refuses a document that takes long to validate, by its text, and variables in an address that take
 * long to parse. The other limits are checked
 * once the document is known to be valid.
 */
export const admitGraphqlDocument = async (
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> => {
  const unreadable =
    request.method === 'GET' ? exceededBy({ NESTING: nestingInAddress(request) }) : null
  // With the status that a body has which can't be read.
  if (unreadable !== null) throw unreadable
  const document = documentOf(request)
  const refused = typeof document === 'string' ? exceededBy(measureText(document)) : null
  if (refused === null) return undefined
  const { message, code, exceeded } = refused
  return refuse(reply, documentFaultStatus(request.headers.accept), message, code, { exceeded })
}
