import type { GraphQLObjectType, GraphQLSchema } from 'graphql'
import { buildSchemaSync, type ClassType } from 'type-graphql'
import { describeGuards } from '../access/guards.js'
import { readConfig } from '../config/config.js'
import { unopenedDatabase } from '../database/open-database.js'
import { boundInputs } from '../graphql/max-length.js'
import { createFeatures, entities } from './features.js'

const describe = (type: GraphQLObjectType | null | undefined, description: string): void => {
  if (type) type.description = description
}

/**
 * The schema of these resolvers.
 *
 * @throws when a mutation has no guard that says who may call it, or a text no maximum length.
 */
export const createSchema = (resolvers: readonly object[]): GraphQLSchema => {
  const byClass = new Map(resolvers.map(resolver => [resolver.constructor as ClassType, resolver]))
  const schema = buildSchemaSync({
    resolvers: [...byClass.keys()] as [ClassType, ...ClassType[]],
    // Validation errors would quote the input, which can hold passwords; services validate.
    validate: false,
    // Apollo Server checks the schema as well, and without an introspection query.
    skipCheck: true,
    container: { get: (resolver: ClassType) => byClass.get(resolver) as object },
  })
  // type-graphql has no option for the descriptions of these two.
  describe(schema.getQueryType(), 'What can be read. It changes nothing, and can be asked again.')
  describe(
    schema.getMutationType(),
    'What can be done. Each has a payload, whose `errors` are what the person can mend; they are empty when it was done.',
  )
  describeGuards(schema)
  boundInputs(schema)
  return schema
}

/** The schema of the server, to print or to validate against. Nothing can be executed with it. */
export const createSchemaToRead = (): GraphQLSchema => {
  const config = readConfig({}, process.cwd())
  return createSchema(createFeatures(config, unopenedDatabase(entities)).resolvers)
}
