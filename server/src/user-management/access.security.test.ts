import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Permission, Role } from '@rekey/shared/access'
import SQL from 'sql-template-tag'
import type { RequestOrigin } from '../http/request-origin.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { asCaller, type TestClient, TestServer } from '../testing/test-server.js'
import type { Caller } from '../users/caller.js'
import { UserEntity } from '../users/user.entity.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(() => server.stop())

const origin: RequestOrigin = { ip: '127.0.0.1', userAgent: 'test', requestId: 'test' }

const changeAccess = async (client: TestClient, input: Record<string, unknown>) => {
  const answer = await client.query(
    `mutation ($input: ChangeAccessInput!) {
      changeAccess(input: $input) {
        user { id role version permissions grantedPermissions withdrawnPermissions }
        errors {
          __typename
          ... on UserError { message path }
          ... on AccessDenied { reason }
          ... on UserChangedMeanwhile { user { role version } }
        }
      }
    }`,
    { input: { role: 'MEMBER', grantedPermissions: [], withdrawnPermissions: [], ...input } },
  )
  return { ...answer, payload: answer.data?.changeAccess }
}

const changeRoles = async (client: TestClient, userIds: string[], role: Role) => {
  const answer = await client.query(
    `mutation ($input: ChangeRolesInput!) {
      changeRoles(input: $input) {
        results { userId user { role } errors { __typename ... on AccessDenied { reason } } }
        errors { message }
      }
    }`,
    { input: { userIds, role } },
  )
  return { ...answer, results: answer.data?.changeRoles.results }
}

const now = async (user: UserEntity) => {
  const found = await server.services.users.find(user.id)
  if (found === null) throw new Error(`${user.login} is gone.`)
  return asCaller(found)
}

const operationsOn = (subjectId: string) =>
  server.database.read(unit =>
    unit.rows(OperationEntity).find({ where: { subjectId }, order: { id: 'ASC' } }),
  )

const memberWith = (...grantedPermissions: Permission[]) => server.addUser({ grantedPermissions })

describe('changing access', () => {
  it('sets the given role and permissions, with immediate effect', async () => {
    const asAdmin = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    const user = await server.addUser()
    const asUser = await server.signedIn(user)
    const { payload } = await changeAccess(asAdmin, {
      userId: user.id,
      version: 1,
      grantedPermissions: ['users.read', 'operations.read', 'users.read'],
    })
    expect(payload).toEqual({
      user: {
        id: user.id,
        role: 'MEMBER',
        version: 2,
        permissions: ['users.read', 'operations.read'],
        grantedPermissions: ['users.read', 'operations.read'],
        withdrawnPermissions: [],
      },
      errors: [],
    })
    expect((await asUser.query('{ users { totalCount } }')).errors).toBeUndefined()
    expect(await operationsOn(user.id)).toMatchObject([
      { action: 'LOG_IN' },
      { action: 'CHANGE_ACCESS', outcome: 'DONE' },
    ])
    await changeAccess(asAdmin, { userId: user.id })
    expect((await asUser.query('{ users { totalCount } }')).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ])
  })

  it('records nothing if the access stays the same', async () => {
    const asAdmin = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    const user = await memberWith('users.read')
    const { payload } = await changeAccess(asAdmin, {
      userId: user.id,
      grantedPermissions: ['users.read'],
    })
    expect(payload.errors).toEqual([])
    expect((await now(user)).version).toBe(1)
    expect(await operationsOn(user.id)).toEqual([])
  })

  it('rejects a change from an older version, and returns the newer values', async () => {
    const asAdmin = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    const user = await server.addUser()
    await changeAccess(asAdmin, { userId: user.id, role: 'ADMIN' })
    const { payload } = await changeAccess(asAdmin, { userId: user.id, version: 1 })
    expect(payload.errors).toMatchObject([
      {
        __typename: 'UserChangedMeanwhile',
        path: ['version'],
        user: { role: 'ADMIN', version: 2 },
      },
    ])
    expect((await now(user)).role).toBe('ADMIN')
  })

  it.each([
    [{ grantedPermissions: ['users.rule'] }, 'grantedPermissions'],
    [{ withdrawnPermissions: ['users.read '] }, 'withdrawnPermissions'],
    [{ grantedPermissions: ['__proto__'] }, 'grantedPermissions'],
    [
      { grantedPermissions: ['users.read'], withdrawnPermissions: ['users.read'] },
      'withdrawnPermissions',
    ],
  ])('rejects the invalid access %j', async (given, field) => {
    const asAdmin = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    const user = await server.addUser()
    const { payload } = await changeAccess(asAdmin, { userId: user.id, ...given })
    expect(payload.errors).toMatchObject([{ __typename: 'InvalidField', path: [field] }])
    expect((await now(user)).version).toBe(1)
  })

  it('reports an unknown user as data', async () => {
    const asAdmin = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    const { payload } = await changeAccess(asAdmin, { userId: 'nobody' })
    expect(payload.errors).toMatchObject([{ __typename: 'UserNotFound' }])
  })
})

