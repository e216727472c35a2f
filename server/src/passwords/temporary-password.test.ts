import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { OperationEntity } from '../operations/operation.entity.js'
import { SessionEntity } from '../sessions/session.entity.js'
import { defaultPasswordAge } from '../settings/password-age.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import { UserEntity } from '../users/user.entity.js'

const given = 'Given-Meadow-41'
const newPassword = 'My-Meadow-419'
const hourMs = 60 * 60 * 1000

let server: TestServer
let admin: TestClient
beforeAll(async () => {
  server = await TestServer.start()
  admin = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
})
afterAll(() => server.stop())
afterEach(() =>
  server.database.write(unit => server.services.settings.savePasswordAge(unit, defaultPasswordAge)),
)

const rowOf = async (id: string): Promise<UserEntity> =>
  server.database.read(unit => unit.rows(UserEntity).findOneByOrFail({ id }))

const setPassword = async (userId: string, requireChangeAtNextSignIn = true): Promise<void> => {
  const { data } = await admin.changePassword({
    userId,
    currentPassword: goodPassword,
    newPassword: given,
    requireChangeAtNextSignIn,
  })
  expect(data.changePassword.errors).toEqual([])
}

/** Moves the end of a temporary password into the past. */
const expire = (id: string) =>
  server.database.write(unit =>
    unit.rows(UserEntity).update({ id }, { passwordExpiresAt: new Date(Date.now() - 1) }),
  )

/** A user whose temporary password has expired, and a session that began before. */
const userWithExpired = async () => {
  const user = await server.addUser()
  await setPassword(user.id)
  const client = server.client()
  expect((await client.logIn(user.login, given)).data.logIn.errors).toEqual([])
  await expire(user.id)
  return { user, client }
}

const reauthenticate = async (client: TestClient, password: string) => {
  const { data } = await client.query(
    `mutation ($password: String!) {
      reauthenticate(input: { password: $password }) { errors { __typename } }
    }`,
    { password },
  )
  return data.reauthenticate.errors
}

const lastOperationOf = async (subjectId: string) =>
  server.database.read(unit =>
    unit
      .rows(OperationEntity)
      .findOneOrFail({ where: { subjectId }, order: { at: 'DESC', id: 'DESC' } }),
  )

describe('a password that someone else has set and that must be changed', () => {
  it('works for 72 hours by default, which the API, the mail and my data state', async () => {
    const user = await server.addUser()
    const before = Date.now()
    await setPassword(user.id)
    const { passwordExpiresAt } = await rowOf(user.id)
    const endsAt = passwordExpiresAt?.getTime() ?? 0
    expect(endsAt).toBeGreaterThanOrEqual(before + 72 * hourMs)
    expect(endsAt).toBeLessThanOrEqual(Date.now() + 72 * hourMs)
    const { data } = await admin.query(`{ user(id: "${user.id}") { passwordExpiresAt } }`)
    expect(data.user.passwordExpiresAt).toBe(passwordExpiresAt?.toISOString())
    const text = (await server.mailsTo(user.login)).at(-1)?.text?.replace(/\s+/g, ' ')
    expect(text).toContain('The password works until ')
  })

  it('works as long as the account sets it, or without an end', async () => {
    const { settings } = server.services
    for (const [temporaryPasswordHours, words] of [
      [1, true],
      [null, false],
    ] as const) {
      await server.database.write(unit =>
        settings.savePasswordAge(unit, { ...defaultPasswordAge, temporaryPasswordHours }),
      )
      const user = await server.addUser({ status: 'INVITED' })
      await setPassword(user.id)
      const { passwordExpiresAt } = await rowOf(user.id)
      expect(passwordExpiresAt !== null).toBe(words)
      if (passwordExpiresAt !== null) {
        expect(passwordExpiresAt.getTime()).toBeLessThanOrEqual(Date.now() + hourMs)
      }
      const text = (await server.mailsTo(user.login)).at(-1)?.text?.replace(/\s+/g, ' ') ?? ''
      expect(text.includes('The password works until ')).toBe(words)
    }
  })

  it('signs nobody in after its end, and only the person who knows it learns why', async () => {
    const { user } = await userWithExpired()
    const { data } = await server.client().logIn(user.login, given)
    expect(data.logIn).toMatchObject({
      user: null,
      errors: [{ __typename: 'PasswordExpired', path: ['password'] }],
    })
    expect(await lastOperationOf(user.id)).toMatchObject({
      action: 'LOG_IN',
      outcome: 'REFUSED',
      reason: 'PASSWORD_EXPIRED',
    })
    const wrong = await server.client().logIn(user.login, 'Wrong-Meadow-41')
    expect(wrong.data.logIn.errors).toMatchObject([{ __typename: 'InvalidCredentials' }])
  })

  it('is no wrong guess after its end, so it makes nobody wait', async () => {
    const { user } = await userWithExpired()
    for (let tries = 0; tries < 12; tries += 1) {
      const { data } = await server.client().logIn(user.login, given)
      expect(data.logIn.errors).toMatchObject([{ __typename: 'PasswordExpired' }])
    }
  })

  it('proves nothing in an open session after its end', async () => {
    const { user, client } = await userWithExpired()
    expect(await reauthenticate(client, given)).toEqual([{ __typename: 'PasswordExpired' }])
    expect(await reauthenticate(client, 'Wrong-Meadow-41')).toEqual([
      { __typename: 'CurrentPasswordIncorrect' },
    ])
    const { data } = await client.changePassword({ currentPassword: given, newPassword })
    expect(data.changePassword).toMatchObject({
      user: null,
      errors: [{ __typename: 'PasswordExpired', path: ['currentPassword'] }],
    })
    expect((await lastOperationOf(user.id)).reason).toBe('PASSWORD_EXPIRED')
  })

  it('can still be changed in a session that has just begun, and only there', async () => {
    const late = await userWithExpired()
    await server.database.write(unit =>
      unit
        .rows(SessionEntity)
        .update({ userId: late.user.id }, { provedAt: new Date(Date.now() - 601_000) }),
    )
    expect((await late.client.changePassword({ newPassword })).errors).toMatchObject([
      { extensions: { code: 'REAUTHENTICATION_REQUIRED' } },
    ])
    const { user, client } = await userWithExpired()
    expect((await client.changePassword({ newPassword })).data.changePassword.errors).toEqual([])
    expect((await rowOf(user.id)).passwordExpiresAt).toBeNull()
    expect((await server.client().logIn(user.login, newPassword)).data.logIn.errors).toEqual([])
  })

  it('can be replaced with a reset link after its end', async () => {
    const { user } = await userWithExpired()
    await server.client().requestPasswordReset(user.login)
    const mail = (await server.mailsTo(user.login)).at(-1)
    const token = /#token=([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? ''
    const { data } = await server.client().resetPassword(token, newPassword)
    expect(data.resetPassword.errors).toEqual([])
    expect(await rowOf(user.id)).toMatchObject({
      passwordExpiresAt: null,
      mustChangePassword: false,
    })
  })
})

