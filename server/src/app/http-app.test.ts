import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { goodPassword, TestServer } from '../testing/test-server.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(() => server.stop())

/**
 * Requests the newer media type, for which errors in a document get a 400 (GraphQL over HTTP,
 * 6.4.2).
 */
const strict = { accept: 'application/graphql-response+json' }
const viewer = JSON.stringify({ query: '{ viewer { login } }' })

describe('bad requests', () => {
  it('treats more errors in variables than graphql-js reports as an error of the client', async () => {
    const answer = await server
      .client()
      .query(
        'mutation ($input: BlockUsersInput!) { blockUsers(input: $input) { errors { __typename } } }',
        { input: { userIds: Array.from({ length: 200 }, () => ({})) } },
      )
    expect(answer.status).toBe(200)
    expect(new Set(answer.errors?.map(({ extensions }) => extensions.code))).toEqual(
      new Set(['BAD_USER_INPUT']),
    )
  })

  it.each([
    [
      'a variable in an argument is null beside a literal password',
      `mutation ($token: String = "x") {
        resetPassword(input: { token: $token, newPassword: "Sixty-Lanterns-28" }) { errors { __typename } }
      }`,
      { token: null },
      'Argument "input" has invalid value {token: $token, newPassword: "Sixty-Lanterns-28"}.',
    ],
    [
      'a variable of a directive is null',
      'query ($if: Boolean = true) { setupRequired viewer @include(if: $if) { id } }',
      { if: null },
      'Argument "if" of non-null type "Boolean!" must not be null.',
    ],
    [
      'a literal time is invalid',
      '{ operations(filter: { from: 987654321 }) { totalCount } }',
      {},
      'DateTime cannot represent non string or Date type 987654321',
    ],
  ])(
    'treats it as an error of the client and logs nothing of it if %s',
    async (_what, query, variables, message) => {
      const before = server.log().length
      const answer = await server.client().query(query, variables)
      expect(answer.errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }])
      const logged = server.log().slice(before)
      expect(logged).not.toContain('"level":50')
      expect(logged).not.toMatch(/Sixty-Lanterns|987654321/)
    },
  )

  it('answers invalid JSON with a 400 that does not quote it', async () => {
    const answer = await server.client().post('{"query": "mutation", Secret-Text')
    expect(answer.status).toBe(400)
    expect(answer.errors).toEqual([
      {
        message: 'The request is not valid JSON.',
        extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) },
      },
    ])
  })

  it.each([
    ['/%E0%A4%A', 400, 'This is not a valid URL.'],
    ['/assets/%00.js', 404, 'There is nothing here.'],
  ])('describes the error at %s in the usual format', async (address, status, message) => {
    const answer = await fetch(server.url + address)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await answer.json()).toEqual({
      errors: [{ message, extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) } }],
    })
  })

  it('rejects a body over 100 KB with 413, whatever its size', async () => {
    const client = await server.signedIn(await server.addUser())
    for (const size of [100 * 1024, 10 * 1024 * 1024]) {
      const answer = await client
        .changePassword({ currentPassword: goodPassword, newPassword: 'x'.repeat(size) })
        .catch((failure: unknown) => failure)
      // The server closes the connection instead of reading the rest; a client may only see that.
      if (answer instanceof Error) continue
      expect((answer as { status: number }).status).toBe(413)
    }
    expect(await client.whoAmI()).not.toBeNull()
  })

  it('judges a password of 1,000 characters like any other', async () => {
    const client = await server.signedIn(await server.addUser())
    const answer = await client.changePassword({
      currentPassword: 'x'.repeat(1_000),
      newPassword: 'Aa1!'.repeat(250),
    })
    expect(answer.data.changePassword.errors).toMatchObject([
      { __typename: 'CurrentPasswordIncorrect' },
      { violations: [{ rule: 'MAX_LENGTH' }] },
    ])
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'rejects %s, because a form on another site could send it',
    async type => {
      const answer = await server.client().post(viewer, { 'content-type': type })
      expect(answer.status).toBe(415)
    },
  )

  it.each([
    ['an array of requests', `[${viewer}]`],
    ['no query', '{}'],
    ['null', 'null'],
    ['a number as query', '{"query": 5}'],
    ['a syntax error', '{"query": "{ viewer "}'],
    ['an unknown field', '{"query": "{ nothing }"}'],
    ['a wrong type', '{"query": "{ user(id: {}) { id } }"}'],
    ['an unknown operation', '{"query": "query A { viewer { id } }", "operationName": "B"}'],
    ['a prototype', '{"query": "{ viewer { id } }", "__proto__": {"x": 1}}'],
  ])('answers %s with 400 and a typed error', async (_what, body) => {
    const answer = await server.client().post(body, strict)
    expect(answer.status).toBe(400)
    expect(answer.errors?.every(error => error.extensions.code === 'BAD_USER_INPUT')).toBe(true)
  })

  it('rejects a hundred aliases of a mutation as a whole', async () => {
    const user = await server.addUser()
    const aliases = Array.from(
      { length: 100 },
      (_, index) =>
        `a${index}: logIn(input: {login: "${user.login}", password: "${index}"}) { errors { __typename } }`,
    )
    const answer = await server.client(strict).query(`mutation { ${aliases.join(' ')} }`)
    expect(answer.status).toBe(400)
    expect(answer.data).toBeUndefined()
  })

  it('answers unknown files and methods with 404 and 405, not with pages', async () => {
    expect((await fetch(`${server.url}/assets/nothing.js`)).status).toBe(404)
    expect((await fetch(`${server.url}/graphql`, { method: 'PUT' })).status).toBeLessThan(500)
  })
})

