import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type TestClient, TestServer } from '../testing/test-server.js'
import { OperationEntity } from './operation.entity.js'

let server: TestServer
let client: TestClient
beforeAll(async () => {
  server = await TestServer.start()
  const admin = await server.addUser({ role: 'ADMIN' })
  for (const password of ['Wrong-One-123', 'Wrong-Two-123', 'Wrong-Three-123']) {
    await server.client().logIn(admin.login, password)
  }
  client = await server.signedIn(admin)
  await server.services.operations.idle()
})
afterAll(() => server.stop())

const feed = `query ($first: Int, $after: String, $last: Int, $before: String, $filter: OperationFilter) {
  operations(
    order: OLDEST_FIRST, first: $first, after: $after, last: $last, before: $before, filter: $filter
  ) {
    totalCount nodes { id number outcome } pageInfo { hasNextPage hasPreviousPage endCursor }
  }
}`

const read = async (variables: Record<string, unknown> = {}) => {
  const { data } = await client.query(feed, variables)
  const { nodes, ...rest } = data.operations
  return { ...rest, nodes, numbers: nodes.map(({ number }: { number: number }) => number) }
}

describe('the operation list, oldest first', () => {
  it('goes on after a cursor, and can be read backward', async () => {
    const first = await read({ first: 3 })
    expect(first).toMatchObject({ numbers: [1, 2, 3], totalCount: 4 })
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false })
    const rest = await read({ first: 3, after: first.pageInfo.endCursor })
    expect(rest.numbers).toEqual([4])
    expect(rest.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
    const { endCursor } = rest.pageInfo
    expect((await read({ last: 2, before: endCursor })).numbers).toEqual([2, 3])
    const end = await read({ after: endCursor })
    expect(end).toMatchObject({ numbers: [], pageInfo: { endCursor: null, hasNextPage: false } })
  })

  it('has the same filters, with the same cursors', async () => {
    const { pageInfo } = await read({ first: 1 })
    const filter = { outcomes: ['REFUSED'] }
    expect(await read({ filter })).toMatchObject({ numbers: [1, 2, 3], totalCount: 3 })
    expect((await read({ filter, after: pageInfo.endCursor })).numbers).toEqual([2, 3])
  })

  it('rejects a cursor of the other order', async () => {
    const { data } = await client.query('{ operations(first: 1) { pageInfo { endCursor } } }')
    const after = data.operations.pageInfo.endCursor
    const { errors } = await client.query(feed, { after })
    expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT')
  })

  it('rejects a forged cursor with a number that the database cannot hold', async () => {
    for (const number of [2 ** 31, -(2 ** 40), 1.5]) {
      const after = Buffer.from(JSON.stringify(['NUMBER', number])).toString('base64url')
      const { errors } = await client.query(feed, { after })
      expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT')
    }
  })

  it('is forbidden without the permission', async () => {
    const member = await server.signedIn(await server.addUser())
    const { errors } = await member.query(feed)
    expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN')
  })

  it('has an operation only when it has its place in the chain, so that no client misses it', async () => {
    await server.services.operations.idle()
    const before = await read()
    // An operation that another instance committed late, with an id that is less than those that
    // clients have already read.
    const id = '00000000-0000-7000-8000-000000000001'
    await server.database.write(async unit => {
      const rows = unit.rows(OperationEntity)
      const other = await rows.findOneByOrFail({ number: 1 })
      await rows.insert({ ...other, id, number: null, previousHash: null, hash: null })
    })
    expect(await read()).toEqual(before)
    await server.client().logIn('nobody@other.example', 'Wrong-One-123')
    await server.services.operations.idle()
    const added = await read({ after: before.pageInfo.endCursor })
    expect(added.nodes).toContainEqual(expect.objectContaining({ id }))
  })
})
