import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import {
  defaultPasswordPolicy,
  type PasswordPolicy,
  passwordRules,
  presetPolicies,
} from '@rekey/shared/password-policy'
import { createFeatures } from '../app/features.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { proofLastsMs } from '../reauthentication/recent-proof.js'
import { SessionEntity } from '../sessions/session.entity.js'
import { AccountSettingEntity } from '../settings/account-setting.entity.js'
import { apiTokenOf } from '../testing/api-token-client.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import type { Caller } from '../users/caller.js'

let server: TestServer
let admin: Caller
let client: TestClient
beforeAll(async () => {
  server = await TestServer.start()
  admin = await server.addUser({ role: 'ADMIN' })
  client = await server.signedIn(admin)
})
afterAll(() => server.stop())
afterEach(async () => {
  jest.restoreAllMocks()
  await server.database.write(unit => server.services.settings.savePasswordPolicy(unit, {}))
})

interface Rule {
  rule: string
  enabled: boolean
  bound: number | null
}

const fields =
  'locked rules { rule enabled canBeSwitchedOff bound leastBound greatestBound } presets { name rules { rule enabled bound } }'

const settingsOf = async (by: TestClient) => {
  const { data, errors } = await by.query(`{ passwordPolicySettings { ${fields} } }`)
  return data?.passwordPolicySettings ?? errors
}

const update = async (
  rules: readonly { rule: string; enabled: boolean; bound?: number | null }[],
  by = client,
) => {
  const { data, errors } = await by.query(
    `mutation ($input: UpdatePasswordPolicyInput!) {
      updatePasswordPolicy(input: $input) {
        settings { ${fields} }
        errors { __typename ... on UserError { message path } }
      }
    }`,
    { input: { rules } },
  )
  return data?.updatePasswordPolicy ?? errors
}

/** The policy of the settings, in the form of the shared module. */
const policyOf = (rules: readonly Rule[]): [string, number | null][] =>
  rules.filter(({ enabled }) => enabled).map(({ rule, bound }) => [rule, bound])

const boundsOf = (policy: PasswordPolicy): [string, number | null][] =>
  policy.map(({ rule, ...numbers }) => [rule, Object.values(numbers)[0] ?? null])

/** The rules that a password breaks for a user whose current password is the usual one. */
const violatedBy = async (newPassword: string, by: TestClient): Promise<string[]> => {
  const { data } = await by.changePassword({ currentPassword: goodPassword, newPassword })
  return data.changePassword.errors.flatMap(({ violations }: { violations: { rule: string }[] }) =>
    violations.map(({ rule }) => rule),
  )
}

const recorded = (actorId: string) =>
  server.database.read(unit =>
    unit.rows(OperationEntity).findBy({ action: 'UPDATE_PASSWORD_POLICY', actorId }),
  )

