import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { permissions, type Role } from '@rekey/shared/access'
import { getNamedType, isLeafType, isRequiredArgument } from 'graphql'
import { createSchemaToRead } from '../app/schema.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { apiTokenOf, bearer, fromNow } from '../testing/api-token-client.js'
import { enrolTotp } from '../testing/second-factor-client.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import type { Caller } from '../users/caller.js'
import { UserEntity } from '../users/user.entity.js'
import { ApiTokenEntity } from './api-token.entity.js'
import { newApiToken } from './api-token.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start({ TRUST_PROXY: '1' })
})
afterAll(() => server.stop())

const origin = { ip: '127.0.0.1', userAgent: 'test', requestId: 'test' }

const codesOf = async (client: TestClient, query: string, variables = {}) => {
  const { errors = [] } = await client.query(query, variables)
  return errors.map(({ extensions }) => extensions.code)
}

const changeAccess = (
  user: Caller,
  access: { role: Role; withdrawnPermissions?: ['users.read'] },
) => server.database.write(unit => server.services.users.changeAccess(unit, [user], access))

const updateRow = (user: Caller, columns: Partial<UserEntity>) =>
  server.database.write(unit => unit.rows(UserEntity).update({ id: user.id }, columns))

const ofOwner =
  'mutation ($i: UpdateUserInput!) { updateUser(input: $i) { errors { __typename } } }'

