import { type GraphQLObjectType, type GraphQLSchema, isScalarType } from 'graphql'
import { buildSchemaSync, type ClassType } from 'type-graphql'
import { describeGuards } from '../access/guards.js'
import { readConfig } from '../config/config.js'
import { unopenedDatabase } from '../database/open-database.js'
import { boundInputs } from '../graphql/max-length.js'
import { createFeatures, entities } from './features.js'

const describe = (type: GraphQLObjectType | null | undefined, description: string): void => {
  if (type) type.description = description
}

/** The format of DateTimeISO. The scalar of the library names none. */
const dateTimeFormat = 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6'

/**
 * Builds the schema of these resolvers.
 *
 * @throws if a mutation has no guard that says who may call it, or a text has no maximum length.
 */
export const createSchema = (resolvers: readonly object[]): GraphQLSchema => {
  const byClass = new Map(resolvers.map(resolver => [resolver.constructor as ClassType, resolver]))
  const schema = buildSchemaSync({
    resolvers: [...byClass.keys()] as [ClassType, ...ClassType[]],
    // Validation errors would quote the input, which may contain passwords. The services validate
    // it.
    validate: false,
    // Apollo Server checks the schema too, without an introspection query.
    skipCheck: true,
    container: { get: (resolver: ClassType) => byClass.get(resolver) as object },
  })
  // type-graphql has no option for the descriptions of these types.
  describe(schema.getQueryType(), 'The queries. They change nothing and can be repeated.')
  describe(
    schema.getMutationType(),
    'The mutations. The payload of each contains `errors` that the user can correct. They are empty if the mutation succeeded.',
  )
  const dateTime = schema.getType('DateTimeISO')
  if (isScalarType(dateTime)) dateTime.specifiedByURL = dateTimeFormat
  describeGuards(schema)
  boundInputs(schema)
  return schema
}

/** The schema of the server for printing and validation. It cannot execute anything. */
export const createSchemaToRead = (): GraphQLSchema => {
  const config = readConfig({}, process.cwd())
  return createSchema(createFeatures(config, unopenedDatabase(entities)).resolvers)
}
