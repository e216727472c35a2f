import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { apiTokenOf } from '../testing/api-token-client.js'
import { TestServer } from '../testing/test-server.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start({ LOG_LEVEL: 'info', TRUST_PROXY: '1' })
})
afterAll(() => server.stop())

const ip = '203.0.113.7'

/** The last log line about a response. */
const lastLine = () => {
  const lines = server
    .log()
    .split('\n')
    .filter(line => line.includes('"answered"'))
  return JSON.parse(lines.at(-1) ?? '{}')
}

describe('the line about an answer', () => {
  it('logs the address, the user and the operation', async () => {
    const user = await server.addUser()
    const client = server.client({ 'x-forwarded-for': ip })
    await client.logIn(user.login)
    await client.query('query WhoAmI { viewer { id } }')
    expect(lastLine()).toMatchObject({
      method: 'POST',
      path: '/graphql',
      status: 200,
      ip,
      actorId: user.id,
      operationName: 'WhoAmI',
    })
  })

  it('logs the trace id of a valid traceparent', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
    const traceparent = `00-${traceId}-00f067aa0ba902b7-01`
    await server.client({ traceparent }).query('{ viewer { id } }')
    expect(lastLine()).toMatchObject({ status: 200, traceId })
  })

  it.each([
    '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01',
    'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    '00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01',
    'something else',
  ])('logs nothing of the invalid traceparent %s', async traceparent => {
    await server.client({ traceparent }).query('{ viewer { id } }')
    expect(lastLine()).not.toHaveProperty('traceId')
  })

  it('logs only the first characters of an API token', async () => {
    const user = await server.addUser()
    const { client, token, row } = await apiTokenOf(server, user, [], {
      headers: { 'x-forwarded-for': ip },
    })
    await client.query('{ viewer { id } }')
    expect(lastLine()).toMatchObject({ ip, actorId: user.id, tokenPrefix: row.prefix })
    expect(server.log()).not.toContain(token)
  })

  it.each([
    ['401', { authorization: 'Bearer rk_live_wrong' }, 401],
    ['403', { origin: 'https://elsewhere.example' }, 403],
  ])('logs the address of a %s', async (_what, headers, status) => {
    const client = server.client({ 'x-forwarded-for': ip, ...headers })
    await client.query('{ viewer { id } }').catch(() => undefined)
    expect(lastLine()).toMatchObject({ status, ip })
  })

  it('logs the address of a 429', async () => {
    const limited = await TestServer.start({ RATE_LIMIT_PER_ADDRESS: '1', LOG_LEVEL: 'info' })
    try {
      for (let count = 0; count < 2; count += 1) await limited.client().get('/schema.graphql')
      expect(limited.log()).toMatch(/"status":429,.*"ip":"127\.0\.0\.1"/)
    } finally {
      await limited.stop()
    }
  })
})