describe('the permissions of an API token', () => {
  it('follow those of the owner at once, when lost and when regained', async () => {
    const admin = await server.addUser({ role: 'ADMIN' })
    const { client } = await apiTokenOf(server, admin, ['users.read', 'operations.read'])
    const permissionsNow = async () =>
      (await client.query('{ viewer { permissions } }')).data.viewer.permissions
    expect(await permissionsNow()).toEqual(['users.read', 'operations.read'])

    await changeAccess(admin, { role: 'ADMIN', withdrawnPermissions: ['users.read'] })
    expect(await permissionsNow()).toEqual(['operations.read'])
    expect(await codesOf(client, '{ users { totalCount } }')).toEqual(['FORBIDDEN'])
    expect(await codesOf(client, '{ operations { totalCount } }')).toEqual([])

    await changeAccess(admin, { role: 'MEMBER' })
    expect(await permissionsNow()).toEqual([])
    expect(await codesOf(client, '{ operations { totalCount } }')).toEqual(['FORBIDDEN'])
    expect((await client.get('/operations.csv')).status).toBe(403)

    await server.database.write(unit =>
      server.services.users.changeAccess(unit, [admin], {
        role: 'ADMIN',
        grantedPermissions: [],
        withdrawnPermissions: [],
      }),
    )
    expect(await permissionsNow()).toEqual(['users.read', 'operations.read'])
  })

  it('do not grow if the owner gets more permissions', async () => {
    const member = await server.addUser({ grantedPermissions: ['users.read'] })
    const { client } = await apiTokenOf(server, member, ['users.read'])
    await changeAccess(member, { role: 'OWNER' })
    const { data } = await client.query('{ viewer { role permissions } }')
    expect(data.viewer).toEqual({ role: 'OWNER', permissions: ['users.read'] })
  })

  it('are reflected in all fields about permissions', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const member = await server.addUser()
    const { client } = await apiTokenOf(server, owner, ['users.read'])
    const { data } = await client.query(
      `query ($id: ID!) { user(id: $id) {
        viewerCanUpdate viewerCanChangeLogin viewerCanChangePassword
        refusalToBlock refusalToDelete refusalToChangeAccess refusalToResetSecondFactor
      } }`,
      { id: member.id },
    )
    expect(data.user).toEqual({
      viewerCanUpdate: false,
      viewerCanChangeLogin: false,
      viewerCanChangePassword: false,
      refusalToBlock: 'PERMISSION_MISSING',
      refusalToDelete: 'PERMISSION_MISSING',
      refusalToChangeAccess: 'PERMISSION_MISSING',
      refusalToResetSecondFactor: 'PERMISSION_MISSING',
    })
  })

  it('do not reach users who outrank the token, even if the owner outranks them', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const admin = await server.addUser({ role: 'ADMIN' })
    const reader = await server.addUser({ grantedPermissions: ['users.read'] })
    const { client } = await apiTokenOf(server, owner, ['users.manage', 'users.delete'])
    const block = `mutation ($ids: [ID!]!) { blockUsers(input: { userIds: $ids }) {
      results { errors { __typename ... on AccessDenied { reason } } }
    } }`
    const outranked = { errors: [{ __typename: 'AccessDenied', reason: 'OUTRANKED' }] }
    const { data } = await client.query(block, { ids: [admin.id, reader.id] })
    expect(data.blockUsers.results).toEqual([outranked, outranked])
    const remove = `mutation ($i: DeleteUserInput!) { deleteUser(input: $i) {
      errors { __typename ... on AccessDenied { reason } }
    } }`
    const deletion = { userId: reader.id, login: reader.login }
    expect((await client.query(remove, { i: deletion })).data.deleteUser).toEqual(outranked)
    expect(
      (
        await client.changePassword({
          userId: reader.id,
          currentPassword: goodPassword,
          newPassword: 'Brisk-Meadow-41',
        })
      ).errors,
    ).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    expect(await server.services.users.find(reader.id)).toMatchObject({
      status: 'ACTIVE',
      passwordHash: reader.passwordHash,
    })
  })

  it('are the most that it can give to others', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const member = await server.addUser()
    const { client } = await apiTokenOf(server, owner, ['access.manage', 'users.invite'])
    const change = `mutation ($i: ChangeAccessInput!) { changeAccess(input: $i) {
      errors { __typename ... on AccessDenied { reason } }
    } }`
    const invite = `mutation ($i: InviteUserInput!) { inviteUser(input: $i) {
      errors { __typename ... on AccessDenied { reason } }
    } }`
    const beyond = { errors: [{ __typename: 'AccessDenied', reason: 'BEYOND_OWN_ACCESS' }] }
    const given = { userId: member.id, withdrawnPermissions: [] }
    for (const access of [
      { role: 'ADMIN', grantedPermissions: [] },
      { role: 'OWNER', grantedPermissions: [] },
      { role: 'MEMBER', grantedPermissions: ['users.delete'] },
    ]) {
      const { data } = await client.query(change, { i: { ...given, ...access } })
      expect(data.changeAccess).toEqual(beyond)
      const who = { login: 'puppet@rekey.example', firstName: 'Pup', lastName: 'Pet' }
      const answer = await client.query(invite, { i: { ...who, ...access } })
      expect(answer.data.inviteUser).toEqual(beyond)
    }
    expect(await server.services.users.findByLogin('puppet@rekey.example')).toBeNull()
    const within = { role: 'MEMBER', grantedPermissions: ['users.invite'] }
    const { data } = await client.query(change, { i: { ...given, ...within } })
    expect(data.changeAccess).toEqual({ errors: [] })
  })

  it('do not let it change its owner’s login, second factor or tokens', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const browser = await server.signedIn(owner)
    await enrolTotp(browser, 'Phone')
    const { client } = await apiTokenOf(server, owner, permissions)
    const login = 'thief@rekey.example'
    expect(await codesOf(client, ofOwner, { i: { userId: owner.id, login } })).toEqual([
      'SESSION_REQUIRED',
    ])
    expect(await server.services.users.findByLogin(login)).toBeNull()
    for (const { name, description, args, type } of Object.values(
      createSchemaToRead().getQueryType()?.getFields() ?? {},
    )) {
      const given = args.filter(isRequiredArgument).map(argument => `${argument.name}: "x"`)
      const called = given.length === 0 ? name : `${name}(${given.join()})`
      const query = `{ ${called} ${isLeafType(getNamedType(type)) ? '' : '{ __typename }'} }`
      const isDocumented = description?.includes('`SESSION_REQUIRED`') === true
      expect([query, await codesOf(client, query)]).toEqual([
        query,
        isDocumented ? ['SESSION_REQUIRED'] : [],
      ])
    }
    for (const name of ['sessions', 'trustedDevices', 'apiTokens']) {
      const query = `{ ${name} { totalCount } }`
      expect(await codesOf(client, query)).toEqual(['SESSION_REQUIRED'])
    }
    const { data } = await client.query(
      '{ viewer { recoveryCodesLeft secondFactors { name } } sessionEndReason }',
    )
    // The token sees what it sees of other users: methods and dates.
    expect(data.viewer.recoveryCodesLeft).toBeNull()
    expect(data.viewer.secondFactors).toEqual([{ name: null }])
    expect((await client.get('/my-data.json')).status).toBe(403)
    expect(await (await client.get('/my-data.json')).json()).toMatchObject({
      errors: [{ extensions: { code: 'SESSION_REQUIRED' } }],
    })
  })

  it('do not show its owner’s second factors without users.read', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    await enrolTotp(await server.signedIn(owner), 'Phone')
    const { client } = await apiTokenOf(server, owner)
    const { data } = await client.query('{ viewer { secondFactors { method } } }')
    expect(data.viewer).toEqual({ secondFactors: null })
  })

  it('allow it to change another user’s login, unless that user outranks it', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const member = await server.addUser()
    const admin = await server.addUser({ role: 'ADMIN' })
    const { client } = await apiTokenOf(server, owner, ['users.manage'])
    const renamed = (userId: string) => ({ i: { userId, login: `new-${userId}@rekey.example` } })
    expect((await client.query(ofOwner, renamed(member.id))).data.updateUser.errors).toEqual([])
    for (const { id } of [admin, owner]) {
      expect((await client.query(ofOwner, renamed(id))).errors).toMatchObject([
        { extensions: { code: 'FORBIDDEN', reason: 'OUTRANKED' } },
      ])
    }
  })
})

