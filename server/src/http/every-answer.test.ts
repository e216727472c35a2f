import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import { defaultAccountLook } from '../settings/account-look.js'
import { apiTokenOf } from '../testing/api-token-client.js'
import { TestServer } from '../testing/test-server.js'
import { refuseUnreadable } from './unreadable-request.js'

let server: TestServer
let clientDir: string
beforeAll(async () => {
  clientDir = await mkdtemp(join(tmpdir(), 'rekey-client-'))
  await writeFile(join(clientDir, 'index.html'), 'the SPA, __CSP_NONCE__, __ACCOUNT_NAME__')
  await mkdir(join(clientDir, '.vite'))
  await writeFile(join(clientDir, '.vite', 'license.json'), '[]')
  await writeFile(join(clientDir, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  server = await TestServer.start(
    { PUBLIC_URL: 'https://rekey.example', APOLLO_SANDBOX: 'true' },
    { clientDir },
  )
})
afterAll(async () => {
  await server.stop()
  await rm(clientDir, { recursive: true })
})

/** A response as it was read from the socket. */
interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Sends these bytes and reads until the server closes the connection. */
const send = async (url: string, request: string): Promise<RawAnswer> => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(request)
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk)
  const [head = '', ...rest] = Buffer.concat(chunks).toString().split('\r\n\r\n')
  const [first = '', ...lines] = head.split('\r\n')
  return {
    status: Number(first.split(' ')[1]),
    headers: Object.fromEntries(
      lines.map(line => {
        const [name = '', ...value] = line.split(': ')
        return [name.toLowerCase(), value.join(': ')]
      }),
    ),
    // A response that Node sends itself may end with an empty chunk.
    body: rest.join('\r\n\r\n').replace(/^0\r\n\r\n$/, ''),
  }
}

const expectSafe = (headers: Readonly<Record<string, string | undefined>>) => {
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'content-security-policy': expect.stringMatching(/^default-src 'none'.*base-uri 'none'/),
  })
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const end = 'Host: rekey.example\r\nConnection: close\r\n\r\n'

