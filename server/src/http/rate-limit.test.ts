import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { apiTokenOf } from '../testing/api-token-client.js'
import { TestServer } from '../testing/test-server.js'
import { Quota } from './rate-limit.js'

const servers: TestServer[] = []
const start = async (environment: Record<string, string>): Promise<TestServer> => {
  const server = await TestServer.start(environment)
  servers.push(server)
  return server
}
afterEach(async () => {
  jest.restoreAllMocks()
  await Promise.all(servers.splice(0).map(server => server.stop()))
})

const query = JSON.stringify({ query: '{ setupRequired }' })
const statusOf = async (server: TestServer, headers: Record<string, string> = {}) =>
  (await server.client().post(query, headers)).status

/** The numbers of a RateLimit header, by policy. */
const standing = (headers: Headers) =>
  Object.fromEntries(
    (headers.get('ratelimit') ?? '').split(', ').flatMap(item => {
      const [, name, left, seconds] = /^"(\w+)";r=(\d+);t=(\d+)$/.exec(item) ?? []
      return name === undefined ? [] : [[name, { left: Number(left), seconds: Number(seconds) }]]
    }),
  )

const tokenOf = async (server: TestServer) =>
  (await apiTokenOf(server, await server.addUser())).token
const bearing = (token: string) => ({ authorization: `Bearer ${token}` })

describe('each response', () => {
  it("shows the state of the caller's quota", async () => {
    const server = await start({ RATE_LIMIT_PER_ADDRESS: '50' })
    const begun = performance.now()
    const clock = jest.spyOn(performance, 'now')
    for (const [after, left] of [
      [0, 49],
      [1, 48],
      [59, 47],
    ] as const) {
      clock.mockReturnValue(begun + after * 1_000)
      const { headers } = await server.client().post(query)
      expect(headers.get('ratelimit-policy')).toBe('"address";q=50;w=60')
      expect(standing(headers).address).toEqual({ left, seconds: 60 - after })
    }
  })

  it('is counted on every route that returns data, and on no other', async () => {
    const server = await start({
      RATE_LIMIT_PER_ADDRESS: '50',
      METRICS_TOKEN: 'a secret of the test',
    })
    const client = server.client()
    const isCounted = async (path: string) =>
      (await client.get(path)).headers.get('ratelimit') !== null
    for (const path of [
      '/graphql',
      '/operations.csv',
      '/my-data.json',
      '/schema.graphql',
      '/explorer/operations.json',
    ]) {
      expect([path, await isCounted(path)]).toEqual([path, true])
    }
    for (const path of ['/healthz', '/readyz', '/metrics', '/', '/users', '/assets/x.js']) {
      expect([path, await isCounted(path)]).toEqual([path, false])
    }
  })

  it('has no rate limit headers if the limits are off', async () => {
    const server = await start({})
    const { headers } = await server.client().post(query, bearing(await tokenOf(server)))
    expect(headers.get('ratelimit')).toBeNull()
    expect(headers.get('ratelimit-policy')).toBeNull()
  })
})