describe('an API token', () => {
  const expectRejected = async (client: TestClient) => {
    // Also for queries that need no sign-in.
    for (const query of ['{ viewer { login } }', '{ setupRequired }', '{ users { totalCount } }']) {
      const answer = await client.query(query)
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
      expect(answer.data).toBeUndefined()
      expect(answer.errors).toEqual([
        {
          message:
            'This API token is unknown, has expired or was revoked, or cannot be used from your address.',
          extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) },
        },
      ])
    }
    const csv = await client.get('/operations.csv')
    expect(csv.status).toBe(401)
    expect(csv.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
  }

  it('is rejected if it has expired', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const { client, row } = await apiTokenOf(server, owner, permissions)
    expect(await client.whoAmI()).toBe(owner.login)
    await server.database.write(unit =>
      unit.rows(ApiTokenEntity).update({ id: row.id }, { expiresAt: fromNow(-1) }),
    )
    await expectRejected(client)
  })

  it('is rejected if its owner was blocked, also after they are unblocked', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const admin = await server.addUser({ role: 'ADMIN' })
    const { client } = await apiTokenOf(server, admin, permissions)
    const { userStatuses } = server.services
    await userStatuses.block(owner, [admin.id], origin)
    await expectRejected(client)
    await userStatuses.unblock(owner, [admin.id], origin)
    await expectRejected(client)
    expect(await server.services.apiTokens.listAllOf(admin.id)).toEqual([])
  })

  it.each(['BLOCKED', 'INVITED'] as const)(
    'is rejected if its row still exists for a user who is %s',
    async status => {
      const admin = await server.addUser({ role: 'ADMIN' })
      const { client } = await apiTokenOf(server, admin, permissions)
      await updateRow(admin, { status })
      await expectRejected(client)
    },
  )

  it('is rejected if its owner was deleted', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const admin = await server.addUser({ role: 'ADMIN' })
    const { client } = await apiTokenOf(server, admin, permissions)
    const deletion = { userId: admin.id, login: admin.login }
    await server.services.deletions.delete(owner, deletion, origin)
    await expectRejected(client)
  })

  it('is rejected from an address that is not allowed, and accepted from an allowed one', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const { token } = await apiTokenOf(server, owner, permissions)
    const range = { range: '203.0.113.0/24', label: '' }
    await server.services.ipAuthorization.add(owner, range, origin)
    const from = (ip: string) => server.client({ ...bearer(token), 'x-forwarded-for': ip })
    const [inside, outside] = [from('203.0.113.7'), from('198.51.100.9')]
    expect(await outside.whoAmI()).toBe(owner.login)
    const switchTo = `mutation ($on: Boolean!) {
      updateSecuritySettings(input: { ipAuthorization: $on }) { errors { __typename } }
    }`
    expect((await inside.query(switchTo, { on: true })).data.updateSecuritySettings.errors).toEqual(
      [],
    )
    await expectRejected(outside)
    expect(await inside.whoAmI()).toBe(owner.login)
    await inside.query(switchTo, { on: false })
    expect(await outside.whoAmI()).toBe(owner.login)
  })

  it('is rejected without a database query if its form is invalid', async () => {
    const read = jest.spyOn(server.database, 'read')
    const alike = newApiToken()
    const last = alike.at(-1) === 'A' ? 'B' : 'A'
    for (const token of [
      'rk_',
      'rk_live_',
      `${alike.slice(0, -1)}${last}`,
      alike.toUpperCase(),
      `${alike} `.repeat(3),
      `rk_live_${'A'.repeat(5000)}`,
      'rk_live_ \u00e9',
    ]) {
      const { status } = await server.client(bearer(token)).query('{ viewer { login } }')
      expect(status).toBe(401)
    }
    expect(read).not.toHaveBeenCalled()
    await expectRejected(server.client(bearer(alike)))
    expect(read).toHaveBeenCalled()
    read.mockRestore()
  })

  it('is rejected if it is only the stored hash or the shown prefix', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const { row } = await apiTokenOf(server, owner, permissions)
    for (const token of [row.tokenHash, `rk_${row.tokenHash}`, row.prefix, row.id]) {
      expect(await server.client(bearer(token)).whoAmI()).toBeNull()
    }
  })
})

