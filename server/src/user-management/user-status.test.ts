import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { OneTimeLinkEntity } from '../one-time-links/one-time-link.entity.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { apiTokenOf } from '../testing/api-token-client.js'
import {
  answer,
  beginLogIn,
  enrolTotp,
  mutate,
  totpCode,
  typesOf,
} from '../testing/second-factor-client.js'
import { type Answer, type TestClient, TestServer } from '../testing/test-server.js'
import type { UserEntity } from '../users/user.entity.js'

let server: TestServer
let admin: UserEntity
let asAdmin: TestClient
beforeAll(async () => {
  server = await TestServer.start()
  admin = await server.addUser({ role: 'ADMIN' })
  asAdmin = await server.signedIn(admin)
})
afterAll(() => server.stop())

const change = async (
  mutation: 'blockUsers' | 'unblockUsers',
  userIds: string[],
  client = asAdmin,
) => {
  const type = mutation === 'blockUsers' ? 'BlockUsersInput' : 'UnblockUsersInput'
  const answer = await client.query(
    `mutation ($input: ${type}!) {
      ${mutation}(input: $input) {
        results {
          userId
          user { status version }
          errors { __typename ... on UserError { message path } ... on AccessDenied { reason } }
        }
        errors { message }
      }
    }`,
    { input: { userIds } },
  )
  return { ...answer, results: answer.data?.[mutation].results }
}
const block = (...userIds: string[]) => change('blockUsers', userIds)
const unblock = (...userIds: string[]) => change('unblockUsers', userIds)

const operationsOn = (subjectId: string) =>
  server.database.read(unit =>
    unit.rows(OperationEntity).find({ where: { subjectId }, order: { id: 'ASC' } }),
  )

