import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals'
import { OperationEntity } from '../operations/operation.entity.js'
import { defaultSecuritySettings } from '../settings/security-settings.js'
import { apiTokenOf } from '../testing/api-token-client.js'
import { ownClock } from '../testing/own-clock.js'
import { enrolTotp, mutate } from '../testing/second-factor-client.js'
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

const fields =
  'secondFactor secondFactorRequiredFrom secondFactorMethods trustedDevices ipAuthorization apiTokenMaxDays smsAvailable'

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

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString()

describe('the date from which a second factor is required', () => {
  beforeEach(() => ownClock())
  afterEach(() => {
    jest.useRealTimers()
  })

  it('lets users work without a second factor until then, and not after', async () => {
    const from = inMs(hourMs)
    expect(
      await update({ secondFactor: 'REQUIRED', secondFactorRequiredFrom: from }),
    ).toMatchObject({ settings: { secondFactor: 'REQUIRED', secondFactorRequiredFrom: from } })
    const member = await server.signedIn(await server.addUser())
    const { client: script } = await apiTokenOf(server, asCaller(admin), ['users.read'])
    const due = async () => {
      const { data } = await member.query(
        '{ viewer { mustEnrolSecondFactor mustEnrolSecondFactorFrom } }',
      )
      return data.viewer
    }
    const sessions = '{ sessions(first: 1) { totalCount } }'
    const users = '{ users(first: 1) { nodes { id } } }'
    expect(await due()).toEqual({ mustEnrolSecondFactor: false, mustEnrolSecondFactorFrom: from })
    expect((await member.query(sessions)).errors).toBeUndefined()
    expect((await script.query(users)).errors).toBeUndefined()

    jest.setSystemTime(Date.now() + 2 * hourMs)
    expect(await due()).toEqual({ mustEnrolSecondFactor: true, mustEnrolSecondFactorFrom: null })
    const refused = [{ extensions: { reason: 'SECOND_FACTOR_ENROLMENT_REQUIRED' } }]
    expect((await member.query(sessions)).errors).toMatchObject(refused)
    expect((await script.query(users)).errors).toMatchObject(refused)
  })

  it('does not concern users who have a second factor, until they remove it', async () => {
    await update({ secondFactor: 'REQUIRED', secondFactorRequiredFrom: inMs(dayMs) })
    const member = await server.signedIn(await server.addUser())
    const { factor } = await enrolTotp(member)
    const from = async () =>
      (await member.query('{ viewer { mustEnrolSecondFactorFrom } }')).data.viewer
        .mustEnrolSecondFactorFrom
    expect(await from()).toBeNull()
    const { errors } = await mutate(member, 'removeSecondFactor', 'errors { __typename }', {
      id: factor.id,
    })
    expect(errors).toEqual([])
    expect(await from()).not.toBeNull()
  })

  it('is recorded, is removed with the policy, and can be replaced by “at once”', async () => {
    const from = inMs(30 * dayMs)
    await update({ secondFactor: 'REQUIRED', secondFactorRequiredFrom: from })
    const recorded = await server.database.read(unit =>
      unit.rows(OperationEntity).find({
        where: { action: 'UPDATE_SECURITY_SETTINGS', actorId: admin.id },
        order: { id: 'DESC' },
        take: 1,
      }),
    )
    expect(recorded[0]?.changes).toEqual([
      { name: 'secondFactor', from: 'OPTIONAL', to: 'REQUIRED' },
      { name: 'secondFactorRequiredFrom', from: null, to: from },
    ])
    const dateOf = async (input: Record<string, unknown>) =>
      (await update(input)).settings.secondFactorRequiredFrom
    expect(await dateOf({ trustedDevices: 'DAY' })).toBe(from)
    expect(await dateOf({ secondFactor: 'OPTIONAL' })).toBeNull()
    expect(await dateOf({ secondFactor: 'REQUIRED', secondFactorRequiredFrom: from })).toBe(from)
    expect(await dateOf({ secondFactorRequiredFrom: null })).toBeNull()
  })

  it.each([
    ['more than a day ago', -dayMs - 1000, 'REQUIRED'],
    ['more than 366 days ahead', 366 * dayMs + 1000, 'REQUIRED'],
    ['without the policy REQUIRED', dayMs, 'OPTIONAL'],
  ])('cannot be %s', async (_, ms, secondFactor) => {
    expect(await update({ secondFactor, secondFactorRequiredFrom: inMs(ms) })).toMatchObject({
      settings: null,
      errors: [{ __typename: 'InvalidField', path: ['secondFactorRequiredFrom'] }],
    })
    expect(await settingsOf(client)).toEqual(defaults)
  })

  it.each([
    ['today, when the day has begun', -dayMs + 60_000],
    ['366 days ahead', 366 * dayMs - 60_000],
  ])('can be %s', async (_, ms) => {
    const input = { secondFactor: 'REQUIRED', secondFactorRequiredFrom: inMs(ms) }
    expect(await update(input)).toMatchObject({ errors: [] })
  })
})
