import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../config/config.js'
import { createDocumentCache } from '../graphql/document-cache.js'
import { exceededBy, type LimitExceeded, measureText } from '../graphql/limits.js'
import { sandboxPolicy } from './content-security-policy.js'
import { answerType, graphqlResponse, isUtf8, prefersPage } from './media-type.js'
import { refuse } from './refusal.js'

/** Where GraphQL is served. */
export const graphqlPath = '/graphql'

const methods = 'GET, POST'

/** Answers a method that GraphQL does not take. */
export const refuseMethod = (reply: FastifyReply): FastifyReply => {
  reply.header('allow', methods).header('cache-control', 'no-store')
  return refuse(reply, 405, `GraphQL takes ${methods}.`, 'BAD_USER_INPUT')
}

const optionalParameters = ['operationName', 'variables', 'extensions']

/** An empty optional parameter is one that is not there (GraphQL over HTTP, GET). */
const withoutEmptyParameters = (address: string): string => {
  const start = address.indexOf('?')
  if (start < 0) return address
  const parameters = new URLSearchParams(address.slice(start))
  const empty = optionalParameters.filter(name => parameters.getAll(name).join() === '')
  for (const name of empty) parameters.delete(name)
  return `${address.slice(0, start)}?${parameters}`
}

/**
 * Looks at a GraphQL request before its body is read: whether it takes an answer that
 * can be given. Refused here, nothing of it was done.
 */
export const admitGraphqlRequest = (config: Pick<Config, 'introspection'>) => {
  // Most ask by the same name, and finding out takes a while.
  let lastHost = 'localhost'
  return async (
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply | undefined> => {
    // Fastify takes it wherever it takes GET.
    if (request.method === 'HEAD') return refuseMethod(reply)
    reply.header('cache-control', 'no-store')
    const { accept } = request.headers
    // Who is asked by a name that is none, such as "a b", is asked wrongly (RFC 9112, 3.2).
    if (request.hostname !== lastHost) {
      if (!URL.canParse(`http://${request.hostname}/`)) {
        return refuse(reply, 400, 'The Host header is no name of a host.', 'BAD_USER_INPUT')
      }
      lastHost = request.hostname
    }
    const isGet = request.method === 'GET'
    if (isGet && config.introspection) reply.header('content-security-policy', sandboxPolicy)
    const isForSandbox = isGet && config.introspection && prefersPage(accept)
    if (!isForSandbox && answerType(accept) === null) {
      const message = 'Accept application/graphql-response+json or application/json.'
      return refuse(reply, 406, message, 'BAD_USER_INPUT')
    }
    // What is not read as what it was written in may look right, and mean something else.
    if (!isGet && !isUtf8(request.headers['content-type'])) {
      return refuse(reply, 415, 'Send application/json in UTF-8.', 'BAD_USER_INPUT')
    }
    if (isGet) request.raw.url = withoutEmptyParameters(request.url)
    return undefined
  }
}

const documentOf = ({ method, url, body }: FastifyRequest): unknown => {
  if (method === 'GET') {
    // As Apollo Server reads it: Fastify leaves what is not encoded well as it is.
    const start = url.indexOf('?')
    return start < 0 ? undefined : (new URLSearchParams(url.slice(start)).get('query') ?? undefined)
  }
  return body instanceof Object && 'query' in body ? body.query : undefined
}

const mostAdmittedCharacters = 250_000

/**
 * Looks at the text of a GraphQL request's document, once it is read. What asks for too
 * much beyond that is refused once it is known to be valid; finding that out takes long
 * for some documents, and those are refused here.
 */
export const admitGraphqlDocument = () => {
  const admitted = createDocumentCache((text: string) => text, mostAdmittedCharacters)
  const refusalOf = async (text: string): Promise<LimitExceeded | null> => {
    if ((await admitted.get(text)) !== undefined) return null
    const refused = exceededBy(measureText(text))
    if (refused === null) await admitted.set(text, text)
    return refused
  }
  return async (
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply | undefined> => {
    const document = documentOf(request)
    const refused = typeof document === 'string' ? await refusalOf(document) : null
    if (refused === null) return undefined
    const { message, code, exceeded } = refused
    const isNewer = answerType(request.headers.accept) === graphqlResponse
    return refuse(reply, isNewer ? 400 : 200, message, code, { exceeded })
  }
}
