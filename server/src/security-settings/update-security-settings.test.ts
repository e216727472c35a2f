import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { OperationEntity } from '../operations/operation.entity.js'
import { defaultSecuritySettings } from '../settings/security-settings.js'
import { apiTokenOf } from '../testing/api-token-client.js'
import { asCaller, type TestClient, TestServer } from '../testing/test-server.js'
import type { UserEntity } from '../users/user.entity.js'

let server: TestServer
let admin: UserEntity
let client: TestClient
beforeAll(async () => {
  server = await TestServer.start({ SMS_GATEWAY_URL: 'http://127.0.0.1:9/messages' })
  admin = await server.addUser({ role: 'ADMIN' })
})
afterAll(() => server.stop())
beforeEach(async () => {
  client = await server.signedIn(admin)
  await server.database.write(unit =>
    server.services.settings.replace(unit, defaultSecuritySettings),
  )
})

const fields = 'secondFactor secondFactorMethods trustedDevices ipAuthorization smsAvailable'

const update = async (input: Record<string, unknown>, by = client) => {
  const { data, errors } = await by.query(
    `mutation ($input: UpdateSecuritySettingsInput!) {
      updateSecuritySettings(input: $input) {
        settings { ${fields} }
        errors {
          __typename
          ... on UserError { message path }
          ... on PhoneNumbersMissing { count users { login } }
        }
      }
    }`,
    { input },
  )
  return data?.updateSecuritySettings ?? errors
}

const settingsOf = async (by: TestClient) => {
  const { data, errors } = await by.query(`{ securitySettings { ${fields} } }`)
  return data?.securitySettings ?? errors
}

const defaults = { ...defaultSecuritySettings, smsAvailable: true }

describe('the security settings', () => {
  it('can be read by every signed-in user, and by nobody else', async () => {
    expect(await settingsOf(await server.signedIn(await server.addUser()))).toEqual(defaults)
    expect(await settingsOf(server.client())).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ])
  })

  it('change in the given fields, with immediate effect', async () => {
    const changed = { ...defaults, secondFactor: 'OFF', trustedDevices: 'WEEK' }
    expect(await update({ secondFactor: 'OFF', trustedDevices: 'WEEK' })).toEqual({
      settings: changed,
      errors: [],
    })
    expect(await settingsOf(client)).toEqual(changed)
    expect(await update({ trustedDevices: null })).toMatchObject({ settings: changed })
    const recorded = await server.database.read(unit =>
      unit.rows(OperationEntity).findBy({ action: 'UPDATE_SECURITY_SETTINGS', actorId: admin.id }),
    )
    expect(recorded[0]).toMatchObject({ outcome: 'DONE', subjectId: null })
  })

  it('contain each method once, in the order in which methods are offered', async () => {
    const given = ['SMS', 'PASSKEY', 'TOTP', 'SMS']
    expect(await update({ secondFactorMethods: given })).toMatchObject({
      settings: { secondFactorMethods: ['TOTP', 'PASSKEY', 'SMS'] },
    })
  })

  it.each([[[]], [['RECOVERY_CODE']], [['TOTP', 'RECOVERY_CODE']]])(
    'reject %j as methods',
    async secondFactorMethods => {
      expect(await update({ secondFactorMethods, trustedDevices: 'DAY' })).toMatchObject({
        settings: null,
        errors: [{ __typename: 'InvalidField', path: ['secondFactorMethods'] }],
      })
      expect(await settingsOf(client)).toEqual(defaults)
    },
  )

  it('accept SMS only if there is a gateway', async () => {
    const without = await TestServer.start()
    try {
      const by = await without.signedIn(await without.addUser({ role: 'OWNER' }))
      expect(await update({ secondFactorMethods: ['TOTP', 'SMS'] }, by)).toMatchObject({
        errors: [{ __typename: 'InvalidField', path: ['secondFactorMethods'] }],
      })
      expect((await settingsOf(by)).smsAvailable).toBe(false)
    } finally {
      await without.stop()
    }
  })

  it('cannot require only SMS while users have no phone number, and name these users', async () => {
    const people = await Promise.all(
      Array.from({ length: 25 }, (_, index) =>
        server.addUser({ firstName: `Aa${String(index).padStart(2, '0')}` }),
      ),
    )
    await server.addUser({ firstName: 'Aa', status: 'BLOCKED' })
    const onlySms = { secondFactor: 'REQUIRED', secondFactorMethods: ['SMS'] }
    const refused = await update(onlySms)
    expect(refused).toMatchObject({
      settings: null,
      errors: [{ __typename: 'PhoneNumbersMissing', path: ['secondFactorMethods'] }],
    })
    const [{ count, users }] = refused.errors
    expect(count).toBeGreaterThanOrEqual(25)
    expect(users.map(({ login }: { login: string }) => login)).toEqual(
      people.slice(0, 20).map(({ login }) => login),
    )
    // A caller who may not read users learns only how many they are.
    const { client: blind } = await apiTokenOf(server, asCaller(admin), ['settings.manage'])
    expect((await update(onlySms, blind)).errors).toMatchObject([{ count, users: [] }])
    // A change in two steps is rejected as well.
    await update({ secondFactorMethods: ['SMS'] })
    expect((await update({ secondFactor: 'REQUIRED' })).errors).toHaveLength(1)
    expect(
      (await update({ secondFactorMethods: ['TOTP', 'SMS'], secondFactor: 'REQUIRED' })).errors,
    ).toEqual([])
  })

  it('change only for a caller with settings.manage, and an attempt of another is recorded', async () => {
    const member = await server.addUser()
    expect(await update({ secondFactor: 'OFF' }, await server.signedIn(member))).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ])
    const recorded = await server.database.read(unit =>
      unit.rows(OperationEntity).findBy({ action: 'UPDATE_SECURITY_SETTINGS', actorId: member.id }),
    )
    expect(recorded).toMatchObject([{ outcome: 'REFUSED', reason: 'FORBIDDEN' }])
  })

  it('keep both changes if two callers change different fields at once', async () => {
    await Promise.all([update({ trustedDevices: 'MONTH' }), update({ secondFactor: 'REQUIRED' })])
    expect(await settingsOf(client)).toMatchObject({
      trustedDevices: 'MONTH',
      secondFactor: 'REQUIRED',
    })
  })
})