describe('blocking', () => {
  it('ends every session at once, and gives the reason', async () => {
    const user = await server.addUser()
    const clients = [await server.signedIn(user), await server.signedIn(user)]
    const { results } = await block(user.id)
    expect(results).toEqual([
      { userId: user.id, user: { status: 'BLOCKED', version: 2 }, errors: [] },
    ])
    for (const client of clients) {
      const { data } = await client.query('{ viewer { id } sessionEndReason }')
      expect(data).toEqual({ viewer: null, sessionEndReason: 'BLOCKED' })
    }
    const { data } = await server.client().logIn(user.login)
    expect(data.logIn.errors).toMatchObject([{ __typename: 'AccountBlocked' }])
  })

  it('ends links that could set a password', async () => {
    const user = await server.addUser()
    await server.database.write(unit =>
      server.services.links.issue(unit, 'PASSWORD_RESET', user.id, 60),
    )
    await block(user.id)
    const links = await server.database.read(unit =>
      unit.rows(OneTimeLinkEntity).findBy({ userId: user.id }),
    )
    expect(links).toMatchObject([{ endReason: 'REVOKED' }])
  })

  it('permanently ends unfinished sign-ins and enrolments, and the trust in their browsers', async () => {
    await server.setSecurity({ trustedDevices: 'WEEK' })
    const user = await server.addUser()
    const own = await server.signedIn(user)
    const { secret, recoveryCodes } = await enrolTotp(own)
    const trusted = server.client()
    const first = await beginLogIn(trusted, user.login)
    const code = totpCode(secret)
    const given = { token: first.challenge.token, method: 'TOTP', code, trustDevice: true }
    expect((await answer(trusted, given)).errors).toEqual([])
    const begun = await mutate(own, 'beginTotpEnrolment', 'secret token errors { __typename }')
    const other = server.client()
    const { challenge } = await beginLogIn(other, user.login)

    await block(user.id)
    const late = { token: challenge.token, method: 'RECOVERY_CODE', code: recoveryCodes[0] }
    expect(typesOf(await answer(other, late))).toEqual(['ChallengeExpired'])
    await unblock(user.id)
    expect(typesOf(await answer(other, late))).toEqual(['ChallengeExpired'])
    const again = await beginLogIn(trusted, user.login)
    expect(again.challenge.methods).toEqual(['TOTP', 'RECOVERY_CODE'])
    const step = { token: again.challenge.token, method: 'RECOVERY_CODE', code: recoveryCodes[0] }
    expect((await answer(trusted, step)).errors).toEqual([])
    const enrolment = { token: begun.token, code: totpCode(begun.secret), name: 'Late' }
    const errors = 'errors { __typename }'
    expect(typesOf(await mutate(trusted, 'confirmTotpEnrolment', errors, enrolment))).toEqual([
      'EnrolmentExpired',
    ])
  })

  it('stops a request of the blocked user that had already begun', async () => {
    const user = await server.addUser({ role: 'ADMIN' })
    const target = await server.addUser()
    await block(user.id)
    const origin = { ip: '127.0.0.1', userAgent: '', requestId: '' }
    // Stands for a request that had begun before.
    await expect(
      server.services.userStatuses.block(user, [target.id], origin),
    ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    const edit = { userId: user.id, fields: { firstName: 'Still here' } }
    await expect(
      server.services.users.update(user, edit, origin, () => undefined),
    ).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    })
  })

  it('leaves no session if the user signs in at the same time', async () => {
    const user = await server.addUser()
    const client = server.client()
    await Promise.all([client.logIn(user.login), block(user.id)])
    expect(await client.whoAmI()).toBeNull()
  })

  it('reports a result for each user of a selection, in order, and blocks those it can', async () => {
    const active = await server.addUser()
    const blocked = await server.addUser({ status: 'BLOCKED' })
    const invited = await server.addUser({ status: 'INVITED', password: null })
    const owner = await server.addUser({ role: 'OWNER' })
    const ids = [invited.id, active.id, owner.id, 'nobody', admin.id, blocked.id, active.id]
    const { results } = await block(...ids)
    expect(results.map(({ userId }: { userId: string }) => userId)).toEqual(ids)
    expect(results).toMatchObject([
      { user: null, errors: [{ __typename: 'NotActive', path: ['userIds'] }] },
      { user: { status: 'BLOCKED', version: 2 }, errors: [] },
      { user: null, errors: [{ __typename: 'AccessDenied', reason: 'OUTRANKED' }] },
      { user: null, errors: [{ __typename: 'UserNotFound', path: ['userIds'] }] },
      { user: null, errors: [{ __typename: 'AccessDenied', reason: 'SELF' }] },
      { user: { status: 'BLOCKED', version: 1 }, errors: [] },
      { user: { status: 'BLOCKED', version: 2 }, errors: [] },
    ])
    expect(await operationsOn(active.id)).toMatchObject([{ action: 'BLOCK_USER', outcome: 'DONE' }])
    expect(await operationsOn(blocked.id)).toEqual([])
    expect(await operationsOn(owner.id)).toMatchObject([
      { outcome: 'REFUSED', reason: 'OUTRANKED' },
    ])
  })

  it('accepts at most a hundred users at once', async () => {
    const users = await server.database.write(unit =>
      server.services.users.add(
        unit,
        Array.from({ length: 100 }, (_, index) => ({
          login: `hundred${index}@rekey.example`,
          firstName: 'Some',
          lastName: 'Person',
          phone: null,
          language: 'en',
          role: 'MEMBER',
          status: 'ACTIVE',
          passwordHash: null,
        })),
      ),
    )
    const ids = users.map(user => user.id)
    const { results } = await block(...ids)
    expect(results).toHaveLength(100)
    expect(results.every(({ errors }: { errors: unknown[] }) => errors.length === 0)).toBe(true)
    for (const wrong of [[], [...ids, admin.id]]) {
      const { errors } = await unblock(...wrong)
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    }
  })
})

describe('unblocking', () => {
  it('lets them sign in again, but ended sessions stay ended', async () => {
    const user = await server.addUser()
    const before = await server.signedIn(user)
    await block(user.id)
    const { results } = await unblock(user.id)
    expect(results).toMatchObject([{ user: { status: 'ACTIVE' }, errors: [] }])
    expect(await before.whoAmI()).toBeNull()
    expect(await (await server.signedIn(user)).whoAmI()).toBe(user.login)
    const operations = await operationsOn(user.id)
    expect(operations.map(({ action }) => action)).toEqual([
      'LOG_IN',
      'BLOCK_USER',
      'UNBLOCK_USER',
      'LOG_IN',
    ])
  })

  it('does not make an invited user active', async () => {
    const invited = await server.addUser({ status: 'INVITED', password: null })
    const active = await server.addUser()
    const { results } = await unblock(invited.id, active.id)
    expect(results).toMatchObject([
      { user: null, errors: [{ __typename: 'NotBlocked' }] },
      { user: { status: 'ACTIVE', version: 1 }, errors: [] },
    ])
    expect(await operationsOn(active.id)).toEqual([])
  })
})

