import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createFeatures } from '../app/features.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { SessionEntity } from '../sessions/session.entity.js'
import { apiTokenOf } from '../testing/api-token-client.js'
import { asCaller, type TestClient, TestServer } from '../testing/test-server.js'
import { UserEntity } from '../users/user.entity.js'
import type { NewUser } from '../users/user.service.js'
import { BulkJobEntity } from './bulk-job.entity.js'
import { BulkJobUserEntity } from './bulk-job-user.entity.js'

const report = (failure: unknown) => {
  throw failure
}

let server: TestServer
let owner: UserEntity
let admin: UserEntity
let asAdmin: TestClient
/** Stops the worker after the users that it is handling, when it has changed one. */
let stopsSoon = false
beforeAll(async () => {
  server = await TestServer.start()
  owner = await server.addUser({ role: 'OWNER' })
  server.services.operations.addObserver({
    observe: async (_unit, operations) => {
      const isWork = operations.some(({ action }) => action !== 'START_BULK_JOB')
      if (stopsSoon && isWork) void server.services.bulkJobWorker.stop()
    },
  })
})
beforeEach(async () => {
  await server.services.bulkJobWorker.stop()
  stopsSoon = false
  admin = await server.addUser({ role: 'ADMIN' })
  asAdmin = await server.signedIn(admin)
})
afterAll(() => server.stop())

const finish = async () => {
  server.services.bulkJobWorker.start(report)
  await server.services.bulkJobWorker.idle()
}
/** Handles the first users of a job, and stops. */
const begin = async () => {
  stopsSoon = true
  await finish()
  stopsSoon = false
}

let groups = 0
/** Adds users who share a word in their names, in the order of their names. */
const addGroup = async (count: number, changes: Partial<NewUser> = {}) => {
  groups += 1
  const word = `Group${groups}x`
  const users = Array.from({ length: count }, (_, index): NewUser => {
    const number = String(index + 1).padStart(5, '0')
    return {
      login: `${word}.${number}@rekey.example`,
      firstName: word,
      lastName: number,
      phone: null,
      language: 'en',
      role: 'MEMBER',
      status: 'ACTIVE',
      passwordHash: 'none',
      ...changes,
    }
  })
  const added = await server.database.write(unit => server.services.users.add(unit, users))
  return { word, users: added, ids: added.map(({ id }) => id) }
}

const jobFields = 'id action status stopReason total done refused skipped createdAt finishedAt'
const start = async (input: Record<string, unknown>, client = asAdmin) => {
  const answer = await client.query(
    `mutation ($input: StartBulkJobInput!) {
      startBulkJob(input: $input) {
        job { ${jobFields} }
        errors { __typename ... on UserError { message path } ... on UserCountDiffers { count } }
      }
    }`,
    { input: { action: 'BLOCK', ...input } },
  )
  return { ...answer, ...answer.data?.startBulkJob }
}
const read = async (id: string, client = asAdmin) => {
  const { data } = await client.query(
    `query ($id: ID!) {
      bulkJob(id: $id) {
        ${jobFields}
        users(first: 100) {
          totalCount
          nodes { userId outcome reason message user { id } }
        }
      }
    }`,
    { id },
  )
  return data?.bulkJob
}
const cancel = async (jobId: string, client = asAdmin) => {
  const { data } = await client.query(
    `mutation ($input: CancelBulkJobInput!) {
      cancelBulkJob(input: $input) { job { status } errors { __typename } }
    }`,
    { input: { jobId } },
  )
  return data?.cancelBulkJob
}
const statusesOf = async (ids: readonly string[]) =>
  (await server.services.users.findMany(ids)).map(({ status }) => status)
const countBlocked = async (ids: readonly string[]) =>
  (await statusesOf(ids)).filter(status => status === 'BLOCKED').length
const countOf = (entity: new () => object, where: object) =>
  server.database.read(unit => unit.rows(entity).countBy(where))