describe('the settings of the password policy', () => {
  it('contain every rule with its limits, and the presets', async () => {
    const { locked, rules, presets } = await settingsOf(client)
    expect(locked).toBe(false)
    expect(rules.map(({ rule }: Rule) => rule)).toEqual(passwordRules)
    expect(policyOf(rules)).toEqual(boundsOf(defaultPasswordPolicy))
    expect(rules).toContainEqual({
      rule: 'MIN_LENGTH',
      enabled: true,
      canBeSwitchedOff: false,
      bound: 12,
      leastBound: 8,
      greatestBound: 64,
    })
    expect(presets.map(({ name }: { name: string }) => name)).toEqual(['REKEY', 'NIST'])
    expect(policyOf(presets[0].rules)).toEqual(boundsOf(presetPolicies.REKEY))
    expect(policyOf(presets[1].rules)).toEqual(boundsOf(presetPolicies.NIST))
  })

  it('can be read only with settings.manage, also through an API token', async () => {
    const forbidden = [{ extensions: { code: 'FORBIDDEN' } }]
    expect(await settingsOf(await server.signedIn(await server.addUser()))).toMatchObject(forbidden)
    expect(await settingsOf(server.client())).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ])
    const { client: reader } = await apiTokenOf(server, admin, ['users.read'])
    expect(await settingsOf(reader)).toMatchObject(forbidden)
    const { client: manager } = await apiTokenOf(server, admin, ['settings.manage'])
    expect(await settingsOf(manager)).toMatchObject({ locked: false })
  })

  it('change only in the given rules, and a rule keeps its number if none is given', async () => {
    const { settings, errors } = await update([
      { rule: 'REUSED', enabled: false, bound: 999 },
      { rule: 'MIN_LENGTH', enabled: true, bound: 14 },
      { rule: 'MAX_LENGTH', enabled: true },
    ])
    expect(errors).toEqual([])
    expect(policyOf(settings.rules)).toEqual(
      boundsOf(defaultPasswordPolicy)
        .filter(([rule]) => rule !== 'REUSED')
        .map(([rule, bound]) => [rule, rule === 'MIN_LENGTH' ? 14 : bound]),
    )
    expect(await settingsOf(client)).toEqual(settings)
    // A rule that is switched on again has its usual number.
    const again = await update([{ rule: 'REUSED', enabled: true }])
    expect(again.settings.rules).toContainEqual(
      expect.objectContaining({ rule: 'REUSED', enabled: true, bound: 5 }),
    )
  })

  it.each(['REKEY', 'NIST'] as const)('accept the rules of the preset %s', async name => {
    const { presets } = await settingsOf(client)
    const preset = presets.find((one: { name: string }) => one.name === name)
    const { settings, errors } = await update(preset.rules)
    expect(errors).toEqual([])
    expect(policyOf(settings.rules)).toEqual(boundsOf(presetPolicies[name]))
    const { data } = await server.client().query('{ passwordPolicy { rules { rule } } }')
    // The server of this test has no source of breached passwords.
    const effective = presetPolicies[name].filter(({ rule }) => rule !== 'BREACHED')
    expect(data.passwordPolicy.rules).toEqual(effective.map(({ rule }) => ({ rule })))
  })

  it('judge the next password, and remember as many earlier ones as they say', async () => {
    const member = await server.signedIn(await server.addUser())
    expect(await violatedBy('Meadow-4711', member)).toEqual(['MIN_LENGTH'])
    await update([
      { rule: 'MIN_LENGTH', enabled: true, bound: 8 },
      { rule: 'SPECIAL', enabled: false },
    ])
    // A password that is common only among those that the new rules allow.
    expect(await violatedBy('Password1', member)).toEqual(['COMMON'])
    expect(await violatedBy('Meadow4711', member)).toEqual([])

    const another = await server.signedIn(await server.addUser())
    await update([{ rule: 'REUSED', enabled: true, bound: 1 }])
    expect(await violatedBy('Meadow4711', another)).toEqual([])
    const back = { currentPassword: 'Meadow4711', newPassword: goodPassword }
    expect((await another.changePassword(back)).data.changePassword.errors).toEqual([])
  })

  it('apply at once where they were changed, and within a second in every other instance', async () => {
    const other = createFeatures(server.config, server.database).services.policy
    const begun = performance.now()
    const clock = jest.spyOn(performance, 'now').mockReturnValue(begun)
    expect(await other.readPolicy()).toEqual(defaultPasswordPolicy)
    await update([{ rule: 'SPECIAL', enabled: false }])
    const changed = defaultPasswordPolicy.filter(({ rule }) => rule !== 'SPECIAL')
    expect(await server.services.policy.readPolicy()).toEqual(changed)
    expect(await other.readPolicy()).toEqual(defaultPasswordPolicy)
    clock.mockReturnValue(begun + 1_000)
    expect(await other.readPolicy()).toEqual(changed)
  })

  it('keep both changes if two administrators change different rules at once', async () => {
    await Promise.all([
      update([{ rule: 'REUSED', enabled: true, bound: 9 }]),
      update([{ rule: 'NUMBER', enabled: false }]),
    ])
    const { rules } = await settingsOf(client)
    expect(rules).toContainEqual(expect.objectContaining({ rule: 'REUSED', bound: 9 }))
    expect(rules).toContainEqual(expect.objectContaining({ rule: 'NUMBER', enabled: false }))
  })

  it('are never replaced by the default policy if they cannot be read', async () => {
    for (const value of ['{"MIN_LENGTH":{"min":1}}', '{"LENGTH":true}', 'null', '{']) {
      await server.database.write(async unit => {
        const row = { name: 'passwordPolicy', value, updatedAt: new Date() }
        await unit.rows(AccountSettingEntity).upsert(row, ['name'])
      })
      await expect(
        server.database.read(unit => server.services.policy.policyIn(unit)),
      ).rejects.toThrow()
    }
  })
})

