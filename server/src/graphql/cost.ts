import type { ApolloServerPlugin } from '@apollo/server'
import type { DocumentNode, GraphQLSchema } from 'graphql'
import { type ComplexityEstimator, getComplexity, simpleEstimator } from 'graphql-query-complexity'
import { badInput } from './api-error.js'
import type { Context } from './context.js'
import { usualPerPage } from './keyset-page.js'
import { limits } from './limits.js'

/** A page costs what is asked of each of its items, times as many as it may hold. */
const pageEstimator: ComplexityEstimator = ({ field, args, childComplexity }) => {
  if (!field.args.some(({ name }) => name === 'first')) return undefined
  const size = Number(args.first ?? args.last ?? usualPerPage)
  // What lies outside 0 to 100 is refused when the page is read.
  return 1 + Math.min(Math.max(size, 0), 100) * childComplexity
}

/** What a request costs: 1 for each field, those of a page times the items it may hold. */
export const costOf = (
  schema: GraphQLSchema,
  query: DocumentNode,
  variables: Record<string, unknown>,
  operationName: string | undefined,
): number =>
  getComplexity({
    schema,
    query,
    variables,
    ...(operationName === undefined ? {} : { operationName }),
    estimators: [pageEstimator, simpleEstimator({ defaultComplexity: 1 })],
  })

/** Refuses requests that cost too much, before anything of them is resolved. */
export const costLimit: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ schema, document, request, operationName }) => {
      const cost = costOf(schema, document, request.variables ?? {}, operationName ?? undefined)
      if (cost <= limits.cost) return
      throw badInput(`Query cost limit of ${limits.cost} exceeded, found ${cost}.`)
    },
  }),
}