const changeWith = async (
  mutation: 'blockUsers' | 'unblockUsers',
  input: Record<string, unknown>,
  client = asAdmin,
) => {
  const type = mutation === 'blockUsers' ? 'BlockUsersInput' : 'UnblockUsersInput'
  const { data, errors } = await client.query(
    `mutation ($input: ${type}!) {
      ${mutation}(input: $input) { results { userId errors { __typename } } }
    }`,
    { input },
  )
  return { results: data?.[mutation].results, errors }
}

const suspendedOf = async (userId: string, client = asAdmin) => {
  const { data } = await client.query(
    `query ($id: ID!) {
      user(id: $id) { suspendedApiTokens { id name prefix permissions lastUsedAt expiresAt } }
    }`,
    { id: userId },
  )
  return data.user.suspendedApiTokens
}

describe('the reason of a block', () => {
  it('is in the operation, in one line, and not in the notice', async () => {
    const user = await server.addUser()
    const reason = '  Laptop lost,\r\nsays \u202eMaya\u0000 '
    expect(await changeWith('blockUsers', { userIds: [user.id], reason })).toMatchObject({
      results: [{ errors: [] }],
    })
    expect(await operationsOn(user.id)).toMatchObject([
      {
        action: 'BLOCK_USER',
        changes: [{ name: 'reason', from: null, to: 'Laptop lost, says Maya' }],
      },
    ])
    await server.services.operations.idle()
    expect(await server.services.operations.verify()).toMatchObject({ kind: 'unbroken' })
    const [mail, ...others] = await server.mailsTo(user.login)
    expect(others).toEqual([])
    expect(mail?.subject).toBe('Your account was blocked')
    expect(mail?.text).not.toContain('Laptop')
  })

  it('has at most 500 characters', async () => {
    const user = await server.addUser()
    const { errors } = await changeWith('blockUsers', {
      userIds: [user.id],
      reason: 'x'.repeat(501),
    })
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    expect(await operationsOn(user.id)).toEqual([])
  })
})

