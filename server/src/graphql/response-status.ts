import type { ApolloServerPlugin } from '@apollo/server'
import type { Context } from './context.js'

const graphqlResponse = 'application/graphql-response+json'

/**
 * Answers 200 where a document can't be parsed or validated, or a variable doesn't fit,
 * and the client takes nothing newer than application/json (GraphQL over HTTP, 6.4.1):
 * such a client can't tell whether a 4xx came from us or from something in between. With
 * application/graphql-response+json (6.4.2) it is a 400.
 */
export const responseStatus: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ request, response, errors }) => {
      const type = response.http.headers.get('content-type') ?? request.http?.headers.get('accept')
      if (type?.includes(graphqlResponse) === true) return
      if (response.http.status !== 400 || errors === undefined) return
      const codes = errors.map(error => error.extensions.code)
      if (codes.some(code => !documentFaults.has(code))) return
      response.http.status = 200
    },
  }),
}

const documentFaults = new Set<unknown>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
])
