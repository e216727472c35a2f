import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { serverAudits } from 'graphql-http'
import { TestServer } from '../testing/test-server.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(() => server.stop())

// A GET without a header that no form can send is refused: see the threat model on CSRF.
const getsWithoutPreflight = ['5A70', 'D6D5', '6A70']

describe('GraphQL over HTTP', () => {
  const audits = serverAudits({ url: () => `${server.url}/graphql` }).filter(
    ({ id }) => !getsWithoutPreflight.includes(id),
  )

  it.each(audits.map(audit => [audit.id, audit.name, audit] as const))(
    '%s: %s',
    async (_id, _name, audit) => {
      expect(await audit.fn()).toMatchObject({ status: 'ok' })
    },
  )

  const get = (query: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/graphql?${query}`, { headers })
  const preflight = { 'apollo-require-preflight': 'yes' }

  it('a GET takes queries, with a header that forms can’t send', async () => {
    const query = new URLSearchParams({ query: '{ setupRequired }' }).toString()
    expect((await get(query, preflight)).status).toBe(200)
    expect((await get(query)).status).toBe(400)
  })

  it('a GET takes no mutation: 405 with what is allowed', async () => {
    const query = new URLSearchParams({ query: 'mutation { logOut { errors { path } } }' })
    const response = await get(query.toString(), preflight)
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('POST')
  })

  it.each(['PUT', 'PATCH', 'DELETE'])('%s is a 405 with what is allowed', async method => {
    const response = await fetch(`${server.url}/graphql`, { method })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET, POST')
  })

  it('a type that can’t be had is a 406', async () => {
    const body = JSON.stringify({ query: '{ __typename }' })
    const answer = await server.client().post(body, { accept: 'text/csv' })
    expect(answer.status).toBe(406)
  })
})

describe('automatic persisted queries', () => {
  const query = '{ passwordPolicy { passwordRules } }'
  const sha256Hash = createHash('sha256').update(query).digest('hex')
  const extensions = { persistedQuery: { version: 1, sha256Hash } }

  it('are asked for by their hash once they were sent', async () => {
    const client = server.client()
    const first = await client.post(JSON.stringify({ extensions }))
    expect(first.errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }])
    const second = await client.post(JSON.stringify({ query, extensions }))
    expect(second.data.passwordPolicy.passwordRules).toContain('minlength')
    const third = await client.post(JSON.stringify({ extensions }))
    expect(third.data).toEqual(second.data)
  })

  it('can’t be planted under the hash of another', async () => {
    const answer = await server
      .client()
      .post(JSON.stringify({ query: '{ setupRequired }', extensions }))
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })
})
