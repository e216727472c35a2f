import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type TestClient, TestServer } from '../testing/test-server.js'
import type { UserEntity } from './user.entity.js'

const password = 'Brisk-Meadow-41'

let server: TestServer
let asAdmin: TestClient
beforeAll(async () => {
  server = await TestServer.start()
  asAdmin = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
})
afterAll(() => server.stop())

const verifiedAt = async ({ id }: Pick<UserEntity, 'id'>): Promise<string | null> => {
  const { data } = await asAdmin.query('query ($id: ID!) { user(id: $id) { loginVerifiedAt } }', {
    id,
  })
  return data.user.loginVerifiedAt
}

const tokenMailedTo = async (login: string): Promise<string> => {
  const mail = (await server.mailsTo(login)).at(-1)
  const [, token = ''] = /#token=([\w-]+)/.exec(mail?.text ?? '') ?? []
  expect(token).not.toBe('')
  return token
}

const activate = async (token: string) => {
  const { data } = await server.client().query(
    `mutation ($input: ActivateUserInput!) {
      activateUser(input: $input) { user { loginVerifiedAt } errors { __typename } }
    }`,
    { input: { token, password } },
  )
  expect(data.activateUser.errors).toEqual([])
  return data.activateUser.user
}

/** Resets the password by the link that is mailed on request. */
const resetByMail = async (user: UserEntity): Promise<void> => {
  await server.client().requestPasswordReset(user.login)
  const { data } = await server.client().resetPassword(await tokenMailedTo(user.login), password)
  expect(data.resetPassword.errors).toEqual([])
}

const changeLogin = async (user: UserEntity, login: string): Promise<void> => {
  const { data } = await asAdmin.query(
    `mutation ($input: UpdateUserInput!) {
      updateUser(input: $input) { errors { __typename ... on UserError { message } } }
    }`,
    { input: { userId: user.id, login } },
  )
  expect(data.updateUser.errors).toEqual([])
}

const time = expect.stringMatching(/^\d{4}-.*Z$/)

describe('a login', () => {
  it('is not verified when a user is added', async () => {
    expect(await verifiedAt(await server.addUser())).toBeNull()
  })

  it('is verified by the mailed invitation', async () => {
    const login = 'nora@rekey.example'
    await asAdmin.query(
      'mutation ($input: InviteUserInput!) { inviteUser(input: $input) { user { id } } }',
      { input: { login, firstName: 'Nora' } },
    )
    expect(await activate(await tokenMailedTo(login))).toEqual({ loginVerifiedAt: time })
  })

  it('is verified by a mailed reset link', async () => {
    const user = await server.addUser()
    await resetByMail(user)
    expect(await verifiedAt(user)).toEqual(time)
  })

  it('is not verified by a reset link that an operator created, because it is not mailed', async () => {
    const user = await server.addUser()
    const message = await server.services.operator.resetPassword(user.login)
    const [, token = ''] = /#token=([\w-]+)/.exec(message) ?? []
    const { data } = await server.client().resetPassword(token, password)
    expect(data.resetPassword.errors).toEqual([])
    expect(await verifiedAt(user)).toBeNull()
  })

  it('stays verified when the password or another field of the profile changes', async () => {
    const user = await server.addUser()
    await resetByMail(user)
    const before = await verifiedAt(user)
    const client = server.client()
    await client.logIn(user.login, password)
    await client.changePassword({ currentPassword: password, newPassword: 'Other-Meadow-42' })
    await asAdmin.query(
      'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { errors { __typename } } }',
      { input: { userId: user.id, firstName: 'Renamed' } },
    )
    expect(await verifiedAt(user)).toBe(before)
  })

  it('is no longer verified when it changes', async () => {
    const user = await server.addUser()
    await resetByMail(user)
    await changeLogin(user, 'elsewhere@rekey.example')
    expect(await verifiedAt(user)).toBeNull()
  })

  it('stays verified in another spelling of the same mailbox', async () => {
    const user = await server.addUser({ login: 'spelling@rekey.example' })
    await resetByMail(user)
    await changeLogin(user, 'Spelling@REKEY.example')
    expect(await verifiedAt(user)).toEqual(time)
  })
})