const operationsBy = (actorId: string) =>
  server.database.read(unit =>
    unit.rows(OperationEntity).find({ where: { actorId }, order: { id: 'ASC' } }),
  )

describe('starting a job', () => {
  it('fixes the users who match the search and the filter, and adds nobody later', async () => {
    const { word, ids } = await addGroup(60)
    const other = await addGroup(1)
    const blocked = await addGroup(2, { firstName: word, status: 'INVITED' })
    const matching = { search: word, filter: { statuses: ['ACTIVE'] } }
    const { job, errors } = await start({ matching, confirmedCount: 60 })
    expect(errors).toEqual([])
    expect(job).toMatchObject({ action: 'BLOCK', status: 'PENDING', total: 60, done: 0 })
    const late = await addGroup(1, { firstName: word })

    await finish()
    expect(await read(job.id)).toMatchObject({
      status: 'DONE',
      done: 60,
      refused: 0,
      skipped: 0,
      finishedAt: expect.any(String),
      users: { totalCount: 60 },
    })
    expect(await countBlocked(ids)).toBe(60)
    expect(await countBlocked([...other.ids, ...blocked.ids, ...late.ids])).toBe(0)
  })

  it.each([
    ['LastName00001', 1],
    ['00001 LastName', 1],
    ['stN', 1],
    ['4', 5],
    [' ', 5],
  ])('finds as many users for the search “%s” as the list of users', async search => {
    await addGroup(1, { lastName: 'LastName00001' })
    const { data } = await asAdmin.query(
      'query ($search: String) { users(search: $search) { totalCount } }',
      { search },
    )
    const confirmedCount = data?.users.totalCount
    const { job, errors } = await start({ matching: { search }, confirmedCount })
    expect(errors).toEqual([])
    expect(job.total).toBe(confirmedCount)
    await cancel(job.id)
  })

  it('starts nothing if the number of users differs, and returns the number', async () => {
    const { word } = await addGroup(3)
    const { job, errors } = await start({ matching: { search: word }, confirmedCount: 2 })
    expect(job).toBeNull()
    expect(errors).toMatchObject([
      { __typename: 'UserCountDiffers', count: 3, path: ['confirmedCount'] },
    ])
    expect(await countOf(BulkJobEntity, { starterId: admin.id })).toBe(0)
  })

  it('counts a repeated id once, and handles ids in the given order', async () => {
    const { ids } = await addGroup(3)
    const [first = '', second = '', third = ''] = ids
    const userIds = [third, first, third, second]
    const { job } = await start({ userIds, confirmedCount: 3 })
    await finish()
    const { users } = await read(job.id)
    expect(users.nodes.map((node: { userId: string }) => node.userId)).toEqual([
      third,
      first,
      second,
    ])
  })

  it.each([
    ['no users', {}],
    ['ids and a search', { userIds: ['x'], matching: {} }],
    ['no ids', { userIds: [] }],
    ['more than 100 ids', { userIds: Array.from({ length: 101 }, (_, index) => `${index}`) }],
    ['an impossible count', { userIds: ['x'], confirmedCount: 0 }],
  ])('rejects %s', async (_title, input) => {
    const { errors } = await start({ confirmedCount: 1, ...input })
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })

  it('refuses a sixth unfinished job of the same user', async () => {
    const { ids } = await addGroup(1)
    const input = { userIds: ids, confirmedCount: 1 }
    for (let count = 0; count < 5; count += 1) expect((await start(input)).errors).toEqual([])
    expect((await start(input)).errors).toMatchObject([{ __typename: 'TooManyBulkJobs' }])
    await finish()
    expect((await start(input)).errors).toEqual([])
  })

  it.each([
    ['BLOCK', 'users.manage'],
    ['DELETE', 'users.delete'],
    ['RESEND_INVITATION', 'users.invite'],
    ['SEND_PASSWORD_RESET_LINK', 'users.manage'],
    ['REQUIRE_PASSWORD_CHANGE', 'users.manage'],
    ['WITHDRAW_PASSWORD_CHANGE_REQUIREMENT', 'users.manage'],
    ['SIGN_OUT', 'users.manage'],
  ] as const)('requires for %s the permission %s', async (action, permission) => {
    const { ids } = await addGroup(1)
    const input = { action, userIds: ids, confirmedCount: 1 }
    const others = (['users.manage', 'users.delete', 'users.invite', 'users.read'] as const).filter(
      one => one !== permission,
    )
    const without = await server.addUser({ grantedPermissions: others })
    const { errors } = await start(input, await server.signedIn(without))
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    expect(await operationsBy(without.id)).toMatchObject([
      { action: 'LOG_IN' },
      { outcome: 'REFUSED', reason: 'FORBIDDEN' },
    ])
    const withIt = await server.addUser({ grantedPermissions: [permission] })
    expect((await start(input, await server.signedIn(withIt))).errors).toEqual([])
  })

  it('does not reveal how many users match to a caller who may not read users', async () => {
    const { word } = await addGroup(2)
    const manager = await server.addUser({ grantedPermissions: ['users.manage'] })
    const client = await server.signedIn(manager)
    for (const confirmedCount of [1, 2]) {
      const { data, errors } = await start({ matching: { search: word }, confirmedCount }, client)
      expect(data).toBeNull()
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    }
  })

  it('requires a recent proof of identity', async () => {
    const { ids } = await addGroup(1)
    await server.database.write(unit =>
      unit.rows(SessionEntity).update({ userId: admin.id }, { provedAt: new Date(0) }),
    )
    const { errors } = await start({ userIds: ids, confirmedCount: 1 })
    expect(errors).toMatchObject([{ extensions: { code: 'REAUTHENTICATION_REQUIRED' } }])
  })

  it('is recorded, like each change of a user, with the address of the request', async () => {
    const { ids } = await addGroup(1)
    await start({ userIds: ids, confirmedCount: 1 })
    await finish()
    const operations = (await operationsBy(admin.id)).slice(1)
    expect(operations).toMatchObject([
      {
        action: 'START_BULK_JOB',
        outcome: 'DONE',
        ip: '127.0.0.1',
        changes: [
          { name: 'action', to: 'BLOCK' },
          { name: 'total', to: '1' },
        ],
      },
      { action: 'BLOCK_USER', outcome: 'DONE', subjectId: ids[0], ip: '127.0.0.1' },
    ])
    expect(operations[1]?.requestId).toBe(operations[0]?.requestId)
  })
})

