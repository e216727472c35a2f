import 'reflect-metadata'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql'
import { createSchema } from './schema.js'

/** Where the SDL is checked in. */
export const schemaFile = join(__dirname, '..', '..', 'schema.graphql')

/** A schema's SDL, sorted, descriptions included. */
export const textOf = (schema: GraphQLSchema): string =>
  `${printSchema(lexicographicSortSchema(schema))}\n`

/** The SDL as it is checked in. */
export const schemaText = (): string => textOf(createSchema())

if (require.main === module) writeFileSync(schemaFile, schemaText())