describe('a change of the password policy', () => {
  const range = (least: number, greatest: number) =>
    `Enter a whole number from ${least} to ${greatest}.`

  it.each([
    [[{ rule: 'MIN_LENGTH', enabled: true, bound: 7 }], ['rules', '0', 'bound'], range(8, 64)],
    [[{ rule: 'MIN_LENGTH', enabled: true, bound: 65 }], ['rules', '0', 'bound'], range(8, 64)],
    [[{ rule: 'CONTEXT_WORD', enabled: true, bound: 3 }], ['rules', '0', 'bound'], range(4, 64)],
    [[{ rule: 'REUSED', enabled: true, bound: -1 }], ['rules', '0', 'bound'], range(1, 24)],
    [
      [{ rule: 'MIN_LENGTH', enabled: false }],
      ['rules', '0', 'enabled'],
      'This rule cannot be switched off.',
    ],
    [
      [{ rule: 'INVALID_CHARACTER', enabled: false }],
      ['rules', '0', 'enabled'],
      'This rule cannot be switched off.',
    ],
    [
      [{ rule: 'COMMON', enabled: true, bound: 3 }],
      ['rules', '0', 'bound'],
      'This rule has no number.',
    ],
    [
      [
        { rule: 'COMMON', enabled: true },
        { rule: 'COMMON', enabled: false },
      ],
      ['rules'],
      'Name each rule only once.',
    ],
    [
      [
        { rule: 'COMMON', enabled: false },
        { rule: 'MAX_LENGTH', enabled: true, bound: 11 },
      ],
      ['rules', '1', 'bound'],
      'The maximum length must not be less than the minimum length, 12.',
    ],
    [
      [{ rule: 'MIN_LENGTH', enabled: true, bound: 31 }],
      ['rules'],
      'The maximum length must not be less than the minimum length, 31.',
    ],
    [
      [
        { rule: 'MIN_LENGTH', enabled: true, bound: 8 },
        { rule: 'MAX_LENGTH', enabled: true, bound: 8 },
        { rule: 'NUMBER', enabled: true, bound: 8 },
      ],
      ['rules', '1', 'bound'],
      'The maximum length must not be less than the 11 characters that other rules require.',
    ],
  ])('is rejected as a whole: %j', async (rules, path, message) => {
    const before = await settingsOf(client)
    const good = { rule: 'SAME_AS_CURRENT', enabled: false }
    expect(await update([...rules, good])).toEqual({
      settings: null,
      errors: [{ __typename: 'InvalidField', path, message }],
    })
    expect(await settingsOf(client)).toEqual(before)
  })

  it('requires settings.manage, and an attempt without it is recorded', async () => {
    const member = await server.addUser()
    const change = [{ rule: 'COMMON', enabled: false }]
    expect(await update(change, await server.signedIn(member))).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ])
    expect(await recorded(member.id)).toMatchObject([{ outcome: 'REFUSED', reason: 'FORBIDDEN' }])
  })

  it('requires a recent proof of identity', async () => {
    const other = await server.addUser({ role: 'ADMIN' })
    const by = await server.signedIn(other)
    await server.database.write(async unit => {
      const provedAt = new Date(Date.now() - proofLastsMs - 1_000)
      await unit.rows(SessionEntity).update({ userId: other.id }, { provedAt })
    })
    expect(await update([{ rule: 'COMMON', enabled: false }], by)).toMatchObject([
      { extensions: { code: 'REAUTHENTICATION_REQUIRED' } },
    ])
  })

  it('is recorded with the values before and after', async () => {
    const other = await server.addUser({ role: 'ADMIN' })
    const by = await server.signedIn(other)
    await update(
      [
        { rule: 'MIN_LENGTH', enabled: true, bound: 15 },
        { rule: 'UPPERCASE', enabled: false },
        { rule: 'COMMON', enabled: false },
        { rule: 'NUMBER', enabled: true, bound: 1 },
      ],
      by,
    )
    expect(await recorded(other.id)).toMatchObject([
      {
        outcome: 'DONE',
        subjectId: null,
        changes: [
          { name: 'MIN_LENGTH', from: '12', to: '15' },
          { name: 'UPPERCASE', from: '1', to: 'OFF' },
          { name: 'COMMON', from: 'ON', to: 'OFF' },
        ],
      },
    ])
  })
})