describe('a running job', () => {
  it('skips the user who started it and owners, and refuses others with a reason', async () => {
    const { ids } = await addGroup(1)
    const invited = await addGroup(1, { status: 'INVITED' })
    const chief = await server.addUser({ role: 'ADMIN' })
    const manager = await server.addUser({ grantedPermissions: ['users.manage'] })
    const client = await server.signedIn(manager)
    const gone = 'ffffffff-ffff-7fff-8fff-ffffffffffff'
    const userIds = [manager.id, owner.id, ...ids, ...invited.ids, chief.id, gone]
    const { job } = await start({ userIds, confirmedCount: 6 }, client)
    await finish()
    const found = await read(job.id, client)
    expect(found).toMatchObject({ status: 'DONE', done: 1, refused: 3, skipped: 2 })
    // The manager may not read users, so there are no profiles.
    expect(found.users.nodes).toEqual([
      {
        userId: manager.id,
        outcome: 'SKIPPED',
        reason: 'SELF',
        message: expect.stringContaining('You are skipped'),
        user: null,
      },
      {
        userId: owner.id,
        outcome: 'SKIPPED',
        reason: 'OWNER',
        message: expect.stringContaining('Owners are skipped'),
        user: null,
      },
      { userId: ids[0], outcome: 'DONE', reason: null, message: null, user: null },
      {
        userId: invited.ids[0],
        outcome: 'REFUSED',
        reason: 'NOT_ACTIVE',
        message: expect.any(String),
        user: null,
      },
      {
        userId: chief.id,
        outcome: 'REFUSED',
        reason: 'OUTRANKED',
        message: expect.any(String),
        user: null,
      },
      {
        userId: gone,
        outcome: 'REFUSED',
        reason: 'USER_NOT_FOUND',
        message: expect.any(String),
        user: null,
      },
    ])
  })

  it('checks rights when it reaches a user, not when it starts', async () => {
    const { ids } = await addGroup(60)
    const manager = await server.addUser({ grantedPermissions: ['users.manage', 'users.read'] })
    const client = await server.signedIn(manager)
    const { job } = await start({ userIds: ids, confirmedCount: 60 }, client)
    await begin()
    const promoted = (await server.services.users.findMany(ids.slice(-1)))[0] as UserEntity
    await server.database.write(unit =>
      server.services.users.changeAccess(unit, [promoted], { role: 'ADMIN' }),
    )
    await finish()
    expect(await read(job.id, client)).toMatchObject({ status: 'DONE', done: 59, refused: 1 })
    expect(await statusesOf([promoted.id])).toEqual(['ACTIVE'])
  })

  it('stops if its starter loses the permission', async () => {
    const { ids } = await addGroup(60)
    const { job } = await start({ userIds: ids, confirmedCount: 60 })
    await begin()
    const withdrawnPermissions = ['users.manage'] as const
    await server.database.write(unit =>
      server.services.users.changeAccess(unit, [admin], { role: 'ADMIN', withdrawnPermissions }),
    )
    await finish()
    expect(await read(job.id)).toMatchObject({
      status: 'STOPPED',
      stopReason: 'PERMISSION_MISSING',
      done: 50,
    })
    expect(await countBlocked(ids)).toBe(50)
    expect((await operationsBy(admin.id)).at(-1)).toMatchObject({
      action: 'BLOCK_USER',
      outcome: 'REFUSED',
      reason: 'PERMISSION_MISSING',
    })
  })

  it('stops if its starter is blocked, and does not continue after an unblock', async () => {
    const { ids } = await addGroup(60)
    const { job } = await start({ userIds: ids, confirmedCount: 60 })
    await begin()
    const asOwner = await server.signedIn(owner)
    const change = (mutation: string, type: string) =>
      asOwner.query(
        `mutation ($input: ${type}!) { ${mutation}(input: $input) { results { userId } } }`,
        { input: { userIds: [admin.id] } },
      )
    await change('blockUsers', 'BlockUsersInput')
    await finish()
    await server.services.bulkJobWorker.stop()
    await change('unblockUsers', 'UnblockUsersInput')
    await finish()
    expect(await read(job.id, await server.signedIn(admin))).toMatchObject({
      status: 'STOPPED',
      stopReason: 'STARTER_NOT_ACTIVE',
      done: 50,
    })
    expect(await countBlocked(ids)).toBe(50)
  })

  it('ends when its starter cancels it, and keeps what was done', async () => {
    const { ids } = await addGroup(60)
    const { job } = await start({ userIds: ids, confirmedCount: 60 })
    await begin()
    expect(await cancel(job.id)).toEqual({ job: { status: 'CANCELLED' }, errors: [] })
    await finish()
    expect(await read(job.id)).toMatchObject({ status: 'CANCELLED', done: 50 })
    expect(await countBlocked(ids)).toBe(50)
    expect((await operationsBy(admin.id)).at(-1)).toMatchObject({ action: 'CANCEL_BULK_JOB' })
    // It has ended already.
    const operations = await countOf(OperationEntity, { actorId: admin.id })
    expect(await cancel(job.id)).toEqual({ job: { status: 'CANCELLED' }, errors: [] })
    expect(await countOf(OperationEntity, { actorId: admin.id })).toBe(operations)
  })

  it('continues after the server has restarted, and handles each user once', async () => {
    const { ids } = await addGroup(60)
    const { job } = await start({ userIds: ids, confirmedCount: 60 })
    await begin()
    const { bulkJobWorker } = createFeatures(server.config, server.database).services
    bulkJobWorker.start(report)
    await bulkJobWorker.idle()
    await bulkJobWorker.stop()
    expect(await read(job.id)).toMatchObject({ status: 'DONE', done: 60 })
    const blocked = { actorId: admin.id, action: 'BLOCK_USER', outcome: 'DONE' }
    expect(await countOf(OperationEntity, blocked)).toBe(60)
  })

  it('is done once if two instances work on it at the same time', async () => {
    const { ids } = await addGroup(100)
    const { job } = await start({ userIds: ids, confirmedCount: 100 })
    const other = createFeatures(server.config, server.database).services.bulkJobWorker
    other.start(report)
    await finish()
    await other.idle()
    await other.stop()
    await finish()
    expect(await read(job.id)).toMatchObject({ status: 'DONE', done: 100 })
    expect(await countOf(OperationEntity, { actorId: admin.id, action: 'BLOCK_USER' })).toBe(100)
  })

  it('continues after its starter has signed out', async () => {
    const { ids } = await addGroup(2)
    const { job } = await start({ userIds: ids, confirmedCount: 2 })
    await asAdmin.query('mutation { logOut { errors { __typename } } }')
    await finish()
    expect(await read(job.id, await server.signedIn(admin))).toMatchObject({ status: 'DONE' })
  })

  it('shares its time with later jobs, so that a short one does not wait for a long one', async () => {
    const long = await addGroup(90)
    const short = await addGroup(1)
    await start({ userIds: long.ids, confirmedCount: 90 })
    const second = await start({ userIds: short.ids, confirmedCount: 1 })
    let order: string[] = []
    server.services.operations.addObserver({
      observe: async (_unit, operations) => {
        order = [...order, ...operations.map(({ subjectId }) => subjectId ?? '')]
      },
    })
    await finish()
    expect(order.indexOf(short.ids[0] ?? '')).toBeLessThan(order.indexOf(long.ids[89] ?? ''))
    expect(await read(second.job.id)).toMatchObject({ status: 'DONE' })
  })
})

