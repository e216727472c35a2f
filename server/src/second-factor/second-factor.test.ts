import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { OperationEntity } from '../operations/operation.entity.js'
import {
  answer,
  beginLogIn,
  codesOf,
  enrolPasskey,
  enrolTotp,
  mutate,
  totpCode,
  typesOf,
} from '../testing/second-factor-client.js'
import { SoftwareAuthenticator } from '../testing/software-authenticator.js'
import { goodPassword, TestServer } from '../testing/test-server.js'
import type { UserEntity } from '../users/user.entity.js'

const errors = 'errors { __typename ... on UserError { message path } }'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(() => server.stop())
afterEach(() =>
  server.setSecurity({ secondFactor: 'OPTIONAL', secondFactorMethods: ['TOTP', 'PASSKEY'] }),
)

const passkey = () => new SoftwareAuthenticator(server.config.publicUrl.origin)

const operationsOn = async (user: UserEntity) => {
  const operations = await server.database.read(unit =>
    unit.rows(OperationEntity).find({ where: { subjectId: user.id }, order: { id: 'ASC' } }),
  )
  return operations.map(({ action, outcome, actorId }) => [action, outcome, actorId])
}

describe('adding a second factor', () => {
  it('returns a secret for authenticator apps, and ten recovery codes with the first factor', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    const { uri, secret, recoveryCodes } = await enrolTotp(client, '  My phone ')
    expect(uri).toBe(
      `otpauth://totp/Rekey:${encodeURIComponent(user.login)}?issuer=Rekey&secret=${secret}&algorithm=SHA1&digits=6&period=30`,
    )
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(recoveryCodes).toHaveLength(10)
    for (const code of recoveryCodes) {
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){5}$/)
    }
    const second = await enrolPasskey(client, passkey(), 'Key')
    expect(second).toMatchObject({
      factor: { method: 'PASSKEY', name: 'Key' },
      recoveryCodes: null,
    })
    const { data } = await client.query(
      '{ viewer { secondFactors { method name } recoveryCodesLeft mustEnrolSecondFactor } }',
    )
    expect(data.viewer).toEqual({
      secondFactors: [
        { method: 'TOTP', name: 'My phone' },
        { method: 'PASSKEY', name: 'Key' },
      ],
      recoveryCodesLeft: 10,
      mustEnrolSecondFactor: false,
    })
    expect((await operationsOn(user)).map(([action]) => action)).toEqual([
      'LOG_IN',
      'ENROL_SECOND_FACTOR',
      'ENROL_SECOND_FACTOR',
    ])
    const mails = await server.mailsTo(user.login)
    expect(mails.map(({ subject }) => subject)).toEqual(Array(2).fill('A second factor was added'))
  })

  it('is rejected for methods that are turned off and for invalid names', async () => {
    const client = await server.signedIn(await server.addUser())
    const begun = await mutate(client, 'beginTotpEnrolment', 'secret token')
    const input = { token: begun.token, code: totpCode(begun.secret) }
    for (const name of ['', '   ', 'x'.repeat(61), 'a\u0007b']) {
      const result = await mutate(client, 'confirmTotpEnrolment', errors, { ...input, name })
      expect(result.errors).toMatchObject([{ __typename: 'InvalidField', path: ['name'] }])
    }
    for (const changed of [
      { secondFactorMethods: ['PASSKEY'] },
      { secondFactor: 'OFF' },
    ] as const) {
      await server.setSecurity(changed)
      const refused = await mutate(client, 'beginTotpEnrolment', `secret uri token ${errors}`)
      expect(refused).toMatchObject({ secret: null, uri: null, token: null })
      expect(typesOf(refused)).toEqual(['SecondFactorMethodOff'])
      const late = await mutate(client, 'confirmTotpEnrolment', errors, { ...input, name: 'App' })
      expect(typesOf(late)).toEqual(['SecondFactorMethodOff'])
    }
  })

  it('is rejected after ten factors', async () => {
    const client = await server.signedIn(await server.addUser())
    for (let count = 0; count < 10; count += 1) {
      expect((await enrolPasskey(client, passkey())).errors).toEqual([])
    }
    const refused = await mutate(client, 'beginPasskeyEnrolment', `options token ${errors}`)
    expect(typesOf(refused)).toEqual(['SecondFactorLimitReached'])
  })

  it('sends the browser the list of existing passkeys', async () => {
    const client = await server.signedIn(await server.addUser())
    const first = passkey()
    await enrolPasskey(client, first)
    const { options } = await mutate(client, 'beginPasskeyEnrolment', 'options')
    expect(options).toMatchObject({
      rp: { id: 'localhost', name: 'Rekey' },
      attestation: 'none',
      excludeCredentials: [{ id: first.id, type: 'public-key', transports: ['internal'] }],
    })
  })
})