describe('a request without a token', () => {
  it('gets an error that says how to send one', async () => {
    const csv = await server.client().get('/operations.csv')
    expect(csv.status).toBe(401)
    expect(csv.headers.get('www-authenticate')).toBe('Bearer')
    const { headers } = await server.client().query('{ viewer { login } }')
    expect(headers.get('www-authenticate')).toBeNull()
  })
})

describe('a user who must', () => {
  it.each([
    ['set a new password', 'PASSWORD_CHANGE_REQUIRED'],
    ['add a second factor', 'SECOND_FACTOR_ENROLMENT_REQUIRED'],
  ])('%s first cannot use their tokens until then', async (what, reason) => {
    const owner = await server.addUser({ role: 'OWNER' })
    const { client } = await apiTokenOf(server, owner, permissions)
    if (what === 'set a new password') await updateRow(owner, { mustChangePassword: true })
    else await server.setSecurity({ secondFactor: 'REQUIRED' })
    try {
      for (const query of [
        '{ viewer { login } }',
        `{ user(id: "${owner.id}") { login } }`,
        '{ users { totalCount } }',
        '{ securitySettings { ipAuthorization } }',
        `mutation { changePassword(input: { currentPassword: "${goodPassword}", newPassword: "Brisk-Meadow-41" }) { errors { __typename } } }`,
      ]) {
        const { errors } = await client.query(query)
        expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', reason } }])
      }
      expect((await client.get('/operations.csv')).status).toBe(403)
      expect((await client.get('/schema.graphql')).status).toBe(200)
    } finally {
      await server.setSecurity({ secondFactor: 'OFF' })
    }
    expect(await server.services.users.find(owner.id)).toMatchObject({
      passwordHash: owner.passwordHash,
    })
  })
})

