import { buildSchema, type GraphQLSchema } from 'graphql'

/** An example operation, as the server returns it. */
export interface ExampleOperation {
  readonly name: string
  /** The title of its group: a chapter of the documentation. */
  readonly group: string
  /** The purpose of the operation. */
  readonly description: string
  /** The text of the operation, with its description as a comment above. */
  readonly document: string
  /** Example variables as JSON; null if it has none. */
  readonly variables: string | null
}

/** The data that the explorer needs to start. */
export interface Sources {
  readonly schema: GraphQLSchema
  readonly operations: readonly ExampleOperation[]
}

const load = async (path: string): Promise<Response> => {
  const response = await fetch(path)
  if (!response.ok) throw new Error(`${path} was answered with ${response.status}.`)
  return response
}

/**
 * Loads the schema and the example operations. The schema is loaded as text, because introspection
 * may be off.
 */
export const loadSources = async (): Promise<Sources> => {
  const [schema, operations] = await Promise.all([
    load('/schema.graphql').then(response => response.text()),
    load('/explorer/operations.json').then(response => response.json()),
  ])
  return { schema: buildSchema(schema), operations: operations as ExampleOperation[] }
}
