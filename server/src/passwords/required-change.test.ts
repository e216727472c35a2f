import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { SessionEntity } from '../sessions/session.entity.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import type { UserEntity } from '../users/user.entity.js'

const given = 'Given-Meadow-41'

let server: TestServer
let admin: TestClient
let member: UserEntity
beforeAll(async () => {
  server = await TestServer.start({ THROTTLE_PER_LOGIN: '5' })
  admin = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
  member = await server.addUser({ role: 'ADMIN' })
  await admin.changePassword({
    userId: member.id,
    currentPassword: goodPassword,
    newPassword: given,
  })
})
afterAll(() => server.stop())

describe('a password that someone else has set', () => {
  it('allows nothing but to change it after the next sign-in', async () => {
    const client = server.client()
    const { data } = await client.logIn(member.login, given)
    expect(data.logIn.user.mustChangePassword).toBe(true)
    const refused = [
      '{ users { totalCount } }',
      `{ operations(filter: { subjectId: "${member.id}" }) { totalCount } }`,
      `mutation { updateUser(input: { userId: "${member.id}", firstName: "X" }) { user { id } } }`,
    ]
    for (const query of refused) {
      expect((await client.query(query)).errors).toMatchObject([
        { extensions: { code: 'FORBIDDEN', reason: 'PASSWORD_CHANGE_REQUIRED' } },
      ])
    }
    const other = await server.addUser()
    const another = await client.changePassword({
      userId: other.id,
      currentPassword: given,
      newPassword: 'Third-Meadow-41',
    })
    expect(another.errors).toMatchObject([{ extensions: { reason: 'PASSWORD_CHANGE_REQUIRED' } }])
    expect((await client.query(`{ user(id: "${other.id}") { login } }`)).errors).toHaveLength(1)
    expect((await client.get('/operations.csv')).status).toBe(403)

    expect(await client.whoAmI()).toBe(member.login)
    expect((await client.query('{ passwordPolicy { rules { rule } } }')).errors).toBeUndefined()
    expect((await client.query(`{ user(id: "${member.id}") { login } }`)).errors).toBeUndefined()
    const own = await client.changePassword({
      currentPassword: given,
      newPassword: 'My-Meadow-419',
    })
    expect(own.data.changePassword).toMatchObject({
      user: { mustChangePassword: false },
      errors: [],
    })
    expect((await client.query('{ users { totalCount } }')).errors).toBeUndefined()
  })

  it('requires no change if the person who set it chose so', async () => {
    const other = await server.addUser()
    await admin.changePassword({
      userId: other.id,
      currentPassword: goodPassword,
      newPassword: given,
      requireChangeAtNextSignIn: false,
    })
    const { data } = await server.client().logIn(other.login, given)
    expect(data.logIn.user.mustChangePassword).toBe(false)
  })

  it('requires no change again after users change their own password', async () => {
    const other = await server.addUser()
    const client = await server.signedIn(other)
    const { data } = await client.changePassword({
      currentPassword: goodPassword,
      newPassword: given,
      requireChangeAtNextSignIn: true,
    })
    expect(data.changePassword.user.mustChangePassword).toBe(false)
  })

  describe('and the user has just signed in with it', () => {
    const newPassword = 'My-Meadow-419'
    const userToChange = async () => {
      const user = await server.addUser()
      await admin.changePassword({
        userId: user.id,
        currentPassword: goodPassword,
        newPassword: given,
      })
      const client = server.client()
      await client.logIn(user.login, given)
      return { user, client }
    }
    const ageProof = (userId: string) =>
      server.database.write(unit =>
        unit.rows(SessionEntity).update({ userId }, { provedAt: new Date(Date.now() - 601_000) }),
      )

    it('changes the password without asking for the old one again', async () => {
      const { user, client } = await userToChange()
      const { data } = await client.changePassword({ newPassword })
      expect(data.changePassword).toMatchObject({
        user: { mustChangePassword: false },
        errors: [],
      })
      expect(await client.whoAmI()).toBe(user.login)
      expect((await server.client().logIn(user.login, newPassword)).data.logIn.errors).toEqual([])
    })

    it('still refuses the password that someone else has set', async () => {
      const { client } = await userToChange()
      const { data } = await client.changePassword({ newPassword: given })
      expect(data.changePassword.errors).toMatchObject([
        { violations: [{ rule: 'SAME_AS_CURRENT' }] },
      ])
    })

    it('waits after many refused passwords, so that nobody can guess the current one', async () => {
      const { client } = await userToChange()
      const kinds: string[] = []
      for (let count = 0; count < 8; count += 1) {
        const { data } = await client.changePassword({ newPassword: 'short' })
        kinds.push(data.changePassword.errors[0].__typename)
      }
      expect(kinds.at(0)).toBe('PasswordPolicyViolated')
      expect(kinds.at(-1)).toBe('TooManyAttempts')
    })

    it('clears no count of wrong current passwords by a refused new one', async () => {
      const { client } = await userToChange()
      const kinds: string[] = []
      for (let count = 0; count < 8; count += 1) {
        const { data } = await client.changePassword({
          currentPassword: 'Wrong-One-123',
          newPassword,
        })
        kinds.push(data.changePassword.errors[0].__typename)
        await client.changePassword({ newPassword: 'short' })
      }
      expect(kinds.at(0)).toBe('CurrentPasswordIncorrect')
      expect(kinds.at(-1)).toBe('TooManyAttempts')
    })

    it('requires a proof again after ten minutes, which the password gives', async () => {
      const { user, client } = await userToChange()
      await ageProof(user.id)
      const late = await client.changePassword({ newPassword })
      expect(late.errors).toMatchObject([{ extensions: { code: 'REAUTHENTICATION_REQUIRED' } }])
      const proof = await client.query(
        `mutation ($password: String!) {
          reauthenticate(input: { password: $password }) { errors { ... on UserError { message } } }
        }`,
        { password: given },
      )
      expect(proof.data.reauthenticate.errors).toEqual([])
      const { data } = await client.changePassword({ newPassword })
      expect(data.changePassword.errors).toEqual([])
    })
  })

  it('makes the user appear in a list of users who must choose a new password', async () => {
    const [other, another] = [await server.addUser(), await server.addUser()]
    await admin.changePassword({
      userId: other.id,
      currentPassword: goodPassword,
      newPassword: given,
    })
    const idsOf = async (mustChangePassword: boolean | null) => {
      const { data } = await admin.query(
        `query ($filter: UserFilter) {
          users(filter: $filter, first: 100) { totalCount nodes { id mustChangePassword } }
        }`,
        { filter: { mustChangePassword } },
      )
      expect(data.users.nodes).toHaveLength(data.users.totalCount)
      return (data.users.nodes as { id: string }[]).map(({ id }) => id)
    }
    const [required, others, all] = [await idsOf(true), await idsOf(false), await idsOf(null)]
    expect(required).toContain(other.id)
    expect(required).not.toContain(another.id)
    expect(others).toContain(another.id)
    expect(others).not.toContain(other.id)
    expect(all).toEqual(expect.arrayContaining([other.id, another.id]))
  })

  it('requires the current password for every other change', async () => {
    const other = await server.addUser()
    const client = await server.signedIn(other)
    for (const [caller, input] of [
      [client, {}],
      [admin, { userId: other.id }],
    ] as const) {
      const refused = await caller.changePassword({ ...input, newPassword: 'My-Meadow-419' })
      expect(refused.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    }
    expect((await server.client().logIn(other.login, goodPassword)).data.logIn.errors).toEqual([])
  })
})