describe('the actions', () => {
  it('blocks with a reason, which each operation has', async () => {
    const { ids } = await addGroup(2)
    await start({ userIds: ids, confirmedCount: 2, reason: 'Left\nthe company' })
    await finish()
    const reason = { name: 'reason', from: null, to: 'Left the company' }
    expect((await operationsBy(admin.id)).slice(2)).toMatchObject([
      { action: 'BLOCK_USER', subjectId: ids[0], changes: [reason] },
      { action: 'BLOCK_USER', subjectId: ids[1], changes: [reason] },
    ])
  })

  it('accepts no reason for another action', async () => {
    const { ids } = await addGroup(1)
    const input = { action: 'SIGN_OUT', userIds: ids, confirmedCount: 1, reason: 'Left' }
    const { errors } = await start(input)
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })

  it('signs users out, requires new passwords, and sends links only if there is a mail server', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    const invited = await addGroup(1, { status: 'INVITED', passwordHash: null })
    const results = async (action: string) => {
      const userIds = [user.id, ...invited.ids]
      const { job } = await start({ action, userIds, confirmedCount: 2 })
      await finish()
      await server.services.bulkJobWorker.stop()
      const { users } = await read(job.id)
      return users.nodes.map((node: { reason: string | null }) => node.reason)
    }
    expect(await results('REQUIRE_PASSWORD_CHANGE')).toEqual([null, 'PASSWORD_MISSING'])
    expect(await server.services.users.find(user.id)).toMatchObject({ mustChangePassword: true })
    expect(await results('WITHDRAW_PASSWORD_CHANGE_REQUIREMENT')).toEqual([null, null])
    expect(await server.services.users.find(user.id)).toMatchObject({ mustChangePassword: false })
    await server.database.write(unit =>
      unit
        .rows(UserEntity)
        .update({ id: user.id }, { mustChangePassword: true, passwordTemporary: true }),
    )
    expect(await results('WITHDRAW_PASSWORD_CHANGE_REQUIREMENT')).toEqual([
      'PASSWORD_TEMPORARY',
      null,
    ])
    await server.database.write(unit =>
      unit
        .rows(UserEntity)
        .update({ id: user.id }, { mustChangePassword: false, passwordTemporary: false }),
    )
    expect(await results('SEND_PASSWORD_RESET_LINK')).toEqual(['MAIL_NOT_CONFIGURED', 'INVITED'])
    expect(await client.whoAmI()).toBe(user.login)
    expect(await results('SIGN_OUT')).toEqual([null, null])
    expect(await client.whoAmI()).toBeNull()
  })

  it('deletes users with their data, and keeps their ids in the results', async () => {
    const user = await server.addUser()
    await server.signedIn(user)
    const { job } = await start({ action: 'DELETE', userIds: [user.id], confirmedCount: 1 })
    await finish()
    expect(await read(job.id)).toMatchObject({
      status: 'DONE',
      done: 1,
      users: { nodes: [{ userId: user.id, outcome: 'DONE', user: null }] },
    })
    expect(await server.services.users.find(user.id)).toBeNull()
    const deleted = { action: 'DELETE_USER', subjectId: user.id, outcome: 'DONE' }
    expect(await countOf(OperationEntity, deleted)).toBe(1)
  })

  it('sends invitations again, within the limits of each mailbox', async () => {
    const { users, ids } = await addGroup(2, { status: 'INVITED', passwordHash: null })
    const active = await addGroup(1)
    const [first] = users
    const again = async () => {
      const userIds = [...ids, ...active.ids]
      const { job } = await start({ action: 'RESEND_INVITATION', userIds, confirmedCount: 3 })
      await finish()
      await server.services.bulkJobWorker.stop()
      return read(job.id)
    }
    const sent = await again()
    expect(sent).toMatchObject({ status: 'DONE', done: 2, refused: 1 })
    expect(sent.users.nodes[2]).toMatchObject({ reason: 'NOT_INVITED' })
    expect(await server.mailsTo(first?.login ?? '')).toHaveLength(1)
    // Nothing of the link is in the job.
    expect(JSON.stringify(sent)).not.toContain('token')
    let last = sent
    for (let count = 0; count < 11 && last.done > 0; count += 1) last = await again()
    expect(last.users.nodes[0]).toMatchObject({ outcome: 'REFUSED', reason: 'TOO_MANY_ATTEMPTS' })
  })
})

