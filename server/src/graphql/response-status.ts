import type { ApolloServerPlugin } from '@apollo/server'
import type { GraphQLError } from 'graphql'
import { answerType, graphqlResponse } from '../http/media-type.js'
import type { Context } from './context.js'
import { isTooManyFaults } from './error-shape.js'

// A request that is well-formed as far as HTTP goes, and can't be executed.
const documentFaults = new Set<unknown>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'PERSISTED_QUERY_NOT_FOUND',
])

/**
 * The status of an answer without data. Who takes nothing newer than application/json
 * can't tell whether a 4xx came from us or from something in between, and gets a 200
 * where the document or its variables are at fault (GraphQL over HTTP, 6.4.1); as
 * application/graphql-response+json it is a 400 (6.4.2).
 */
export const responseStatus: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ request, response, errors }) => {
      const { body, http } = response
      const hasData = body.kind !== 'single' || body.singleResult.data !== undefined
      const isFault = (error: GraphQLError) =>
        documentFaults.has(error.extensions.code) || isTooManyFaults(error)
      if (hasData || errors?.every(isFault) !== true) return
      const isNewer = answerType(request.http?.headers.get('accept')) === graphqlResponse
      http.status = isNewer ? 400 : 200
    },
  }),
}