describe('a policy file', () => {
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'rekey-policy-'))
    await writeFile(join(dir, 'policy.json'), '{"MIN_LENGTH": {"min": 14}, "REUSED": false}')
  })
  afterAll(() => rm(dir, { recursive: true }))

  const inServer = async (
    environment: Record<string, string>,
    test: (of: TestServer, by: TestClient) => Promise<void>,
  ) => {
    const file = join(dir, 'policy.json')
    const other = await TestServer.start({ PASSWORD_POLICY_FILE: file, ...environment })
    try {
      await test(other, await other.signedIn(await other.addUser({ role: 'OWNER' })))
    } finally {
      await other.stop()
    }
  }
  const fromFile = boundsOf(defaultPasswordPolicy)
    .filter(([rule]) => rule !== 'REUSED')
    .map(([rule, bound]) => [rule, rule === 'MIN_LENGTH' ? 14 : bound])

  it('locks the settings, and wins over a policy that was saved before', async () => {
    await inServer({}, async (of, by) => {
      await of.database.write(unit =>
        of.services.settings.savePasswordPolicy(unit, { MIN_LENGTH: { min: 8 } }),
      )
      const { locked, rules } = await settingsOf(by)
      expect(locked).toBe(true)
      expect(policyOf(rules)).toEqual(fromFile)
      expect(await update([{ rule: 'MIN_LENGTH', enabled: true, bound: 10 }], by)).toEqual({
        settings: null,
        errors: [
          {
            __typename: 'PasswordPolicyLocked',
            path: [],
            message: expect.stringContaining('PASSWORD_POLICY_FILE'),
          },
        ],
      })
      expect(await violatedBy('Meadow-471199', by)).toEqual(['MIN_LENGTH'])
    })
  })

  it('is only where the settings begin, with PASSWORD_POLICY_FILE_LOCKS=false', async () => {
    await inServer({ PASSWORD_POLICY_FILE_LOCKS: 'false' }, async (_of, by) => {
      const { locked, rules } = await settingsOf(by)
      expect(locked).toBe(false)
      expect(policyOf(rules)).toEqual(fromFile)
      const { errors } = await update(
        [
          { rule: 'MIN_LENGTH', enabled: true, bound: 13 },
          { rule: 'REUSED', enabled: true },
        ],
        by,
      )
      expect(errors).toEqual([])
      expect(await violatedBy('Meadow-471199', by)).toEqual([])
    })
  })
})
