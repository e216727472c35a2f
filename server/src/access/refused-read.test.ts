import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { OperationEntity } from '../operations/operation.entity.js'
import { apiTokenOf } from '../testing/api-token-client.js'
import { TestServer } from '../testing/test-server.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(() => server.stop())

const refusedReadsOf = (actorId: string) =>
  server.database.read(unit => unit.rows(OperationEntity).findBy({ action: 'READ', actorId }))

describe('a denied read', () => {
  it.each([
    ['another profile', 'query Peek($id: ID!) { user(id: $id) { login } }'],
    ['the operation list', '{ operations { totalCount } }'],
  ])('is recorded for %s, at most once a minute for each user', async (_what, query) => {
    const [member, other] = [await server.addUser(), await server.addUser()]
    const client = await server.signedIn(member)
    for (let count = 0; count < 3; count += 1) {
      const { errors } = await client.query(query, { id: other.id })
      expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    }
    expect(await refusedReadsOf(member.id)).toMatchObject([
      { outcome: 'REFUSED', reason: 'FORBIDDEN', ip: '127.0.0.1' },
    ])
  })

  it('is recorded also over HTTP and with an API token', async () => {
    const member = await server.addUser()
    const { client, row } = await apiTokenOf(server, member)
    expect((await client.get('/operations.csv')).status).toBe(403)
    expect(await refusedReadsOf(member.id)).toMatchObject([{ apiTokenPrefix: row.prefix }])
  })

  it('is not recorded if a page of another site sent the browser there', async () => {
    const member = await server.addUser()
    const { session } = await server.signedIn(member)
    for (const path of ['/operations.csv', '/users.csv', '/my-data.json']) {
      for (const site of ['cross-site', 'same-site']) {
        const headers = {
          cookie: session ?? '',
          'sec-fetch-site': site,
          'sec-fetch-mode': 'navigate',
          'sec-fetch-dest': 'document',
        }
        const { status } = await fetch(`${server.url}${path}`, { headers })
        expect([path, site, status]).toEqual([path, site, 403])
      }
    }
    expect(await refusedReadsOf(member.id)).toEqual([])
  })
})