describe('a password that someone else has set', () => {
  it('has no end if its user need not change it', async () => {
    const user = await server.addUser()
    await setPassword(user.id, false)
    expect((await rowOf(user.id)).passwordExpiresAt).toBeNull()
  })

  it('has no end if an administrator requires the change later', async () => {
    const user = await server.addUser()
    const { data } = await admin.query(
      `mutation ($id: ID!) {
        requirePasswordChange(input: { userIds: [$id] }) { results { user { mustChangePassword passwordExpiresAt } } }
      }`,
      { id: user.id },
    )
    expect(data.requirePasswordChange.results).toEqual([
      { user: { mustChangePassword: true, passwordExpiresAt: null } },
    ])
  })
})

describe('withdrawing the requirement of a new password', () => {
  const withdraw = async (id: string) => {
    const { data } = await admin.query(
      `mutation ($id: ID!) {
        withdrawPasswordChangeRequirement(input: { userIds: [$id] }) {
          results { user { mustChangePassword } errors { __typename } }
        }
      }`,
      { id },
    )
    return data.withdrawPasswordChangeRequirement.results[0]
  }
  const require = (id: string) =>
    admin.query(
      `mutation ($id: ID!) {
        requirePasswordChange(input: { userIds: [$id] }) { results { userId } }
      }`,
      { id },
    )

  it.each([72, null])(
    'is refused for a temporary password that works for %p hours, and possible after its user replaced it',
    async temporaryPasswordHours => {
      await server.database.write(unit =>
        server.services.settings.savePasswordAge(unit, {
          ...defaultPasswordAge,
          temporaryPasswordHours,
        }),
      )
      const user = await server.addUser()
      await setPassword(user.id)
      expect(await withdraw(user.id)).toEqual({
        user: null,
        errors: [{ __typename: 'PasswordTemporary' }],
      })
      expect(await rowOf(user.id)).toMatchObject({ mustChangePassword: true })
      const client = server.client()
      await client.logIn(user.login, given)
      await client.changePassword({ currentPassword: given, newPassword })
      await require(user.id)
      expect(await withdraw(user.id)).toEqual({ user: { mustChangePassword: false }, errors: [] })
    },
  )

  it('is refused if the account requires a new password because of its age', async () => {
    const user = await server.addUser()
    await require(user.id)
    await server.database.write(async unit => {
      await server.services.settings.savePasswordAge(unit, {
        ...defaultPasswordAge,
        requireChangeAfterDays: 30,
      })
      const passwordChangedAt = new Date(Date.now() - 31 * 24 * hourMs)
      await unit.rows(UserEntity).update({ id: user.id }, { passwordChangedAt })
    })
    expect(await withdraw(user.id)).toEqual({
      user: null,
      errors: [{ __typename: 'PasswordTooOld' }],
    })
  })
})
