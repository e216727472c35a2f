import 'reflect-metadata'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { textOf } from '../graphql/schema-text.js'
import { createSchemaToRead } from './schema.js'

/** The file with the text of the schema. */
export const schemaFile = join(__dirname, '..', '..', 'schema.graphql')

/** The text of the schema for that file. */
export const schemaText = (): string => textOf(createSchemaToRead())

if (require.main === module) writeFileSync(schemaFile, schemaText())