describe('an account that turns second factors off', () => {
  it('lets users sign in with only the password, and keeps their factors', async () => {
    const user = await server.addUser()
    await enrolTotp(await server.signedIn(user))
    await server.setSecurity({ secondFactor: 'OFF' })
    expect(await (await server.signedIn(user)).whoAmI()).toBe(user.login)
    await server.setSecurity({ secondFactor: 'OPTIONAL' })
    const { challenge } = await beginLogIn(server.client(), user.login)
    expect(challenge.methods).toEqual(['TOTP', 'RECOVERY_CODE'])
  })
})

describe('an account that requires a second factor', () => {
  it('allows a user without one only to enrol', async () => {
    const user = await server.addUser({ role: 'ADMIN' })
    const other = await server.addUser()
    await server.setSecurity({ secondFactor: 'REQUIRED' })
    const client = await server.signedIn(user)
    const { data } = await client.query('{ viewer { login mustEnrolSecondFactor } }')
    expect(data.viewer).toEqual({ login: user.login, mustEnrolSecondFactor: true })
    const refused = [
      '{ users { totalCount } }',
      '{ trustedDevices { totalCount } }',
      `{ user(id: "${other.id}") { login } }`,
      `{ operations(filter: { subjectId: "${user.id}" }) { totalCount } }`,
      `mutation { updateUser(input: { userId: "${user.id}", firstName: "X" }) { user { id } } }`,
      'mutation { regenerateRecoveryCodes { codes } }',
      `mutation { resetSecondFactor(input: { userId: "${other.id}" }) { user { id } } }`,
      `mutation { changePassword(input: { userId: "${other.id}", currentPassword: "${goodPassword}", newPassword: "Third-Meadow-41" }) { user { id } } }`,
    ]
    for (const query of refused) {
      const { errors: found } = await client.query(query)
      expect([query, found?.map(({ extensions }) => extensions)]).toEqual([
        query,
        [
          {
            code: 'FORBIDDEN',
            reason: 'SECOND_FACTOR_ENROLMENT_REQUIRED',
            requestId: expect.any(String),
          },
        ],
      ])
    }
    expect((await client.get('/operations.csv')).status).toBe(403)
    expect((await client.query(`{ user(id: "${user.id}") { login } }`)).errors).toBeUndefined()

    await enrolTotp(client)
    expect((await client.query('{ users { totalCount } }')).errors).toBeUndefined()
    const again = await beginLogIn(server.client(), user.login)
    expect(again.challenge.methods).toEqual(['TOTP', 'RECOVERY_CODE'])
  })

  it('requires a user first to change a password that an administrator set', async () => {
    const admin = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    const user = await server.addUser()
    await admin.changePassword({
      userId: user.id,
      currentPassword: goodPassword,
      newPassword: 'Given-Meadow-41',
    })
    await server.setSecurity({ secondFactor: 'REQUIRED' })
    const client = await server.signedIn(user, 'Given-Meadow-41')
    const early = await client.query('mutation { beginTotpEnrolment { token } }')
    expect(early.errors).toMatchObject([{ extensions: { reason: 'PASSWORD_CHANGE_REQUIRED' } }])
    const { data } = await client.changePassword({
      currentPassword: 'Given-Meadow-41',
      newPassword: 'My-Meadow-419',
    })
    expect(data.changePassword.errors).toEqual([])
    const { recoveryCodes } = await enrolTotp(client)
    expect(recoveryCodes).toHaveLength(10)
  })

  it('accepts a factor that does not count, but requires its user to add another', async () => {
    const user = await server.addUser()
    const { secret } = await enrolTotp(await server.signedIn(user))
    await server.setSecurity({ secondFactor: 'REQUIRED', secondFactorMethods: ['PASSKEY'] })
    const client = server.client()
    const { challenge } = await beginLogIn(client, user.login)
    await answer(client, { token: challenge.token, method: 'TOTP', code: totpCode(secret) })
    expect(codesOf(await client.query('{ trustedDevices { totalCount } }'))).toEqual(['FORBIDDEN'])
    await enrolPasskey(client, passkey())
    expect((await client.query('{ trustedDevices { totalCount } }')).errors).toBeUndefined()
  })
})