describe('requests from other sites', () => {
  it.each([
    'https://evil.example',
    'null',
    'http://localhost:9',
    'http://localhost:4000.evil.example',
  ])('are rejected with the origin %s', async origin => {
    const client = await server.signedIn(await server.addUser())
    const answer = await client.post(viewer, { origin })
    expect(answer.status).toBe(403)
    expect(answer.data).toBeUndefined()
  })

  it.each(['http://localhost:4000', 'http://127.0.0.1:4000'])(
    'accepts the own origin %s',
    async origin => {
      expect((await server.client().post(viewer, { origin })).status).toBe(200)
    },
  )

  it('requires a header that other sites cannot send for a query in the URL', async () => {
    const address = `${server.url}/graphql?query=${encodeURIComponent('{ viewer { login } }')}`
    expect((await fetch(address)).status).toBe(400)
  })

  it('never executes a mutation in the URL', async () => {
    const address = `${server.url}/graphql?query=${encodeURIComponent('mutation { logOut { errors { message } } }')}`
    const answer = await fetch(address, { headers: { 'apollo-require-preflight': 'yes' } })
    expect(answer.status).toBe(405)
  })

  it('does not allow other sites to read responses', async () => {
    const answer = await server.client().post(viewer, { origin: 'http://localhost:4000' })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
  })
})

describe('an unexpected error', () => {
  it('is logged, and the client receives only the request id', async () => {
    const broken = await TestServer.start()
    try {
      const client = await broken.signedIn(await broken.addUser({ role: 'ADMIN' }))
      broken.services.userSearch.list = () =>
        Promise.reject(new Error('the disk is full of secrets'))
      const answer = await client.query('{ users { totalCount } }')
      expect(answer.text).not.toContain('disk')
      const [error] = answer.errors ?? []
      expect(error).toMatchObject({
        message: 'Something went wrong.',
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) },
      })
      expect(Object.keys(error.extensions).sort()).toEqual(['code', 'requestId'])
      const line =
        broken
          .log()
          .split('\n')
          .find(one => one.includes('disk is full')) ?? ''
      expect(line).toContain(error.extensions.requestId)
    } finally {
      await broken.stop()
    }
  })
})

describe('an error before GraphQL begins', () => {
  it('is answered and logged in the same way', async () => {
    const broken = await TestServer.start()
    try {
      const client = await broken.signedIn(await broken.addUser())
      broken.services.sessions.find = () => Promise.reject(new Error('the disk is full of secrets'))
      const answer = await client.query('{ viewer { login } }')
      expect(answer.text).not.toContain('disk')
      expect(answer.errors).toMatchObject([
        { extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) } },
      ])
      expect(broken.log()).toContain('disk is full')
    } finally {
      await broken.stop()
    }
  })
})

describe('a server on which too many hashes wait', () => {
  it('asks to retry, and still answers light requests', async () => {
    const small = await TestServer.start({
      HASH_QUEUE_LIMIT: '1',
      ARGON2_MEMORY_KIB: '19456',
      ARGON2_PASSES: '4',
    })
    try {
      const attempts = Array.from({ length: 40 }, () =>
        small.client().logIn('nobody@rekey.example', 'x'),
      )
      const policy = await small.client().query('{ passwordPolicy { rules { rule } } }')
      expect(policy.status).toBe(200)
      const answers = await Promise.all(attempts)
      const refused = answers.filter(answer => answer.status === 503)
      expect(refused.length).toBeGreaterThan(0)
      expect(refused[0]?.headers.get('retry-after')).toBe('1')
      expect(refused[0]?.errors).toMatchObject([
        { extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 1 } },
      ])
    } finally {
      await small.stop()
    }
  })
})