describe('who can see a job', () => {
  it('is only the user who started it, not even an owner', async () => {
    const { ids } = await addGroup(1)
    const { job } = await start({ userIds: ids, confirmedCount: 1 })
    const asOwner = await server.signedIn(owner)
    expect(await read(job.id, asOwner)).toBeNull()
    expect(await cancel(job.id, asOwner)).toEqual({
      job: null,
      errors: [{ __typename: 'BulkJobNotFound' }],
    })
    const list = '{ bulkJobs { totalCount nodes { id } } }'
    expect((await asOwner.query(list)).data?.bulkJobs).toEqual({ totalCount: 0, nodes: [] })
    expect((await asAdmin.query(list)).data?.bulkJobs).toEqual({
      totalCount: 1,
      nodes: [{ id: job.id }],
    })
    const anyone = await server.client().query(list)
    expect(anyone.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
  })

  it('can filter the users by outcome, in pages', async () => {
    const { ids } = await addGroup(3)
    const invited = await addGroup(3, { status: 'INVITED' })
    const userIds = [0, 1, 2].flatMap(index => [ids[index], invited.ids[index]])
    const { job } = await start({ userIds, confirmedCount: 6 })
    await finish()
    const page = async (args: string) => {
      const { data } = await asAdmin.query(
        `query ($id: ID!) { bulkJob(id: $id) { users(${args}) {
          totalCount pageInfo { endCursor hasNextPage } nodes { userId }
        } } }`,
        { id: job.id },
      )
      return data?.bulkJob.users
    }
    const first = await page('first: 2, outcomes: [REFUSED]')
    expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } })
    const next = await page(`first: 2, outcomes: [REFUSED], after: "${first.pageInfo.endCursor}"`)
    expect([...first.nodes, ...next.nodes].map(({ userId }) => userId)).toEqual(invited.ids)
    expect(await page('last: 1, outcomes: []')).toMatchObject({
      totalCount: 6,
      nodes: [{ userId: invited.ids[2] }],
    })
  })
})

