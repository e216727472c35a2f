import { buildSchema, type GraphQLSchema } from 'graphql'

/** One of the example operations, as the server tells it. */
export interface ExampleOperation {
  readonly name: string
  /** What it does and shows. */
  readonly description: string
  /** Its text, with what it does as a comment above it. */
  readonly document: string
  /** Variables it can be sent with, as JSON; null when it has none. */
  readonly variables: string | null
}

/** What the explorer begins from. */
export interface Sources {
  readonly schema: GraphQLSchema
  readonly operations: readonly ExampleOperation[]
}

const load = async (path: string): Promise<Response> => {
  const response = await fetch(path)
  if (!response.ok) throw new Error(`${path} was answered with ${response.status}.`)
  return response
}

/** Loads schema and example operations. The schema as text: introspection may be off. */
export const loadSources = async (): Promise<Sources> => {
  const [schema, operations] = await Promise.all([
    load('/schema.graphql').then(response => response.text()),
    load('/explorer/operations.json').then(response => response.json()),
  ])
  return { schema: buildSchema(schema), operations: operations as ExampleOperation[] }
}