/** Requests that Node or Fastify answers without any hook, with the expected status. */
const withoutHooks: [string, string, number][] = [
  ['no HTTP', 'NONSENSE\r\n\r\n', 400],
  ['a header without a colon', `GET / HTTP/1.1\r\nbroken\r\n${end}`, 400],
  ['no Host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ['a URL that cannot be decoded', `GET /%E0%A4%A HTTP/1.1\r\n${end}`, 400],
  ['an expectation', `GET / HTTP/1.1\r\nExpect: a-surprise\r\n${end}`, 417],
  ['headers of 20 KB', `GET / HTTP/1.1\r\nX-Long: ${'x'.repeat(20_000)}\r\n${end}`, 431],
  ['a URL of 20 KB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${end}`, 431],
]

/** Requests that reach a hook or a route, with the expected status. */
const withHooks: [string, string, number][] = [
  ['a page', `GET / HTTP/1.1\r\n${end}`, 200],
  ['a file', `GET /favicon.svg HTTP/1.1\r\n${end}`, 200],
  ['a missing file', `GET /missing.js HTTP/1.1\r\n${end}`, 404],
  ['a list of the build', `GET /.vite/license.json HTTP/1.1\r\n${end}`, 404],
  ['Sandbox', `GET /graphql HTTP/1.1\r\nAccept: text/html\r\n${end}`, 200],
  ['another method', `PUT /graphql HTTP/1.1\r\n${end}`, 405],
  ['an unavailable media type', `GET /graphql HTTP/1.1\r\nAccept: image/png\r\n${end}`, 406],
  ['another Origin', `POST /graphql HTTP/1.1\r\nOrigin: https://x.example\r\n${end}`, 403],
  ['no caller', `GET /my-data.json HTTP/1.1\r\n${end}`, 401],
  ['a redirect', `GET /.well-known/change-password HTTP/1.1\r\n${end}`, 302],
  ['a health check', `GET /healthz HTTP/1.1\r\n${end}`, 200],
]

describe('every answer', () => {
  it.each([...withoutHooks, ...withHooks])(
    'has the security headers: %s',
    async (_what, request, status) => {
      const answer = await send(server.url, request)
      expect(answer.status).toBe(status)
      expectSafe(answer.headers)
    },
  )

  it.each([...withoutHooks, ...withHooks])(
    'names the charset if it is text: %s',
    async (_what, request) => {
      const { headers, body } = await send(server.url, request)
      if (body !== '') expect(headers['content-type']).toMatch(/; charset=utf-8$/)
    },
  )

  it.each([...withoutHooks, ...withHooks])(
    'contains the id of its request, also in its errors: %s',
    async (_what, request) => {
      const { headers, body } = await send(server.url, request)
      const { 'x-request-id': id } = headers
      expect(id).toMatch(uuid)
      if (!body.startsWith('{"errors"')) return
      expect(JSON.parse(body).errors).toMatchObject([{ extensions: { requestId: id } }])
      // Each error has a line in the log with the same id.
      expect(server.log()).toContain(`"reqId":"${id}"`)
    },
  )

  it('never contains the id that the client sent', async () => {
    const sent = `GET /healthz HTTP/1.1\r\nX-Request-Id: mine\r\n${end}`
    const ids = [await send(server.url, sent), await send(server.url, sent)].map(
      ({ headers }) => headers['x-request-id'],
    )
    expect(ids).toEqual([expect.stringMatching(uuid), expect.stringMatching(uuid)])
    expect(ids[0]).not.toBe(ids[1])
  })

  it('has no HSTS without TLS', async () => {
    const own = await TestServer.start()
    try {
      for (const [, request] of [...withoutHooks, ...withHooks]) {
        expect(await send(own.url, request)).not.toHaveProperty([
          'headers',
          'strict-transport-security',
        ])
      }
    } finally {
      await own.stop()
    }
  })
})

describe('an error of GraphQL', () => {
  const body = (query: string, more: Record<string, unknown> = {}) =>
    JSON.stringify({ query, ...more })
  const strict = { accept: 'application/graphql-response+json' }

  it.each<[string, string, Record<string, string>, string]>([
    ['no JSON', '{', {}, 'BAD_USER_INPUT'],
    ['an array', '[]', {}, 'BAD_USER_INPUT'],
    ['no query', '{}', {}, 'BAD_USER_INPUT'],
    ['a number as the query', '{"query":5}', {}, 'BAD_USER_INPUT'],
    [
      'the wrong type of variables',
      body('{ setupRequired }', { variables: 5 }),
      {},
      'BAD_USER_INPUT',
    ],
    ['a syntax error', body('{'), {}, 'BAD_USER_INPUT'],
    ['an unknown field', body('{ nothing }'), strict, 'BAD_USER_INPUT'],
    [
      'an unknown operation',
      body('query A { setupRequired }', { operationName: 'B' }),
      {},
      'BAD_USER_INPUT',
    ],
    [
      'a wrong variable',
      body('query ($id: ID!) { user(id: $id) { id } }', { variables: { id: {} } }),
      {},
      'BAD_USER_INPUT',
    ],
    [
      'too many root fields',
      body(`{ ${Array.from({ length: 11 }, (_, index) => `a${index}: setupRequired`).join(' ')} }`),
      {},
      'BAD_USER_INPUT',
    ],
    ['too many repetitions', body(`{ ${'setupRequired '.repeat(200)} }`), {}, 'BAD_USER_INPUT'],
    [
      'an unknown persisted query',
      JSON.stringify({
        extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } },
      }),
      {},
      'PERSISTED_QUERY_NOT_FOUND',
    ],
    ['no caller', body('{ users { totalCount } }'), {}, 'UNAUTHENTICATED'],
    [
      'an invalid API token',
      body('{ setupRequired }'),
      { authorization: 'Bearer rk_live_x' },
      'UNAUTHENTICATED',
    ],
    [
      'an Idempotency-Key without a caller',
      body('mutation { logOut { errors { message } } }'),
      { 'idempotency-key': '8e03978e-40d5-43dd-bc93-6894a57f9324' },
      'IDEMPOTENCY_KEY_INVALID',
    ],
    ['another content type', '{}', { 'content-type': 'text/plain' }, 'BAD_USER_INPUT'],
  ])('contains the id of its request by POST: %s', async (_what, text, headers, code) => {
    const answer = await server.client().post(text, headers)
    const id = answer.headers.get('x-request-id')
    expect(id).toMatch(uuid)
    expect(answer.errors?.map(({ extensions }) => extensions)).toMatchObject([
      { code, requestId: id },
    ])
  })

  it.each([
    ['no header that other sites cannot send', {}],
    ['a mutation in the URL', { 'apollo-require-preflight': '1' }],
  ])('contains the id of its request by GET: %s', async (_what, headers) => {
    const query = 'mutation { logOut { errors { message } } }'
    const answer = await server.client(headers).get(`/graphql?${new URLSearchParams({ query })}`)
    const id = answer.headers.get('x-request-id')
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { requestId: id } }] })
  })

  it('keeps the id of the executed request when the answer is sent again', async () => {
    const caller = await server.addUser()
    const { client } = await apiTokenOf(server, caller, [])
    const both = JSON.stringify({
      query: `mutation ($own: UpdateUserInput!, $others: BlockUsersInput!) {
        updateUser(input: $own) { errors { __typename } }
        blockUsers(input: $others) { errors { __typename } }
      }`,
      variables: { own: { userId: caller.id, firstName: 'Changed' }, others: { userIds: [] } },
    })
    const key = { 'idempotency-key': '0b8f4d52-1f0b-4c9e-9c0e-0f7c3b6a5d11' }
    const first = await client.post(both, key)
    const again = await client.post(both, key)
    const firstId = first.headers.get('x-request-id')
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(first.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', requestId: firstId } }])
    expect(again.text).toBe(first.text)
    expect(again.headers.get('x-request-id')).toMatch(uuid)
    expect(again.headers.get('x-request-id')).not.toBe(firstId)
  })
})

