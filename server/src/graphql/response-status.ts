import type { ApolloServerPlugin } from '@apollo/server'
import type { OperationDefinitionNode } from 'graphql'
import { documentFaultStatus } from '../http/media-type.js'
import type { Context } from './context.js'
import { unavailableIn } from './error-shape.js'

// Errors of requests that are valid HTTP but cannot be executed.
const documentFaults = new Set<unknown>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'PERSISTED_QUERY_NOT_FOUND',
])

/**
 * Whether a part of a mutation was done. Then a status that asks the client to send all of it again
 * would be wrong.
 */
const isPartlyDone = (
  operation: OperationDefinitionNode | undefined,
  data: Record<string, unknown> | null | undefined,
): boolean =>
  operation?.operation === 'mutation' && Object.values(data ?? {}).some(value => value !== null)

/**
 * Sets the HTTP status of an answer without data, and of one that failed because the database is
 * unavailable.
 */
export const responseStatus: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ request, operation, response: { body, http }, errors }) => {
      const [unavailable] = errors?.flatMap(error => unavailableIn(error) ?? []) ?? []
      const data = body.kind === 'single' ? body.singleResult.data : null
      if (unavailable !== undefined && !isPartlyDone(operation, data)) {
        http.status = 503
        http.headers.set('retry-after', String(unavailable.retryAfterSeconds))
        return
      }
      const hasData = body.kind !== 'single' || body.singleResult.data !== undefined
      if (hasData || !errors?.some(error => documentFaults.has(error.extensions.code))) return
      http.status = documentFaultStatus(request.http?.headers.get('accept'))
    },
  }),
}
