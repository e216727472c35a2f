import 'reflect-metadata'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { textOf } from '../graphql/schema-text.js'
import { createSchemaToRead } from './schema.js'

/** Where the text of the schema is checked in. */
export const schemaFile = join(__dirname, '..', '..', 'schema.graphql')

/** The text of the schema as it is checked in. */
export const schemaText = (): string => textOf(createSchemaToRead())

if (require.main === module) writeFileSync(schemaFile, schemaText())