describe('a change beyond the caller’s own access', () => {
  const all: Permission[] = ['users.read', 'users.manage', 'users.delete', 'access.manage']

  it.each([
    [{ role: 'ADMIN' as const }, { role: 'OWNER' }],
    [{ role: 'ADMIN' as const, withdrawnPermissions: all.slice(0, 3) }, { role: 'ADMIN' }],
    [{ grantedPermissions: all }, { role: 'ADMIN' }],
    [{ grantedPermissions: all }, { grantedPermissions: [...all, 'operations.read'] }],
    [{ role: 'OWNER' as const }, { role: 'ADMIN' }],
  ])('is rejected if a user with %j changes their own access to %j', async (caller, given) => {
    // Another owner, so that the caller is not the last one.
    await server.addUser({ role: 'OWNER' })
    const user = await server.addUser(caller)
    const client = await server.signedIn(user)
    const { payload } = await changeAccess(client, { userId: user.id, ...given })
    expect(payload.errors).toMatchObject([{ __typename: 'AccessDenied', reason: 'SELF' }])
    const { results } = await changeRoles(client, [user.id], 'OWNER')
    expect(results).toMatchObject([{ errors: [{ reason: 'SELF' }] }])
    expect(await now(user)).toMatchObject({ role: user.role, version: 1 })
  })

  it.each([
    ['an admin makes an owner', { role: 'ADMIN' as const }, { role: 'OWNER' }],
    ['a member makes an admin', { grantedPermissions: all }, { role: 'ADMIN' }],
    [
      'a member grants a permission that they lack',
      { grantedPermissions: all },
      { grantedPermissions: ['operations.read'] },
    ],
    [
      'an admin without a permission makes an admin with it',
      { role: 'ADMIN' as const, withdrawnPermissions: ['users.delete' as const] },
      { role: 'ADMIN' },
    ],
  ])('is rejected if %s', async (_what, caller, given) => {
    const client = await server.signedIn(await server.addUser(caller))
    const user = await server.addUser()
    const { payload } = await changeAccess(client, { userId: user.id, ...given })
    expect(payload).toMatchObject({
      user: null,
      errors: [{ __typename: 'AccessDenied', reason: 'BEYOND_OWN_ACCESS' }],
    })
    expect((await now(user)).version).toBe(1)
    expect(await operationsOn(user.id)).toMatchObject([
      { action: 'CHANGE_ACCESS', outcome: 'REFUSED', reason: 'BEYOND_OWN_ACCESS' },
    ])
  })

  it('cannot restore a withdrawn permission by giving the role to someone', async () => {
    const caller = { role: 'ADMIN' as const, withdrawnPermissions: ['users.delete' as const] }
    const client = await server.signedIn(await server.addUser(caller))
    const user = await server.addUser()
    const { results } = await changeRoles(client, [user.id], 'ADMIN')
    expect(results).toMatchObject([{ user: null, errors: [{ reason: 'BEYOND_OWN_ACCESS' }] }])
  })

  it.each([
    ['a higher role', { role: 'ADMIN' as const }],
    ['more permissions', { grantedPermissions: ['operations.read' as const] }],
  ])('is rejected on a user with %s, also if it withdraws access', async (_what, user) => {
    const caller = await memberWith('users.manage', 'users.delete', 'users.invite', 'access.manage')
    const client = await server.signedIn(caller)
    const target = await now(await server.addUser(user))
    const { payload } = await changeAccess(client, { userId: target.id })
    expect(payload.errors).toMatchObject([{ reason: 'OUTRANKED' }])
    const { results } = await changeRoles(client, [target.id], 'MEMBER')
    expect(results).toMatchObject([{ errors: [{ reason: 'OUTRANKED' }] }])
    const { data } = await client.query(
      `mutation ($ids: [ID!]!, $id: ID!, $login: String!) {
        blockUsers(input: { userIds: $ids }) { results { errors { ... on AccessDenied { reason } } } }
        unblockUsers(input: { userIds: $ids }) { results { errors { ... on AccessDenied { reason } } } }
        deleteUser(input: { userId: $id, login: $login }) { errors { ... on AccessDenied { reason } } }
        resendInvitation(input: { userId: $id }) { errors { ... on AccessDenied { reason } } }
        revokeInvitation(input: { userId: $id }) { errors { ... on AccessDenied { reason } } }
      }`,
      { ids: [target.id], id: target.id, login: target.login },
    )
    const outranked = [{ reason: 'OUTRANKED' }]
    expect(data).toEqual({
      blockUsers: { results: [{ errors: outranked }] },
      unblockUsers: { results: [{ errors: outranked }] },
      deleteUser: { errors: outranked },
      resendInvitation: { errors: outranked },
      revokeInvitation: { errors: outranked },
    })
    expect(await now(target)).toEqual(target)
  })

  it('is rejected if the caller lost their rights after the request began', async () => {
    const caller = await memberWith('access.manage', 'users.manage')
    const user = await now(await server.addUser())
    await server.database.write(unit =>
      unit.rows(UserEntity).update({ id: caller.id }, { grantedPermissions: [] }),
    )
    const change = { userId: user.id, role: 'MEMBER' as const }
    const given = { grantedPermissions: ['access.manage'], withdrawnPermissions: [] }
    await expect(
      server.services.access.change(caller, { ...change, ...given }, origin),
    ).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(
      server.services.users.update(
        caller,
        { userId: user.id, fields: { firstName: 'X' } },
        origin,
        () => undefined,
      ),
    ).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect(await now(user)).toEqual(user)
  })
})

