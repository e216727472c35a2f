import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql'

/** The text of a schema in GraphQL's schema definition language: sorted, with its descriptions. */
export const textOf = (schema: GraphQLSchema): string =>
  `${printSchema(lexicographicSortSchema(schema))}\n`
