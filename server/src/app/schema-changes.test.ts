import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CriticalityLevel, diff } from '@graphql-inspector/core'
import { describe, expect, it } from '@jest/globals'
import { buildSchema, parse, print, visit } from 'graphql'
import { schemaText } from './write-schema.js'

const serverDir = join(__dirname, '..', '..')
const released = readFileSync(join(serverDir, 'schema.released.graphql'), 'utf8')

/** A breaking change that was accepted on purpose. */
interface Acknowledgement {
  /** The change, as the test describes it. */
  readonly change: string
  /** The reason for the change. */
  readonly why: string
}

const acknowledged: readonly Acknowledgement[] = JSON.parse(
  readFileSync(join(serverDir, 'schema.acknowledged.json'), 'utf8'),
)

/** The changes from one schema to the other that break clients. */
const breaking = async (before: string, after: string): Promise<string[]> => {
  const changes = await diff(buildSchema(before), buildSchema(after))
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ path, message }) => `${path}: ${message}`)
    .sort()
}

describe('since the last release, the schema', () => {
  it('breaks nothing except what is acknowledged in schema.acknowledged.json (docs/api.md)', async () => {
    expect(await breaking(released, schemaText())).toEqual(
      acknowledged.map(({ change }) => change).sort(),
    )
  })

  it('adds nothing that schema.released.graphql lacks, so that removing it later counts', async () => {
    const changes = await diff(buildSchema(released), buildSchema(schemaText()))
    const additions = changes
      .filter(({ type }) => type.endsWith('_ADDED'))
      .map(({ path, message }) => `${path}: ${message}`)
    expect(additions).toEqual([])
  })

  it('has a reason for each acknowledged change', () => {
    for (const { change, why } of acknowledged)
      expect([change, why]).toEqual([change, expect.stringMatching(/\w{3}/)])
  })
})

describe('a breaking change', () => {
  // Without descriptions, so that each line is a field.
  const bare = print(
    visit(parse(released), { enter: node => ({ ...node, description: undefined }) }),
  )
  const without = (part: RegExp | string, by = '') => {
    const changed = bare.replace(part, by)
    expect(changed).not.toBe(bare)
    return breaking(bare, changed)
  }

  it.each(['createWebhook', 'markNotificationsSeen', 'importUsers', 'logIn'])(
    'is found if the mutation %s is removed',
    async name => {
      const schema = parse(released)
      const planted = visit(schema, {
        FieldDefinition: node => (node.name.value === name ? null : undefined),
      })
      expect(await breaking(released, print(planted))).toContainEqual(
        expect.stringContaining(`Mutation.${name}`),
      )
    },
  )

  it('is found if a field is removed', async () => {
    expect(await without(/^ {2}passwordRules: String!\n/m)).toEqual([
      "PasswordPolicy.passwordRules: Field 'passwordRules' was removed from object type 'PasswordPolicy'",
    ])
  })

  it('is found if a field becomes nullable', async () => {
    expect(await without(/(type User [^{]*\{[^}]* {2}login: String)!/, '$1')).toHaveLength(1)
  })

  it('is found if an argument becomes required', async () => {
    expect(
      await without(
        /^ {2}requireChangeAtNextSignIn: Boolean$/m,
        '  requireChangeAtNextSignIn: Boolean!',
      ),
    ).toHaveLength(1)
  })

  it('is found if a value is removed', async () => {
    expect(await without(/^ {2}BLOCKED\n/m)).toHaveLength(1)
  })

  it('is not an addition', async () => {
    expect(await without(/^ {2}passwordRules: String!$/m, '$&\n  more: String')).toEqual([])
  })
})
