import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { schemaFile } from '../app/write-schema.js'

const compiler = require.resolve('relay-compiler/cli.js')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rekey-relay-'))
  mkdirSync(join(folder, 'src'))
  copyFileSync(schemaFile, join(folder, 'schema.graphql'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Compiles a module with Relay's compiler. Returns the names of the generated files. */
const compile = async (name: string, documents: string): Promise<string[]> => {
  writeFileSync(
    join(folder, 'src', `${name}.js`),
    `import { graphql } from 'react-relay'\n${documents}`,
  )
  const config = { src: './src', schema: './schema.graphql', language: 'javascript' }
  writeFileSync(join(folder, 'relay.config.json'), JSON.stringify(config))
  await promisify(execFile)(process.execPath, [compiler, 'relay.config.json'], { cwd: folder })
  return readdirSync(join(folder, 'src', '__generated__')).sort()
}

describe('Relay’s compiler', () => {
  it.each([
    ['User', 'id name login'],
    ['Webhook', 'id url events'],
  ])('accepts a refetchable fragment on %s', async (type, fields) => {
    const files = await compile(
      'Card',
      `graphql\`fragment Card_item on ${type} @refetchable(queryName: "CardRefetchQuery") { ${fields} }\``,
    )
    expect(files).toEqual(['CardRefetchQuery.graphql.js', 'Card_item.graphql.js'])
  })

  it.each([
    [
      'a list of the query',
      'Query',
      'users(first: $first, after: $after) @connection(key: "Page_users")',
    ],
    [
      'a list of a node',
      'Webhook',
      'deliveries(first: $first, after: $after) @connection(key: "Page_deliveries")',
    ],
  ])('accepts a fragment that loads %s page by page', async (_what, type, field) => {
    const files = await compile(
      'Page',
      `graphql\`fragment Page_list on ${type}
        @argumentDefinitions(first: { type: "Int", defaultValue: 25 }, after: { type: "String" })
        @refetchable(queryName: "PageRefetchQuery") { ${field} { edges { node { id } } } }\``,
    )
    expect(files).toEqual(['PageRefetchQuery.graphql.js', 'Page_list.graphql.js'])
  })

  it('rejects a refetchable fragment on a type that is not a node', async () => {
    await expect(
      compile(
        'Card',
        'graphql`fragment Card_item on WebhookAttempt @refetchable(queryName: "CardRefetchQuery") { id }`',
      ),
    ).rejects.toThrow('refetchable')
  })
})
