import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../config/config.js'
import { sandboxPolicy } from './content-security-policy.js'
import { answerType, prefersPage } from './media-type.js'
import { isAllowedOrigin } from './origin-check.js'
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
 * Looks at a GraphQL request before its body is read: whether its origin may call, and
 * whether it takes an answer that can be given. Refused here, nothing of it was done.
 */
export const admitGraphqlRequest =
  (config: Pick<Config, 'publicUrl' | 'introspection'>) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    // Fastify takes it wherever it takes GET.
    if (request.method === 'HEAD') return refuseMethod(reply)
    reply.header('cache-control', 'no-store')
    const { origin, accept } = request.headers
    if (!isAllowedOrigin(origin, config.publicUrl)) {
      return refuse(reply, 403, 'This origin may not call the API.', 'FORBIDDEN')
    }
    // Who is asked by a name that is none, such as "a b", is asked wrongly (RFC 9112, 3.2).
    if (!URL.canParse(`http://${request.hostname}/`)) {
      return refuse(reply, 400, 'The Host header is no name of a host.', 'BAD_USER_INPUT')
    }
    const isGet = request.method === 'GET'
    if (isGet && config.introspection) reply.header('content-security-policy', sandboxPolicy)
    const isForSandbox = isGet && config.introspection && prefersPage(accept)
    if (!isForSandbox && answerType(accept) === null) {
      const message = 'Accept application/graphql-response+json or application/json.'
      return refuse(reply, 406, message, 'BAD_USER_INPUT')
    }
    if (isGet) request.raw.url = withoutEmptyParameters(request.url)
    return undefined
  }