describe('a request above the limit', () => {
  it('is answered with 429 in the format of GraphQL errors, with the time to wait', async () => {
    const server = await start({ RATE_LIMIT_PER_ADDRESS: '3' })
    const user = await server.addUser()
    const client = await server.signedIn(user)
    await client.whoAmI()
    await client.whoAmI()
    const logOut = JSON.stringify({ query: 'mutation { logOut { errors { message } } }' })
    const refused = await client.post(logOut, { accept: 'application/graphql-response+json' })
    expect(refused.status).toBe(429)
    expect(refused.headers.get('content-type')).toBe(
      'application/graphql-response+json; charset=utf-8',
    )
    expect(refused.headers.get('cache-control')).toBe('no-store')
    const seconds = Number(refused.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(50)
    expect(standing(refused.headers)).toEqual({ address: { left: 0, seconds } })
    expect(JSON.parse(refused.text)).toEqual({
      errors: [
        {
          message: `Too many requests from this address. Try again in ${seconds} seconds.`,
          extensions: {
            code: 'RATE_LIMITED',
            retryAfterSeconds: seconds,
            requestId: expect.any(String),
          },
        },
      ],
    })

    // The request was not executed, and a minute later the caller can send requests again.
    const now = performance.now()
    jest.spyOn(performance, 'now').mockReturnValue(now + 60_000)
    expect(await client.whoAmI()).toBe(user.login)
  })

  it('is rejected on every route and for every method', async () => {
    const server = await start({ RATE_LIMIT_PER_ADDRESS: '1' })
    await server.client().post(query)
    for (const path of ['/graphql?query={setupRequired}', '/my-data.json', '/schema.graphql']) {
      const answer = await server.client({ 'apollo-require-preflight': 'yes' }).get(path)
      expect([path, answer.status]).toEqual([path, 429])
    }
    expect((await server.client().get('/readyz')).status).toBe(200)
  })

  it('is counted correctly when many requests come at once', async () => {
    const server = await start({ RATE_LIMIT_PER_ADDRESS: '10' })
    const statuses = await Promise.all(Array.from({ length: 40 }, () => statusOf(server)))
    expect(statuses.filter(status => status === 200)).toHaveLength(10)
    expect(statuses.filter(status => status === 429)).toHaveLength(30)
  })

  it('is counted in the metrics', async () => {
    const token = 'a secret of the test'
    const server = await start({ RATE_LIMIT_PER_ADDRESS: '1', METRICS_TOKEN: token })
    await statusOf(server)
    await statusOf(server)
    const text = await (
      await server.client({ authorization: `Bearer ${token}` }).get('/metrics')
    ).text()
    expect(text).toMatch(/http_request_duration_seconds_count\{.*status="429"\} 1/)
  })
})

describe('the limit of an address', () => {
  it('ignores an address that the client claims', async () => {
    const server = await start({ RATE_LIMIT_PER_ADDRESS: '2' })
    const statuses: number[] = []
    for (let index = 0; index < 4; index += 1) {
      const forged = `203.0.113.${index}`
      statuses.push(
        await statusOf(server, {
          'x-forwarded-for': forged,
          forwarded: `for=${forged}`,
          'x-real-ip': forged,
        }),
      )
    }
    expect(statuses).toEqual([200, 200, 429, 429])
  })

  it('ignores requests that other sites make their visitors send', async () => {
    const server = await start({ RATE_LIMIT_PER_ADDRESS: '1' })
    const elsewhere = { origin: 'http://evil.example', 'content-type': 'text/plain' }
    const image = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }
    const frame = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'iframe',
    }
    for (const headers of [elsewhere, image, frame, elsewhere]) {
      expect(await statusOf(server, headers)).toBe(403)
      expect((await server.client(headers).get('/my-data.json')).status).toBe(403)
    }
    expect(await statusOf(server)).toBe(200)
  })

  it("uses the caller's address behind a trusted proxy, whatever the caller sends in the header", async () => {
    const server = await start({ RATE_LIMIT_PER_ADDRESS: '1', TRUST_PROXY: '1' })
    const from = (address: string) => statusOf(server, { 'x-forwarded-for': address })
    expect(await from('203.0.113.1')).toBe(200)
    expect(await from('203.0.113.2')).toBe(200)
    expect(await from('198.51.100.9, 203.0.113.1')).toBe(429)
    expect(await from('::ffff:203.0.113.2')).toBe(429)
    expect(await from('203.0.113.1:50123')).toBe(429)
  })

  it('counts all IPv6 addresses of a /64 together', async () => {
    const server = await start({ RATE_LIMIT_PER_ADDRESS: '2', TRUST_PROXY: '1' })
    const from = (address: string) => statusOf(server, { 'x-forwarded-for': address })
    expect(await from('2001:db8:1:2::1')).toBe(200)
    expect(await from('2001:db8:1:2:aaaa::1')).toBe(200)
    expect(await from('2001:db8:1:2:ffff:ffff:ffff:ffff')).toBe(429)
    expect(await from('[2001:db8:1:2::7]:443')).toBe(429)
    expect(await from('2001:db8:1:3::1')).toBe(200)
  })
})

