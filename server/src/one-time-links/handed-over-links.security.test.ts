import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { mutate, typesOf } from '../testing/second-factor-client.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import type { Caller } from '../users/caller.js'
import { UserEntity } from '../users/user.entity.js'

const newPassword = 'Brisk-Meadow-41'
const given = 'Given-Meadow-41'

let server: TestServer
let asOwner: TestClient
let creator: Caller
let asCreator: TestClient
beforeAll(async () => {
  server = await TestServer.start()
  asOwner = await server.signedIn(await server.addUser({ role: 'OWNER' }))
})
beforeEach(async () => {
  creator = await server.addUser({ role: 'ADMIN' })
  asCreator = await server.signedIn(creator)
})
afterAll(() => server.stop())

const errors = 'errors { __typename ... on LinkInvalid { status } }'
const access = { role: 'MEMBER', grantedPermissions: [], withdrawnPermissions: [] }
const asOwnerDo = async (mutation: string, input: Record<string, unknown>) => {
  const selection =
    'userIds' in input ? 'results { errors { __typename } }' : 'errors { __typename }'
  const answer = await mutate(asOwner, mutation, selection, input)
  expect(
    answer.errors ?? answer.results.flatMap((one: { errors: unknown[] }) => one.errors),
  ).toEqual([])
}
const changeAccess = (userId: string, change: Record<string, unknown>) =>
  asOwnerDo('changeAccess', { ...access, userId, ...change })

const kinds = [
  ['createPasswordResetLink', 'resetPassword', 'newPassword', {}],
  ['createInvitationLink', 'activateUser', 'password', { status: 'INVITED', password: null }],
] as const

describe.each(kinds)('a link of %s', (create, redeem, field, profile) => {
  const created = async (client = asCreator) => {
    const user = await server.addUser(profile)
    const { url } = await mutate(client, create, 'url', { userId: user.id })
    const token: string = url.split('#token=')[1]
    const use = async () => {
      const looked = await server
        .client()
        .query('query ($token: String!) { oneTimeLink(token: $token) { status } }', { token })
      const input = { token, [field]: newPassword }
      const answer = await mutate(server.client(), redeem, errors, input)
      return [looked.data.oneTimeLink.status, answer.errors[0]?.status ?? 'DONE']
    }
    return { user, use }
  }
  const dead = ['REVOKED', 'REVOKED']

  it('is dead once its user has a higher role than its creator', async () => {
    const { user, use } = await created()
    await changeAccess(user.id, { role: 'OWNER' })
    expect(await use()).toEqual(dead)
  })

  it('is dead once its user has a permission that its creator lacks', async () => {
    await changeAccess(creator.id, { role: 'ADMIN', withdrawnPermissions: ['settings.manage'] })
    const { user, use } = await created()
    await changeAccess(user.id, { grantedPermissions: ['settings.manage'] })
    expect(await use()).toEqual(dead)
  })

  it('is dead once its creator is demoted, blocked or deleted', async () => {
    for (const end of [
      () => changeAccess(creator.id, {}),
      () => asOwnerDo('blockUsers', { userIds: [creator.id] }),
      () => asOwnerDo('deleteUser', { userId: creator.id, login: creator.login }),
    ]) {
      creator = await server.addUser({ role: 'ADMIN' })
      const { use } = await created(await server.signedIn(creator))
      await end()
      expect(await use()).toEqual(dead)
    }
  })

  it('stays dead after an unblock of its creator', async () => {
    const { use } = await created()
    await asOwnerDo('blockUsers', { userIds: [creator.id] })
    await asOwnerDo('unblockUsers', { userIds: [creator.id] })
    expect(await use()).toEqual(dead)
  })

  it('is dead once its creator is secured, although they stay active', async () => {
    const { use } = await created()
    await asOwnerDo('secureUser', { userId: creator.id })
    expect(await use()).toEqual(dead)
  })

  it('works if its creator may still act on its user after a change', async () => {
    const { user, use } = await created()
    await changeAccess(user.id, { role: 'ADMIN' })
    expect(await use()).toEqual(['VALID', 'DONE'])
  })
})

it('lets a link that an operator created work, whoever its user is now', async () => {
  const user = await server.addUser()
  const said = await server.services.operator.resetPassword(user.login)
  await changeAccess(user.id, { role: 'OWNER' })
  const token = said.split('#token=')[1] ?? ''
  const { data } = await server.client().resetPassword(token, newPassword)
  expect(typesOf(data.resetPassword)).toEqual([])
})

describe('a password that someone else set', () => {
  const withPassword = async (client = asCreator) => {
    const user = await server.addUser()
    const { data } = await client.changePassword({
      userId: user.id,
      currentPassword: goodPassword,
      newPassword: given,
      requireChangeAtNextSignIn: true,
    })
    expect(typesOf(data.changePassword)).toEqual([])
    return user
  }
  const signIn = async (user: Caller, password = given) =>
    typesOf((await server.client().logIn(user.login, password)).data.logIn)

  it('and its sessions end, if its user gets more access than the person who set it', async () => {
    for (const raise of [
      (id: string) => changeAccess(id, { role: 'OWNER' }),
      (id: string) => asOwnerDo('changeRoles', { userIds: [id], role: 'OWNER' }),
    ]) {
      const user = await withPassword()
      const session = server.client()
      await session.logIn(user.login, given)
      await raise(user.id)
      expect(await signIn(user)).toEqual(['PasswordExpired'])
      expect(await session.whoAmI()).toBeNull()
    }
  })

  it('ends with a higher role, if the person who set it is gone', async () => {
    const user = await withPassword()
    await asOwnerDo('deleteUser', { userId: creator.id, login: creator.login })
    await changeAccess(user.id, { role: 'ADMIN' })
    expect(await signIn(user)).toEqual(['PasswordExpired'])
  })

  it('keeps working if the person who set it could set it again', async () => {
    const ofAdmin = await withPassword()
    await changeAccess(ofAdmin.id, { role: 'ADMIN' })
    expect(await signIn(ofAdmin)).toEqual([])
    const ofOwner = await withPassword(asOwner)
    await changeAccess(ofOwner.id, { role: 'OWNER' })
    expect(await signIn(ofOwner)).toEqual([])
  })

  it('keeps working after less access, and once its user has chosen another one', async () => {
    const user = await withPassword()
    const session = server.client()
    await session.logIn(user.login, given)
    await session.changePassword({ currentPassword: given, newPassword })
    await changeAccess(user.id, { role: 'OWNER' })
    expect(await signIn(user, newPassword)).toEqual([])

    const reader = await withPassword()
    await changeAccess(reader.id, { grantedPermissions: ['users.read'] })
    await server.database.write(unit =>
      unit.rows(UserEntity).update({ id: creator.id }, { role: 'MEMBER' }),
    )
    await changeAccess(reader.id, {})
    expect(await signIn(reader)).toEqual([])
  })
})
