import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { OperationEntity } from '../operations/operation.entity.js'
import { apiTokenOf, dayMs, fromNow } from '../testing/api-token-client.js'
import { mutate } from '../testing/second-factor-client.js'
import { type TestClient, TestServer } from '../testing/test-server.js'
import type { Caller } from '../users/caller.js'
import { ApiTokenEntity } from './api-token.entity.js'

let server: TestServer
let admin: Caller
let member: Caller
let owner: Caller
let asAdmin: TestClient
beforeAll(async () => {
  server = await TestServer.start()
  admin = await server.addUser({ role: 'ADMIN' })
  member = await server.addUser({ firstName: 'Mia', lastName: 'Member' })
  owner = await server.addUser({ role: 'OWNER' })
  asAdmin = await server.signedIn(admin)
})
afterAll(() => server.stop())

const change = (id: string, columns: Partial<ApiTokenEntity>) =>
  server.database.write(unit => unit.rows(ApiTokenEntity).update({ id }, columns))

const list = async (client: TestClient, args = '') => {
  const { data, errors } = await client.query(
    `{ allApiTokens${args} {
      totalCount
      nodes { id prefix permissions lastUsedAt lastUsedIp expiresAt owner { id name } }
      pageInfo { hasNextPage endCursor }
    } }`,
  )
  return data?.allApiTokens ?? errors
}
const idsOf = async (filter: string) =>
  (await list(asAdmin, `(filter: { ${filter} })`)).nodes.map(({ id }: { id: string }) => id)

describe('the list of everybody’s API tokens', () => {
  it('contains the tokens of all users with their owners, newest first, in pages', async () => {
    const first = await apiTokenOf(server, owner, ['users.read'])
    const second = await apiTokenOf(server, member)
    const used = { lastUsedAt: new Date(), lastUsedIp: '198.51.100.7' }
    await change(first.row.id, used)
    await change(second.row.id, used)
    const page = await list(asAdmin, '(first: 1)')
    expect(page).toMatchObject({
      totalCount: 2,
      nodes: [
        {
          id: second.row.id,
          prefix: second.row.prefix,
          lastUsedIp: '198.51.100.7',
          owner: { id: member.id, name: 'Mia Member' },
        },
      ],
      pageInfo: { hasNextPage: true },
    })
    const rest = await list(asAdmin, `(first: 1, after: "${page.pageInfo.endCursor}")`)
    // The owner outranks the administrator, so the address is hidden.
    expect(rest.nodes).toMatchObject([
      { id: first.row.id, permissions: ['users.read'], lastUsedIp: null, owner: { id: owner.id } },
    ])
    expect(rest.nodes[0].lastUsedAt).not.toBeNull()
  })

  it('filters by owner, expiry, use and lifetime', async () => {
    const user = await server.addUser()
    const { row: soon } = await apiTokenOf(server, user)
    const { row: old } = await apiTokenOf(server, user)
    const { row: expired } = await apiTokenOf(server, user)
    await change(old.id, { createdAt: fromNow(-100 * dayMs), expiresAt: fromNow(200 * dayMs) })
    await change(expired.id, { createdAt: fromNow(-100 * dayMs), expiresAt: fromNow(-dayMs) })
    const own = `userId: "${user.id}"`
    expect(await idsOf(own)).toEqual([expired.id, old.id, soon.id])
    expect(await idsOf(`${own}, expiresWithinDays: 7`)).toEqual([soon.id])
    expect(await idsOf(`${own}, unusedForDays: 90`)).toEqual([old.id])
    expect(await idsOf(`${own}, lifetimeOverDays: 299`)).toEqual([old.id])
    expect(await idsOf(`${own}, lifetimeOverDays: 300`)).toEqual([])
    await change(old.id, { lastUsedAt: fromNow(-dayMs) })
    expect(await idsOf(`${own}, unusedForDays: 90`)).toEqual([])
    expect(await list(asAdmin, '(filter: { unusedForDays: 367 })')).toMatchObject([
      { message: 'unusedForDays must be 1 to 366.', extensions: { code: 'BAD_USER_INPUT' } },
    ])
  })

  it('requires users.manage', async () => {
    const refused = [{ extensions: { code: 'FORBIDDEN', permission: 'users.manage' } }]
    expect(await list(await server.signedIn(member))).toMatchObject(refused)
    const { client } = await apiTokenOf(server, admin, ['users.read'])
    expect(await list(client)).toMatchObject(refused)
  })
})

describe('the maximum lifetime of API tokens', () => {
  const update = (apiTokenMaxDays: number | null) =>
    mutate(
      asAdmin,
      'updateSecuritySettings',
      'settings { apiTokenMaxDays } errors { __typename ... on UserError { path } }',
      { apiTokenMaxDays },
    )
  const expiryOf = async (id: string) =>
    server.database.read(async unit => {
      const token = await unit.rows(ApiTokenEntity).findOneByOrFail({ id })
      return token.expiresAt.getTime()
    })
  const create = (days: number) =>
    server.services.apiTokens.create(
      member,
      { name: 'Script', permissions: [], expiresAt: fromNow(days * dayMs) },
      { ip: '127.0.0.1', userAgent: 'test', requestId: 'test' },
    )

  it('rejects new tokens that live longer, until it is removed', async () => {
    expect(await update(30)).toEqual({ settings: { apiTokenMaxDays: 30 }, errors: [] })
    expect(await create(31)).toEqual({
      kind: 'refused',
      problems: [{ kind: 'expiryInvalid', maxDays: 30 }],
    })
    expect(await create(29)).toMatchObject({ kind: 'created' })
    expect(await update(null)).toEqual({ settings: { apiTokenMaxDays: null }, errors: [] })
    expect(await create(31)).toMatchObject({ kind: 'created' })
  })

  it('shortens the life of existing tokens, with at least seven days of notice', async () => {
    const { row: short } = await apiTokenOf(server, member)
    const { row: young } = await apiTokenOf(server, member)
    const { row: old } = await apiTokenOf(server, member)
    const bornYoung = fromNow(-10 * dayMs)
    await change(young.id, { createdAt: bornYoung, expiresAt: fromNow(300 * dayMs) })
    await change(old.id, { createdAt: fromNow(-100 * dayMs), expiresAt: fromNow(200 * dayMs) })
    const before = Date.now()
    const shortExpiry = await expiryOf(short.id)
    await update(60)
    expect(await expiryOf(short.id)).toBe(shortExpiry)
    expect(await expiryOf(young.id)).toBe(bornYoung.getTime() + 60 * dayMs)
    const expiry = await expiryOf(old.id)
    expect(expiry).toBeGreaterThanOrEqual(before + 7 * dayMs)
    expect(expiry).toBeLessThanOrEqual(Date.now() + 7 * dayMs)
    const [operation] = await server.database.read(unit =>
      unit.rows(OperationEntity).find({
        where: { action: 'UPDATE_SECURITY_SETTINGS' },
        order: { id: 'DESC' },
        take: 1,
      }),
    )
    expect(operation?.changes).toEqual([
      { name: 'apiTokenMaxDays', from: null, to: '60' },
      { name: 'apiTokensShortened', from: null, to: '2' },
    ])
    await update(null)
    expect(await expiryOf(old.id)).toBe(expiry)
  })

  it.each([0, 367, -1])('cannot be %i days', async days => {
    expect(await update(days)).toEqual({
      settings: null,
      errors: [{ __typename: 'InvalidField', path: ['apiTokenMaxDays'] }],
    })
  })
})