describe('a request that Node cannot read', () => {
  /** Lets the handler answer on a socket, as Node calls it after this error. */
  const refuse = async (code: string, before?: (socket: Socket) => void): Promise<RawAnswer> => {
    const logger = pino({ level: 'silent' })
    const listener = createServer(socket => {
      before?.(socket)
      const failure = Object.assign(new Error('It holds Quiet-Harbour-72.'), { code })
      refuseUnreadable({ 'x-content-type-options': 'nosniff' }, logger)(failure, socket)
    })
    await new Promise<void>(done => {
      listener.listen(0, '127.0.0.1', done)
    })
    const { port } = listener.address() as AddressInfo
    try {
      return await send(`http://127.0.0.1:${port}`, 'x')
    } finally {
      listener.close()
    }
  }

  it.each([
    ['ERR_HTTP_REQUEST_TIMEOUT', 408],
    ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
    ['HPE_HEADER_OVERFLOW', 431],
    ['HPE_INVALID_METHOD', 400],
  ])('is answered in the usual format, %s with %i', async (code, status) => {
    const answer = await refuse(code)
    expect(answer.status).toBe(status)
    expect(answer.headers).toMatchObject({
      connection: 'close',
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(answer.body.length),
      'x-content-type-options': 'nosniff',
    })
    const { errors } = JSON.parse(answer.body)
    const { 'x-request-id': requestId } = answer.headers
    expect(requestId).toMatch(uuid)
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', requestId } }])
    expect(answer.body).not.toContain('Quiet-Harbour-72')
  })

  it('gets no response if one has started', async () => {
    const answer = await refuse('ERR_HTTP_REQUEST_TIMEOUT', socket =>
      Object.assign(socket, { _httpMessage: { headersSent: true } }),
    )
    expect(answer.status).toBeNaN()
  })

  it('is logged without its content', async () => {
    const before = server.log().length
    await send(server.url, 'GET / HTTP/1.1\r\nQuiet-Harbour-72\r\n\r\n')
    const logged = server.log().slice(before)
    expect(logged).toContain('unreadable request')
    expect(logged).not.toContain('Quiet-Harbour-72')
  })
})

describe('a page', () => {
  it('shows the name of the account unchanged, also if it is that of a placeholder', async () => {
    const { settings } = server.services
    const name = '__CSP_NONCE__'
    await server.database.write(unit =>
      settings.saveLook(unit, { ...defaultAccountLook, name }, undefined),
    )
    // The first request after a change has the earlier name, and reads the new one.
    await fetch(server.url)
    const answer = await fetch(server.url)
    const [, nonce] =
      /'nonce-([^']+)'/.exec(answer.headers.get('content-security-policy') ?? '') ?? []
    expect(await answer.text()).toBe(`the SPA, ${nonce}, ${name}`)
  })
})
