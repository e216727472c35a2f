import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Client, fetchExchange, gql } from '@urql/core'
import { persistedExchange } from '@urql/exchange-persisted'
import { apiTokenOf } from '../testing/api-token-client.js'
import { asCaller, goodPassword, TestServer } from '../testing/test-server.js'

let server: TestServer
let token: string
beforeAll(async () => {
  server = await TestServer.start()
  const admin = await server.addUser({ role: 'ADMIN', firstName: 'Adam', lastName: 'Nowak' })
  token = (await apiTokenOf(server, asCaller(admin), ['users.read', 'users.manage'])).token
})
afterAll(() => server.stop())

/** A client with urql’s defaults. Notes the method and the status of each request. */
const clientOf = (authorization: string, exchanges = [fetchExchange]) => {
  const requests: string[] = []
  const client = new Client({
    url: `${server.url}/graphql`,
    exchanges,
    fetchOptions: { headers: { authorization } },
    fetch: async (input, init) => {
      const answer = await fetch(input, init)
      requests.push(`${init?.method} ${answer.status}`)
      return answer
    },
  })
  return { client, requests }
}

const viewer = gql`{ viewer { name } }`

describe('urql', () => {
  it('sends queries by GET and mutations by POST with an API token', async () => {
    const { client, requests } = clientOf(`Bearer ${token}`)
    expect((await client.query(viewer, {})).data).toEqual({ viewer: { name: 'Adam Nowak' } })
    const change = gql`mutation ($input: ChangePasswordInput!) {
      changePassword(input: $input) { errors { ... on UserError { message path } } }
    }`
    const input = { currentPassword: goodPassword, newPassword: 'short' }
    const { data } = await client.mutation(change, { input })
    expect(data.changePassword.errors).toMatchObject([{ path: ['newPassword'] }])
    expect(requests).toEqual(['GET 200', 'POST 200'])
  })

  it('sends persisted queries by GET, and the text only once', async () => {
    const persisted = persistedExchange({ preferGetForPersistedQueries: true })
    const { client, requests } = clientOf(`Bearer ${token}`, [persisted, fetchExchange])
    for (const first of [1, 2]) {
      const query = gql`query ($first: Int) { users(first: $first) { totalCount } }`
      expect((await client.query(query, { first })).data.users.totalCount).toBe(1)
    }
    expect(requests).toHaveLength(3)
    expect(requests.at(-1)).toBe('GET 200')
  })

  it('reports an invalid token as an error with its code', async () => {
    const { client } = clientOf('Bearer rk_live_unknown')
    const { error } = await client.query(viewer, {})
    expect(error?.graphQLErrors.map(({ extensions }) => extensions.code)).toEqual([
      'UNAUTHENTICATED',
    ])
  })
})