describe('resetting the second factors of a user', () => {
  const reset = (userId: string) =>
    `mutation { resetSecondFactor(input: { userId: "${userId}" }) { user { id secondFactors { id } } ${errors} } }`

  it('removes everything that answers a second step, and notifies the user', async () => {
    const user = await server.addUser()
    await server.setSecurity({ trustedDevices: 'WEEK' })
    const { secret } = await enrolTotp(await server.signedIn(user))
    const browser = server.client()
    const { challenge } = await beginLogIn(browser, user.login)
    const code = totpCode(secret)
    const input = { token: challenge.token, method: 'TOTP', code, trustDevice: true }
    expect((await answer(browser, input)).errors).toEqual([])
    const pending = (await beginLogIn(server.client(), user.login)).challenge

    const admin = await server.addUser({ role: 'ADMIN', firstName: 'Ada', lastName: 'Admin' })
    const { data } = await (await server.signedIn(admin)).query(reset(user.id))
    expect(data.resetSecondFactor).toEqual({ user: { id: user.id, secondFactors: [] }, errors: [] })
    const stale = { token: pending.token, method: 'TOTP', code: totpCode(secret, 1) }
    expect(typesOf(await answer(server.client(), stale))).toEqual(['ChallengeExpired'])
    const { challenge: none } = await beginLogIn(server.client(), user.login)
    expect(none).toBeNull()
    const own = await browser.query(
      '{ viewer { recoveryCodesLeft } trustedDevices { totalCount } }',
    )
    expect(own.data).toEqual({
      viewer: { recoveryCodesLeft: 0 },
      trustedDevices: { totalCount: 0 },
    })
    const mails = await server.mailsTo(user.login)
    const mail = mails.find(({ subject }) => subject === 'Your second factor was reset')
    expect(mail?.text).toContain('Ada Admin')
    expect(await operationsOn(user)).toContainEqual(['RESET_SECOND_FACTOR', 'DONE', admin.id])
  })

  it('is not allowed for members, for yourself, or for a user who outranks you', async () => {
    const member = await server.addUser()
    const admin = await server.addUser({ role: 'ADMIN' })
    const owner = await server.addUser({ role: 'OWNER' })
    const asMember = await server.signedIn(member)
    for (const user of [admin, member]) {
      expect(codesOf(await asMember.query(reset(user.id)))).toEqual(['FORBIDDEN'])
      expect(await operationsOn(user)).toContainEqual(['RESET_SECOND_FACTOR', 'REFUSED', member.id])
    }
    const asAdmin = await server.signedIn(admin)
    await enrolTotp(await server.signedIn(owner))
    await enrolTotp(asAdmin)
    for (const [user, reason] of [
      [owner, 'OUTRANKED'],
      [admin, 'SELF'],
    ] as const) {
      const { data } = await asAdmin.query(
        `mutation { resetSecondFactor(input: { userId: "${user.id}" }) {
          user { id } errors { __typename ... on AccessDenied { reason path } }
        } }`,
      )
      expect(data.resetSecondFactor).toEqual({
        user: null,
        errors: [{ __typename: 'AccessDenied', reason, path: ['userId'] }],
      })
      expect(await operationsOn(user)).toContainEqual(['RESET_SECOND_FACTOR', 'REFUSED', admin.id])
      const shown = await asAdmin.query(
        `{ user(id: "${user.id}") { refusalToResetSecondFactor secondFactors { id } } }`,
      )
      expect(shown.data.user.refusalToResetSecondFactor).toBe(reason)
      expect(shown.data.user.secondFactors).toHaveLength(1)
    }
    const { data } = await asAdmin.query(reset('nobody'))
    expect(typesOf(data.resetSecondFactor)).toEqual(['UserNotFound'])
  })

  it('is not allowed for an admin who lacks a permission that the user has', async () => {
    const lesser = await server.addUser({ role: 'ADMIN', withdrawnPermissions: ['users.delete'] })
    const admin = await server.addUser({ role: 'ADMIN' })
    const client = await server.signedIn(lesser)
    const { data } = await client.query(
      `mutation { resetSecondFactor(input: { userId: "${admin.id}" }) { errors { ... on AccessDenied { reason } } } }`,
    )
    expect(data.resetSecondFactor.errors).toEqual([{ reason: 'OUTRANKED' }])
  })
})

describe('the second factors of many users', () => {
  it('are shown by method and date to callers with users.read, without a query for each user', async () => {
    for (let count = 0; count < 3; count += 1) {
      await enrolTotp(await server.signedIn(await server.addUser()))
    }
    const reader = await server.addUser({ grantedPermissions: ['users.read'] })
    const member = await server.addUser()
    const { data } = await (await server.signedIn(reader)).query(
      '{ users(first: 100) { nodes { id secondFactors { method name createdAt } mustEnrolSecondFactor } } }',
    )
    type Node = { secondFactors: { method: string; name: string | null }[] }
    const factors = (data.users.nodes as Node[]).flatMap(node => node.secondFactors)
    expect(factors.length).toBeGreaterThanOrEqual(3)
    // Only callers who may act on a user see the names.
    expect(factors.every(({ name }) => name === null)).toBe(true)
    const own = await (await server.signedIn(member)).query('{ viewer { secondFactors { id } } }')
    expect(own.data.viewer.secondFactors).toEqual([])
  })
})