describe('a job of an API token', () => {
  it('is limited to the permissions of the token, and visible only with it and in a session', async () => {
    const { ids } = await addGroup(1)
    const caller = asCaller(admin)
    const token = await apiTokenOf(server, caller, ['users.manage'])
    const other = await apiTokenOf(server, caller, ['users.manage'])
    const input = { userIds: ids, confirmedCount: 1 }
    const refused = await start({ ...input, action: 'DELETE' }, token.client)
    expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    const { job } = await start(input, token.client)
    await finish()
    expect(await read(job.id, token.client)).toMatchObject({ status: 'DONE' })
    expect(await read(job.id)).toMatchObject({ status: 'DONE' })
    expect(await read(job.id, other.client)).toBeNull()
    expect((await operationsBy(admin.id)).at(-1)).toMatchObject({
      action: 'BLOCK_USER',
      apiTokenPrefix: token.row.prefix,
    })
  })

  it('stops if the token is revoked', async () => {
    const { ids } = await addGroup(60)
    const token = await apiTokenOf(server, asCaller(admin), ['users.manage'])
    const { job } = await start({ userIds: ids, confirmedCount: 60 }, token.client)
    await begin()
    await asAdmin.query(
      'mutation ($input: RevokeApiTokenInput!) { revokeApiToken(input: $input) { errors { __typename } } }',
      { input: { apiTokenId: token.row.id } },
    )
    await finish()
    expect(await read(job.id)).toMatchObject({
      status: 'STOPPED',
      stopReason: 'API_TOKEN_INVALID',
      done: 50,
    })
  })
})