describe('a token beside a session cookie', () => {
  it('is used, and the cookie is ignored', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const member = await server.addUser()
    const { token } = await apiTokenOf(server, member)
    const both = server.client(bearer(token))
    both.take(await server.signedIn(owner))
    expect(await both.whoAmI()).toBe(member.login)
    expect(await codesOf(both, '{ users { totalCount } }')).toEqual(['FORBIDDEN'])
  })

  it('is not replaced by the cookie if it is invalid', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const session = await server.signedIn(owner)
    for (const token of [newApiToken(), 'rk_live_x', 'rk_']) {
      const both = server.client(bearer(token))
      both.take(session)
      expect(await both.whoAmI()).toBeNull()
      expect(await codesOf(both, 'mutation { logOut { errors { message } } }')).toEqual([
        'UNAUTHENTICATED',
      ])
    }
    expect(await session.whoAmI()).toBe(owner.login)
  })

  it('is ignored if it is of another kind', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    for (const authorization of ['Bearer abc', 'Basic cms6cms=']) {
      const client = server.client({ authorization })
      client.take(await server.signedIn(owner))
      expect(await client.whoAmI()).toBe(owner.login)
    }
  })

  it('is accepted with its scheme in any case (RFC 9110, 11.1)', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const { token } = await apiTokenOf(server, owner)
    for (const authorization of [`bearer ${token}`, `BEARER   ${token}`]) {
      expect(await server.client({ authorization }).whoAmI()).toBe(owner.login)
    }
  })

  it('causes an error that explains the form if it is sent in a wrong form, even with a valid cookie', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const session = await server.signedIn(owner)
    const { token } = await apiTokenOf(server, owner, permissions)
    for (const authorization of [
      token,
      `Token ${token}`,
      `Bearer: ${token}`,
      'Bearer',
      'Bearer ',
    ]) {
      const client = server.client({ authorization })
      client.take(session)
      for (const query of ['{ viewer { login } }', '{ setupRequired }']) {
        const answer = await client.query(query)
        expect(answer.status).toBe(401)
        expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
        expect(JSON.parse(answer.text)).toEqual({
          errors: [
            {
              message: 'Send an API token as Authorization: Bearer <token>.',
              extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) },
            },
          ],
        })
      }
      expect((await client.get('/operations.csv')).status).toBe(401)
    }
  })
})

describe('a request with a token from a page of another site', () => {
  it('is rejected by its origin', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const { token } = await apiTokenOf(server, owner)
    const client = server.client({ ...bearer(token), origin: 'https://evil.example' })
    const { status, text } = await client.query('{ viewer { login } }')
    expect(status).toBe(403)
    expect(text).not.toContain(owner.login)
  })
})

describe('an API token that is revoked during a request', () => {
  it('can no longer write, even in a request that began before', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const member = await server.addUser()
    const { token, row } = await apiTokenOf(server, owner, permissions)
    const found = await server.services.apiTokenVerifier.verify(token)
    if (found === null) throw new Error('There is no token.')
    const caller = server.services.apiTokenVerifier.callerWith(found.user, found.apiToken, false)
    await server.services.apiTokens.revoke(owner, row.id, origin)

    const { access, users, userStatuses, invitations, passwordChanges, deletions } = server.services
    const given = { role: 'ADMIN' as const, grantedPermissions: [], withdrawnPermissions: [] }
    const edit = { userId: member.id, fields: { firstName: 'Changed' } }
    const change = {
      currentPassword: goodPassword,
      newPassword: 'Brisk-Meadow-41',
      requireChangeAtNextSignIn: false,
    }
    const invited = {
      login: 'late@rekey.example',
      firstName: 'Late',
      lastName: '',
      phone: null,
      language: 'en',
      ...given,
    }
    for (const attempt of [
      () => access.change(caller, { userId: member.id, ...given }, origin),
      () => users.update(caller, edit, origin, () => undefined),
      () => userStatuses.block(caller, [member.id], origin),
      () => invitations.invite(caller, invited, origin),
      () => deletions.delete(caller, { userId: member.id, login: member.login }, origin),
      () => passwordChanges.changePassword(caller, { ...change, userId: member.id }, origin),
      () => passwordChanges.changePassword(caller, change, origin),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    }
    expect(await users.find(member.id)).toMatchObject({ role: 'MEMBER', firstName: 'Some' })
    expect(await users.find(owner.id)).toMatchObject({ passwordHash: owner.passwordHash })
  })

  it('completes a request or changes nothing, and changes nothing after the revocation', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const { client, row } = await apiTokenOf(server, owner, permissions)
    const browser = await server.signedIn(owner)
    const edit = (count: number) =>
      client.query(ofOwner, { i: { userId: owner.id, firstName: `N${count}` } })
    const revoke = browser.query(
      `mutation { revokeApiToken(input: { apiTokenId: "${row.id}" }) { errors { __typename } } }`,
    )
    const [revoked, ...answers] = await Promise.all([
      revoke,
      ...Array.from({ length: 12 }, (_, count) => edit(count)),
    ])
    expect(revoked.data.revokeApiToken.errors).toEqual([])
    const done = answers.filter(({ errors }) => errors === undefined).length
    const refused = answers.filter(
      ({ errors }) => errors?.[0].extensions.code === 'UNAUTHENTICATED',
    ).length
    expect(done + refused).toBe(12)
    const recorded = await server.database.read(unit =>
      unit.rows(OperationEntity).findBy({ actorId: owner.id, action: 'UPDATE_USER' }),
    )
    expect(recorded).toHaveLength(done)
    expect((await edit(99)).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
  })

  it('is revoked once if two requests revoke it at the same time', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const { row } = await apiTokenOf(server, owner)
    const answers = await Promise.all(
      [1, 2, 3].map(() => server.services.apiTokens.revoke(owner, row.id, origin)),
    )
    expect(answers.filter(Boolean)).toHaveLength(1)
  })
})