describe('the limit of an API token', () => {
  it('counts beside the limit of the address, wherever the token is used', async () => {
    const server = await start({
      RATE_LIMIT_PER_ADDRESS: '100',
      RATE_LIMIT_PER_TOKEN: '2',
      TRUST_PROXY: '1',
    })
    const tokenA = await tokenOf(server)
    const tokenB = await tokenOf(server)
    const ask = (address: string, token: string) =>
      server.client().post(query, { ...bearing(token), 'x-forwarded-for': address })
    const first = await ask('203.0.113.1', tokenA)
    expect(first.headers.get('ratelimit-policy')).toBe('"address";q=100;w=60, "token";q=2;w=60')
    expect(standing(first.headers)).toMatchObject({ address: { left: 99 }, token: { left: 1 } })
    expect((await ask('203.0.113.2', tokenA)).status).toBe(200)
    const third = await ask('203.0.113.3', tokenA)
    expect(third.status).toBe(429)
    expect(third.errors?.[0].message).toMatch(
      /^Too many requests with this API token\. Try again in/,
    )
    expect(third.text).not.toContain(tokenA)
    expect((await ask('203.0.113.3', tokenB)).status).toBe(200)
    expect(server.log()).not.toContain(tokenA)
  })

  it('ignores other bearer tokens', async () => {
    const server = await start({ RATE_LIMIT_PER_TOKEN: '1' })
    const token = await tokenOf(server)
    for (const [authorization, status] of [
      ['Bearer abc', 200],
      ['Basic cms6cms=', 200],
      ['', 200],
      [`Basic ${token}`, 401],
      [token, 401],
    ] as const) {
      expect(await statusOf(server, { authorization })).toBe(status)
      expect(await statusOf(server, { authorization })).toBe(status)
    }
    expect(await statusOf(server, { authorization: `bearer ${token}` })).toBe(200)
    expect(await statusOf(server, bearing(token))).toBe(429)
  })

  it('cannot bypass the limit of the address with a new invented token for each request', async () => {
    const server = await start({ RATE_LIMIT_PER_ADDRESS: '5', RATE_LIMIT_PER_TOKEN: '100' })
    const statuses: number[] = []
    for (let index = 0; index < 8; index += 1) {
      statuses.push(await statusOf(server, bearing(`rk_live_${index}${'x'.repeat(5_000)}`)))
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429])
  })
})

describe('a quota', () => {
  it('remembers a limited number of callers, the most recent ones', () => {
    const quota = new Quota('address', 1, 10)
    quota.take('first')
    expect(quota.take('first').admitted).toBe(false)
    for (let index = 0; index < 9; index += 1) quota.take(`other ${index}`)
    expect(quota.take('first').admitted).toBe(false)
    for (let index = 0; index < 10; index += 1) quota.take(`another ${index}`)
    expect(quota.take('first').admitted).toBe(true)
  })

  it('starts again a minute after the first request, not after the last', () => {
    const clock = jest.spyOn(performance, 'now').mockReturnValue(1_000)
    const quota = new Quota('address', 2)
    expect(quota.take('a')).toEqual({ admitted: true, left: 1, seconds: 60 })
    clock.mockReturnValue(60_001)
    expect(quota.take('a')).toEqual({ admitted: true, left: 0, seconds: 1 })
    expect(quota.take('a')).toEqual({ admitted: false, left: 0, seconds: 1 })
    clock.mockReturnValue(61_000)
    expect(quota.take('a')).toEqual({ admitted: true, left: 1, seconds: 60 })
  })
})
