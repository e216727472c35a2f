import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { apiTokenOf, bearer } from '../testing/api-token-client.js'
import { type TestClient, TestServer } from '../testing/test-server.js'

const origin = 'https://panel.example'
const body = JSON.stringify({ query: '{ viewer { login } }' })

let server: TestServer
let session: TestClient
let token: string
beforeAll(async () => {
  server = await TestServer.start({ ALLOWED_ORIGINS: `${origin}, http://localhost:3000` })
  const owner = await server.addUser({ login: 'owner@rekey.example', role: 'OWNER' })
  session = await server.signedIn(owner)
  token = (await apiTokenOf(server, owner, ['users.read'])).token
})
afterAll(() => server.stop())

/** The preflight request of a browser. */
const preflight = (from: string) =>
  fetch(`${server.url}/graphql`, {
    method: 'OPTIONS',
    headers: {
      origin: from,
      'sec-fetch-site': 'cross-site',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  })

const corsHeadersOf = ({ headers }: { headers: Headers }) =>
  [...headers.keys()].filter(name => name.startsWith('access-control-')).sort()

describe('a page on an allowed origin', () => {
  it('gets an answer to its preflight request, without credentials', async () => {
    const answer = await preflight(origin)
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
    expect(answer.headers.get('access-control-allow-methods')).toBe('GET, POST')
    expect(answer.headers.get('access-control-allow-headers')).toContain('authorization')
    expect(answer.headers.get('vary')).toMatch(/\bOrigin\b/)
    expect(answer.headers.has('access-control-allow-credentials')).toBe(false)
  })

  it.each([origin, 'http://localhost:3000'])(
    'reads the answer to a request with an API token: %s',
    async from => {
      const answer = await server
        .client(bearer(token))
        .post(body, { origin: from, 'sec-fetch-site': 'cross-site' })
      expect(answer.data).toEqual({ viewer: { login: 'owner@rekey.example' } })
      expect(answer.headers.get('access-control-allow-origin')).toBe(from)
      expect(answer.headers.get('access-control-expose-headers')).toContain('x-request-id')
      expect(answer.headers.get('vary')).toMatch(/\bOrigin\b/)
      expect(answer.headers.has('access-control-allow-credentials')).toBe(false)
    },
  )

  it('is not authenticated by the session cookie', async () => {
    expect(await session.whoAmI()).toBe('owner@rekey.example')
    const answer = await session.clone().post(body, { origin })
    expect(answer.status).toBe(401)
    expect(answer.data).toBeUndefined()
    expect(answer.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    expect(corsHeadersOf(answer)).not.toContain('access-control-allow-credentials')
  })

  it('can read why its API token is rejected', async () => {
    const answer = await server.client(bearer(`${token.slice(0, -1)}_`)).post(body, { origin })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
  })

  it('can read when to try again after too many requests', async () => {
    const limited = await TestServer.start({ ALLOWED_ORIGINS: origin, RATE_LIMIT_PER_ADDRESS: '1' })
    try {
      const client = limited.client(bearer(token))
      await client.post(body, { origin })
      const answer = await client.post(body, { origin })
      expect(answer.status).toBe(429)
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
      expect(answer.headers.get('access-control-expose-headers')).toContain('retry-after')
    } finally {
      await limited.stop()
    }
  })

  it('cannot sign its visitor in', async () => {
    const query = `mutation { logIn(input: { login: "owner@rekey.example", password: "Quiet-Harbour-72" }) { user { login } } }`
    const answer = await server.client(bearer(token)).post(JSON.stringify({ query }), { origin })
    expect(answer.data.logIn.user).toEqual({ login: 'owner@rekey.example' })
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  it('cannot call other addresses', async () => {
    const answer = await fetch(`${server.url}/users.csv`, { headers: { origin, ...bearer(token) } })
    expect(answer.status).toBe(403)
    expect(corsHeadersOf(answer)).toEqual([])
  })
})

describe('a page on another origin', () => {
  it.each([
    'https://other.example',
    'null',
    'http://panel.example',
    'https://panel.example:8443',
    'https://panel.example.evil.example',
    'https://sub.panel.example',
  ])('is rejected with the name of the setting, also with an API token: %s', async from => {
    const answer = await server.client(bearer(token)).post(body, { origin: from })
    expect(answer.status).toBe(403)
    expect(answer.errors).toMatchObject([
      {
        message: expect.stringContaining('ALLOWED_ORIGINS'),
        extensions: { code: 'FORBIDDEN' },
      },
    ])
    expect(corsHeadersOf(answer)).toEqual([])
    const asked = await preflight(from)
    expect(asked.status).toBe(403)
    expect(corsHeadersOf(asked)).toEqual([])
  })
})

describe('answers for the own origin', () => {
  it('have no CORS headers, but vary by origin', async () => {
    const answer = await session.query('{ viewer { login } }')
    expect(answer.data.viewer.login).toBe('owner@rekey.example')
    expect(corsHeadersOf(answer)).toEqual([])
    expect(answer.headers.get('vary')).toMatch(/\bOrigin\b/)
  })
})