describe('the text of an API token', () => {
  it('is neither logged nor stored: only its hash is stored', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const browser = await server.signedIn(owner)
    const { data, headers } = await browser.query(
      `mutation ($at: DateTimeISO!) {
        createApiToken(input: { name: "Quiet", permissions: [], expiresAt: $at }) { token }
      }`,
      { at: fromNow(60_000) },
    )
    const { token } = data.createApiToken
    expect(headers.get('cache-control')).toBe('no-store')
    const client = server.client(bearer(token))
    expect(await client.whoAmI()).toBe(owner.login)
    await client.query('{ nothing }')
    await client.query('{ users { totalCount } }')
    await client.get('/operations.csv?actions=NONE')
    await server.client(bearer(`${token}x`)).whoAmI()
    await server.services.apiTokenVerifier.idle()
    const [row] = await server.services.apiTokens.listAllOf(owner.id)
    const secret = token.slice(14)
    expect(server.log()).not.toContain(secret)
    expect(server.log()).not.toContain(row?.tokenHash)
    const stored = await server.storedBytes()
    expect(stored).not.toContain(secret)
    const answers = await browser.query('{ apiTokens { nodes { id name prefix } } }')
    expect(answers.text).not.toContain(row?.tokenHash)
  })
})

describe('the throttle of current passwords', () => {
  let strict: TestServer
  beforeAll(async () => {
    strict = await TestServer.start({ THROTTLE_PER_LOGIN: '3' })
  })
  afterAll(() => strict.stop())

  it('counts attempts with a token separately: the token is throttled, its owner is not', async () => {
    const member = await strict.addUser()
    const browser = await strict.signedIn(member)
    const { client } = await apiTokenOf(strict, member)
    const kindsOf = async (by: TestClient, currentPassword: string) => {
      const change = { currentPassword, newPassword: 'Brisk-Meadow-41' }
      const { errors } = (await by.changePassword(change)).data.changePassword
      return errors.map(({ __typename }: { __typename: string }) => __typename)
    }
    for (let count = 0; count < 3; count += 1) {
      expect(await kindsOf(client, 'Wrong-One-123')).toEqual(['CurrentPasswordIncorrect'])
    }
    expect(await kindsOf(client, goodPassword)).toEqual(['TooManyAttempts'])
    expect(await kindsOf(browser, goodPassword)).toEqual([])
  })
})

describe('the explorer', () => {
  it('returns its schema to a token with api.explore', async () => {
    const closed = await TestServer.start({ GRAPHQL_INTROSPECTION: 'false' })
    try {
      const owner = await closed.addUser({ role: 'OWNER' })
      const exploring = await apiTokenOf(closed, owner, ['api.explore'])
      const other = await apiTokenOf(closed, owner, ['users.read'])
      expect((await exploring.client.get('/schema.graphql')).status).toBe(200)
      expect((await other.client.get('/schema.graphql')).status).toBe(403)
      expect((await closed.client().get('/schema.graphql')).status).toBe(401)
    } finally {
      await closed.stop()
    }
  })
})