describe('the API tokens of a blocked user', () => {
  it('are invalid like unknown ones, also for a request that is running', async () => {
    const user = await server.addUser()
    const { client, row } = await apiTokenOf(server, user)
    const unknown = await server
      .client({ authorization: 'Bearer rk_live_0000000000000000000000000000000000000' })
      .query('{ viewer { id } }')
    const found = await server.services.apiTokenVerifier.verify(
      (await apiTokenOf(server, user)).token,
    )
    await block(user.id)
    const suspended = await client.query('{ viewer { id } }')
    expect(suspended.status).toBe(401)
    const withoutRequest = ({ errors: [error] = [] }: Answer) => [
      error?.message,
      error?.extensions.code,
      Object.keys(error?.extensions),
    ]
    expect(withoutRequest(suspended)).toEqual(withoutRequest(unknown))
    expect(suspended.headers.get('www-authenticate')).toBe(unknown.headers.get('www-authenticate'))
    // The token alone is refused, even if its owner is active.
    await server.database.write(unit => server.services.users.changeStatus(unit, [user], 'ACTIVE'))
    expect((await client.query('{ viewer { id } }')).status).toBe(401)
    if (found === null) throw new Error('The token was not valid before.')
    const running = server.services.apiTokenVerifier.callerWith(found.user, found.apiToken, false)
    await expect(
      server.database.read(unit => running.requireValidCredential(unit)),
    ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(await server.services.apiTokens.listAllOf(user.id)).toContainEqual(
      expect.objectContaining({ id: row.id, suspendedAt: expect.any(Date) }),
    )
  })

  it('are listed for those who may unblock the user, without the tokens themselves', async () => {
    const user = await server.addUser({ grantedPermissions: ['users.read'] })
    const { row } = await apiTokenOf(server, user, ['users.read'], { name: 'Nightly job' })
    expect(await suspendedOf(user.id)).toEqual([])
    await block(user.id)
    expect(await suspendedOf(user.id)).toEqual([
      {
        id: row.id,
        name: 'Nightly job',
        prefix: row.prefix,
        permissions: ['users.read'],
        lastUsedAt: null,
        expiresAt: row.expiresAt.toISOString(),
      },
    ])
    const reader = await server.addUser({ grantedPermissions: ['users.read'] })
    expect(await suspendedOf(user.id, await server.signedIn(reader))).toBeNull()
    const manager = await server.addUser({ grantedPermissions: ['users.read', 'users.manage'] })
    const admins = await server.addUser({ role: 'ADMIN', status: 'BLOCKED' })
    expect(await suspendedOf(admins.id, await server.signedIn(manager))).toBeNull()
  })

  it('work again after an unblock that names them; the others are revoked', async () => {
    const user = await server.addUser()
    const kept = await apiTokenOf(server, user)
    const dropped = await apiTokenOf(server, user)
    const other = await server.addUser()
    const foreign = await apiTokenOf(server, other)
    await block(user.id, other.id)
    const restoreApiTokenIds = [kept.row.id, foreign.row.id, 'unknown']
    await changeWith('unblockUsers', { userIds: [user.id], restoreApiTokenIds })
    expect(await kept.client.whoAmI()).toBe(user.login)
    expect((await dropped.client.query('{ viewer { id } }')).status).toBe(401)
    const tokens = await server.services.apiTokens.listAllOf(user.id)
    expect(tokens).toMatchObject([{ id: kept.row.id, suspendedAt: null }])
    expect(await suspendedOf(other.id)).toMatchObject([{ id: foreign.row.id }])
    expect((await operationsOn(user.id)).at(-1)).toMatchObject({
      action: 'UNBLOCK_USER',
      changes: [
        { name: 'apiTokensRestored', from: null, to: kept.row.prefix },
        { name: 'apiTokensRevoked', from: dropped.row.prefix, to: null },
      ],
    })
    const mail = (await server.mailsTo(user.login)).at(-1)
    expect(mail?.text).toContain('1 API token of yours works again.')
    expect(mail?.text).toContain('1 API token of yours was revoked.')
  })

  it('cannot be restored by an unblock that was refused', async () => {
    const outranking = await server.addUser({ role: 'ADMIN' })
    const { row } = await apiTokenOf(server, outranking)
    await block(outranking.id)
    const manager = await server.addUser({ grantedPermissions: ['users.manage'] })
    const input = { userIds: [outranking.id], restoreApiTokenIds: [row.id] }
    const refused = await changeWith('unblockUsers', input, await server.signedIn(manager))
    expect(refused.results).toMatchObject([{ errors: [{ __typename: 'AccessDenied' }] }])
    expect(await suspendedOf(outranking.id)).toMatchObject([{ id: row.id }])
  })

  it('are all revoked by an unblock that names none', async () => {
    const user = await server.addUser()
    const { client } = await apiTokenOf(server, user)
    await block(user.id)
    await unblock(user.id)
    expect((await client.query('{ viewer { id } }')).status).toBe(401)
    expect(await server.services.apiTokens.listAllOf(user.id)).toEqual([])
  })
})

describe('what the caller may do to a user', () => {
  it('fields of the user contain the reasons why the caller may not change them', async () => {
    const member = await server.addUser()
    const ask = async (client: TestClient, id: string) => {
      const { data } = await client.query(
        `query ($id: ID!) {
          user(id: $id) {
            refusalToBlock refusalToDelete refusalToChangeAccess refusalToManageInvitation
          }
        }`,
        { id },
      )
      return [...new Set(Object.values(data.user))]
    }
    const owner = await server.addUser({ role: 'OWNER' })
    expect(await ask(asAdmin, member.id)).toEqual([null])
    expect(await ask(asAdmin, owner.id)).toEqual(['OUTRANKED'])
    expect(await ask(asAdmin, admin.id)).toEqual(['SELF'])
    const reader = await server.addUser({ grantedPermissions: ['users.read'] })
    expect(await ask(await server.signedIn(reader), member.id)).toEqual(['PERMISSION_MISSING'])
  })
})