describe('what remains of a job', () => {
  it('is deleted 30 days after its end, and not before', async () => {
    const { ids } = await addGroup(2)
    const { job } = await start({ userIds: ids, confirmedCount: 2 })
    const unfinished = await start({ userIds: ids, confirmedCount: 2 })
    await finish()
    await server.services.bulkJobs.sweep()
    expect(await countOf(BulkJobUserEntity, { jobId: job.id })).toBe(2)
    const finishedAt = new Date(Date.now() - 31 * 24 * 60 * 60 * 1000)
    await server.database.write(async unit => {
      await unit.rows(BulkJobEntity).update({ id: job.id }, { finishedAt })
    })
    await server.services.bulkJobs.sweep()
    expect(await read(job.id)).toBeNull()
    expect(await countOf(BulkJobUserEntity, { jobId: job.id })).toBe(0)
    expect(await read(unfinished.job.id)).not.toBeNull()
  })

  it('is deleted with its starter', async () => {
    const { ids } = await addGroup(1)
    const { job } = await start({ userIds: ids, confirmedCount: 1 })
    await server.database.write(async unit => {
      await unit.rows(UserEntity).delete({ id: admin.id })
    })
    await finish()
    expect(await countOf(BulkJobUserEntity, { jobId: job.id })).toBe(0)
    expect(await countBlocked(ids)).toBe(0)
  })
})