describe('roles of a selection', () => {
  it('every role that the caller may change is changed, in the given order', async () => {
    const admin = await server.addUser({ role: 'ADMIN' })
    const client = await server.signedIn(admin)
    const owner = await server.addUser({ role: 'OWNER' })
    const one = await memberWith('users.read')
    const already = await server.addUser({ role: 'ADMIN' })
    const ids = [owner.id, one.id, 'nobody', admin.id, already.id, one.id]
    const { results } = await changeRoles(client, ids, 'ADMIN')
    expect(results).toEqual([
      {
        userId: owner.id,
        user: null,
        errors: [{ __typename: 'AccessDenied', reason: 'OUTRANKED' }],
      },
      { userId: one.id, user: { role: 'ADMIN' }, errors: [] },
      { userId: 'nobody', user: null, errors: [{ __typename: 'UserNotFound' }] },
      { userId: admin.id, user: null, errors: [{ __typename: 'AccessDenied', reason: 'SELF' }] },
      { userId: already.id, user: { role: 'ADMIN' }, errors: [] },
      { userId: one.id, user: { role: 'ADMIN' }, errors: [] },
    ])
    expect((await now(one)).grantedPermissions).toEqual(['users.read'])
    expect(await operationsOn(one.id)).toMatchObject([{ action: 'CHANGE_ACCESS', outcome: 'DONE' }])
    expect(await operationsOn(already.id)).toEqual([])
    expect(await operationsOn(owner.id)).toMatchObject([
      { outcome: 'REFUSED', reason: 'OUTRANKED' },
    ])
  })

  it.each([0, 101])('the roles of %i users at once are not changed', async length => {
    const client = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    const ids = Array.from({ length }, () => 'nobody')
    const { errors } = await changeRoles(client, ids, 'MEMBER')
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })
})

