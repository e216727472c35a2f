import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql'

/** A schema in GraphQL's schema definition language, sorted, with descriptions. */
export const textOf = (schema: GraphQLSchema): string =>
  `${printSchema(lexicographicSortSchema(schema))}\n`
