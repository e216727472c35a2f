import type { ApolloServerPlugin } from '@apollo/server'
import { documentFaultStatus } from '../http/media-type.js'
import type { Context } from './context.js'

// A request that is well-formed as far as HTTP goes, and can't be executed.
const documentFaults = new Set<unknown>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'PERSISTED_QUERY_NOT_FOUND',
])

/** The status of an answer without data. */
export const responseStatus: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ request, response: { body, http }, errors }) => {
      const hasData = body.kind !== 'single' || body.singleResult.data !== undefined
      if (hasData || !errors?.some(error => documentFaults.has(error.extensions.code))) return
      http.status = documentFaultStatus(request.http?.headers.get('accept'))
    },
  }),
}
