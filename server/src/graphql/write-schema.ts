import 'reflect-metadata'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { createSchema } from './schema.js'

/** Where the SDL is checked in. */
export const schemaFile = join(__dirname, '..', '..', 'schema.graphql')

/** The SDL as it is checked in, descriptions included. */
export const schemaText = (): string => `${printSchema(lexicographicSortSchema(createSchema()))}\n`

if (require.main === module) writeFileSync(schemaFile, schemaText())