describe('the last owner', () => {
  const onlyOwners = async (number: number) => {
    await server.database.write(unit => unit.query(SQL`DELETE FROM users`))
    const owners: Caller[] = []
    while (owners.length < number) owners.push(await server.addUser({ role: 'OWNER' }))
    // A blocked owner cannot sign in, so they do not count.
    await server.addUser({ role: 'OWNER', status: 'BLOCKED' })
    await server.addUser({ role: 'OWNER', status: 'INVITED', password: null })
    return owners as [Caller, Caller]
  }
  const activeOwners = () =>
    server.database.read(unit => unit.rows(UserEntity).findBy({ role: 'OWNER', status: 'ACTIVE' }))

  beforeEach(() => onlyOwners(0))

  it('cannot step down, be blocked or be deleted, and the answer gives the reason', async () => {
    const [owner] = await onlyOwners(1)
    const client = await server.signedIn(owner)
    const { payload } = await changeAccess(client, { userId: owner.id, role: 'ADMIN' })
    expect(payload.errors).toMatchObject([{ __typename: 'LastOwner', path: ['userId'] }])
    const { data } = await client.query(
      `mutation ($ids: [ID!]!, $id: ID!, $login: String!) {
        changeRoles(input: { userIds: $ids, role: MEMBER }) { results { errors { __typename } } }
        blockUsers(input: { userIds: $ids }) { results { errors { __typename } } }
        deleteUser(input: { userId: $id, login: $login }) { errors { __typename } }
      }`,
      { ids: [owner.id], id: owner.id, login: owner.login },
    )
    const lastOwner = [{ __typename: 'LastOwner' }]
    expect(data).toEqual({
      changeRoles: { results: [{ errors: lastOwner }] },
      blockUsers: { results: [{ errors: lastOwner }] },
      deleteUser: { errors: lastOwner },
    })
    expect(await activeOwners()).toHaveLength(1)
    const refusals = (await operationsOn(owner.id)).filter(({ outcome }) => outcome === 'REFUSED')
    expect(refusals.map(({ reason }) => reason)).toEqual(Array(4).fill('LAST_OWNER'))
  })

  it('one of two owners can be demoted, and then the last one cannot', async () => {
    const [one, other] = await onlyOwners(2)
    const { results } = await changeRoles(await server.signedIn(one), [other.id, one.id], 'MEMBER')
    expect(results).toMatchObject([
      { user: { role: 'MEMBER' } },
      { user: null, errors: [{ __typename: 'LastOwner' }] },
    ])
  })

  const demote = async (actor: Caller, { id: userId }: UserEntity) => {
    const given = { role: 'ADMIN' as const, grantedPermissions: [], withdrawnPermissions: [] }
    const { kind } = await server.services.access.change(actor, { userId, ...given }, origin)
    return kind === 'changed'
  }
  const demoteMany = async (actor: Caller, { id }: UserEntity) => {
    const [outcome] = await server.services.access.changeRoles(actor, [id], 'MEMBER', origin)
    return outcome?.refusal === null
  }
  const block = async (actor: Caller, { id }: UserEntity) => {
    const [outcome] = await server.services.userStatuses.block(actor, [id], origin)
    return outcome?.refusal === null
  }
  const remove = async (actor: Caller, { id: userId, login }: UserEntity) => {
    const { kind } = await server.services.deletions.delete(actor, { userId, login }, origin)
    return kind === 'deleted'
  }

  // Through the services, with callers who both were owners as their requests began.
  it.each([
    ['demote', demote, demote],
    ['demote by selection', demoteMany, demoteMany],
    ['block', block, block],
    ['delete', remove, remove],
    ['demote and block', demote, block],
    ['delete and demote', remove, demote],
  ])('one owner is left if two %s each other at once', async (_what, first, second) => {
    for (let round = 0; round < 5; round += 1) {
      const [one, other] = await onlyOwners(2)
      const outcomes = await Promise.allSettled([first(one, other), second(other, one)])
      const done = outcomes.filter(
        outcome => outcome.status === 'fulfilled' && outcome.value === true,
      )
      expect(done).toHaveLength(1)
      expect(await activeOwners()).toHaveLength(1)
    }
  })

  it('one owner is left if two owners block each other in separate requests', async () => {
    const [one, other] = await onlyOwners(2)
    const clients = [await server.signedIn(one), await server.signedIn(other)] as const
    const blockUsers = (client: TestClient, id: string) =>
      client.query(
        'mutation ($ids: [ID!]!) { blockUsers(input: { userIds: $ids }) { results { errors { __typename } } } }',
        { ids: [id] },
      )
    const answers = await Promise.all([
      blockUsers(clients[0], other.id),
      blockUsers(clients[1], one.id),
    ])
    const done = answers.filter(({ data }) => data?.blockUsers?.results[0].errors.length === 0)
    expect(done).toHaveLength(1)
    expect(await activeOwners()).toHaveLength(1)
  })
})