describe('Apollo Sandbox', () => {
  const page = (url: string) => fetch(`${url}/graphql`, { headers: { accept: 'text/html' } })

  it('shows Sandbox at /graphql in a browser', async () => {
    const answer = await page(server.url)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('Sandbox')
  })

  it.each<Record<string, string>>([
    { PUBLIC_URL: 'http://rekey.example' },
    { APOLLO_SANDBOX: 'false' },
  ])('is off with %j, but introspection is not', async settings => {
    const own = await TestServer.start(settings)
    try {
      const answer = await page(own.url)
      expect(answer.status).toBe(406)
      expect(answer.headers.get('content-security-policy')).not.toContain('apollographql')
      const schema = await own.client().query('{ __schema { queryType { name } } }')
      expect(schema.data.__schema.queryType.name).toBe('Query')
    } finally {
      await own.stop()
    }
  })

  it('is off in production, like introspection', async () => {
    const production = await TestServer.start({ NODE_ENV: 'production' })
    try {
      expect((await page(production.url)).status).toBe(406)
      const answer = await production.client().query('{ __schema { types { name } } }')
      expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    } finally {
      await production.stop()
    }
  })
})

describe('stopping', () => {
  it('does not wait for sockets without requests', async () => {
    const own = await TestServer.start()
    const socket = connect(Number(new URL(own.url).port), '127.0.0.1')
    const ended = once(socket, 'close')
    await once(socket, 'connect')
    // The response comes after the socket was accepted.
    await own.client().get('/healthz')
    // Would never resolve.
    await own.stop()
    await ended
  })
})

describe('the routes for operators', () => {
  it('report that the server is alive and ready', async () => {
    const own = await TestServer.start()
    expect((await own.client().get('/healthz')).status).toBe(200)
    expect((await own.client().get('/readyz')).status).toBe(200)
    await own.stop()
  })

  it('serve metrics only with the token, and without personal data', async () => {
    const token = 'a secret of the test'
    const own = await TestServer.start({ METRICS_TOKEN: token })
    const user = await own.addUser()
    await (await own.signedIn(user)).whoAmI()
    await own.client().query('{ nothing }')
    expect((await own.client().get('/metrics')).status).toBe(401)
    const wrong = own.client({ authorization: 'Bearer a secret of no test' })
    expect((await wrong.get('/metrics')).status).toBe(401)
    const response = await own.client({ authorization: `Bearer ${token}` }).get('/metrics')
    const text = await response.text()
    expect(response.headers.get('content-type')).toContain('text/plain')
    expect(text).toMatch(/http_request_duration_seconds_count\{method="POST",route="\/graphql"/)
    expect(text).toContain('rekey_hashes{state="waiting"} 0')
    expect(text).toContain('graphql_errors_total{code="BAD_USER_INPUT"} 1')
    expect(text).toContain('operations_total{action="LOG_IN",outcome="DONE"} 1')
    expect(text).toContain('rekey_log_lines_lost_total 0')
    expect(text).toContain('rekey_outbox_mails{state="waiting"} 0')
    expect(text).toContain('rekey_outbox_mails{state="failed"} 0')
    expect(text).toContain('rekey_outbox_oldest_seconds 0')
    expect(text).not.toContain(user.login)
    await own.stop()
  })

  it('do not serve metrics if no token is set', async () => {
    const own = await TestServer.start()
    const text = await (await own.client().get('/metrics')).text()
    expect(text).not.toContain('http_request')
    await own.stop()
  })
})

describe('the character U+0000', () => {
  it('is not found anywhere, and causes no server error', async () => {
    const own = await TestServer.start()
    const admin = await own.addUser({ role: 'ADMIN' })
    const client = await own.signedIn(admin)
    const signIn = await own.client().logIn('a\0b@rekey.example')
    expect(signIn.data.logIn.errors).toMatchObject([{ __typename: 'InvalidCredentials' }])
    for (const query of [
      'query ($text: ID!) { user(id: $text) { id } }',
      'query ($text: ID!) { operations(filter: { actorId: $text }) { totalCount } }',
      'query ($text: String!) { users(search: $text) { totalCount } }',
    ]) {
      const { errors = [] } = await client.query(query, { text: 'a\0b' })
      expect(errors.map(error => error.extensions.code)).not.toContain('INTERNAL_SERVER_ERROR')
    }
    await own.stop()
  })
})
