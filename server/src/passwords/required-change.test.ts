import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import type { UserEntity } from '../users/user.entity.js'

const given = 'Given-Meadow-41'

let server: TestServer
let admin: TestClient
let member: UserEntity
beforeAll(async () => {
  server = await TestServer.start()
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
})
