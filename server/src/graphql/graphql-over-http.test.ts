import { createHash } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { serverAudits } from 'graphql-http'
import { apiTokenOf } from '../testing/api-token-client.js'
import { TestServer } from '../testing/test-server.js'
import { createDocumentCache } from './document-cache.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(() => server.stop())

// A header that a form on another site cannot send. Without it, a GET is rejected (CSRF).
const preflight = { 'apollo-require-preflight': 'yes' }
const json = 'application/json; charset=utf-8'
const graphqlResponse = 'application/graphql-response+json; charset=utf-8'
const newer = { accept: 'application/graphql-response+json' }

const get = (parameters: Record<string, string>, headers: Record<string, string> = preflight) =>
  fetch(`${server.url}/graphql?${new URLSearchParams(parameters)}`, { headers })

describe('the audits of graphql-http, each MUST, SHOULD and MAY', () => {
  const audits = serverAudits({
    url: () => `${server.url}/graphql`,
    fetchFn: (address: string, options: RequestInit = {}) =>
      fetch(address, { ...options, headers: { ...preflight, ...options.headers } }),
  })

  it.each(audits.map(audit => [audit.id, audit.name, audit] as const))(
    '%s: %s',
    async (_id, _name, audit) => {
      expect(await audit.fn()).toMatchObject({ status: 'ok' })
    },
  )
})

describe('the media type of an answer', () => {
  const body = JSON.stringify({ query: '{ __typename }' })

  it.each([
    ['none', undefined, json],
    ['any', '*/*', json],
    ['any of application', 'application/*', json],
    ['JSON', 'application/json', json],
    ['JSON with its encoding', 'application/json; charset=UTF-8', json],
    ['the newer', 'application/graphql-response+json', graphqlResponse],
    [
      'both, the newer first',
      'application/graphql-response+json, application/json',
      graphqlResponse,
    ],
    ['both, JSON first', 'application/json, application/graphql-response+json', json],
    [
      'both, the newer by weight',
      'application/json;q=0.9, application/graphql-response+json',
      graphqlResponse,
    ],
    [
      'something else as well',
      'text/csv, application/graphql-response+json;q=0.1',
      graphqlResponse,
    ],
  ])('%s', async (_what, accept, type) => {
    // fetch always sends an Accept header.
    const answered = await new Promise<string | undefined>((resolve, reject) => {
      const headers = { 'content-type': 'application/json', ...(accept && { accept }) }
      httpRequest(`${server.url}/graphql`, { method: 'POST', headers }, response => {
        response.resume()
        resolve(response.headers['content-type'])
      })
        .on('error', reject)
        .end(body)
    })
    expect(answered).toBe(type)
  })

  it.each(['text/csv', 'multipart/mixed', 'text/html', 'application/json;q=0'])(
    'answers 406 and does nothing for an unavailable media type: %s',
    async accept => {
      const client = await server.signedIn(await server.addUser())
      const query = 'mutation { logOut { errors { message } } }'
      const answer = await client.post(JSON.stringify({ query }), { accept })
      expect(answer.status).toBe(406)
      expect(answer.headers.get('content-type')).toBe(json)
      expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
      expect(await client.whoAmI()).not.toBeNull()
    },
  )

  it('uses the negotiated media type also for errors before GraphQL', async () => {
    const answer = await server.client(newer).post('{"query":')
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toBe(graphqlResponse)
  })
})

describe('the status of an answer', () => {
  const cases: [string, object, number, number][] = [
    ['data', { query: '{ __typename }' }, 200, 200],
    ['an error of a field', { query: '{ users { totalCount } }' }, 200, 200],
    ['a document that cannot be parsed', { query: '{' }, 200, 400],
    ['an empty document', { query: '' }, 400, 400],
    ['a document that does not fit the schema', { query: '{ nothing }' }, 200, 400],
    ['no such operation', { query: 'query A { __typename }', operationName: 'B' }, 200, 400],
    [
      'several operations and no name',
      { query: 'query A { __typename } query B { __typename }' },
      200,
      400,
    ],
    [
      'variables that do not fit',
      { query: 'query ($id: ID!) { user(id: $id) { id } }', variables: { id: null } },
      200,
      400,
    ],
    ['too much', { query: `{ ${'a: __typename '.repeat(31)} }` }, 200, 400],
    ['no document', {}, 400, 400],
    ['another name', { qeury: '{ __typename }' }, 400, 400],
    ['variables in a list', { query: '{ __typename }', variables: [7] }, 400, 400],
    ['variables as text', { query: '{ __typename }', variables: '{}' }, 400, 400],
    ['a number as operation name', { query: '{ __typename }', operationName: 7 }, 400, 400],
    ['extensions that are true', { query: '{ __typename }', extensions: true }, 400, 400],
    [
      'null for optional parameters',
      { query: '{ __typename }', variables: null, operationName: null, extensions: null },
      200,
      200,
    ],
    ['unknown parameters', { query: '{ __typename }', id: 7, documentId: null }, 200, 200],
  ]

  it.each(cases)('%s', async (_what, request, older, later) => {
    for (const [accept, status] of [
      ['application/json', older],
      ['application/graphql-response+json', later],
    ] as const) {
      const answer = await server.client({ accept }).post(JSON.stringify(request))
      expect([accept, answer.status]).toEqual([accept, status])
      expect(answer.errors).not.toEqual([])
      if (answer.errors === undefined) expect(answer.data).toBeDefined()
      // An executed request has data, even if it is null. A request that was not executed has none.
      const wasExecuted = later === 200
      expect('data' in JSON.parse(answer.text)).toBe(wasExecuted)
    }
  })
})

describe('a request that is malformed', () => {
  const query = '{ __typename }'
  const mutation = 'mutation { logOut { errors { message } } }'
  const persistedQuery = { version: 1, sha256Hash: 'x' }
  const rejected = {
    errors: [
      {
        message: expect.any(String),
        extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) },
      },
    ],
  }

  it.each([
    ['nothing', {}],
    ['another name', { qeury: query }],
    ['a list', [{ query }]],
    ['a number', { query: 7 }],
    ['a document as JSON', { query: { kind: 'Document' } }],
    ['variables as text', { query, variables: '{}' }],
    ['variables in a list', { query, variables: [7] }],
    ['extensions as text', { query, extensions: '{}' }],
    ['extensions that are true', { query, extensions: true }],
    ['a number as operation name', { query, operationName: 7 }],
    ['a hash of another query', { query, extensions: { persistedQuery } }],
    [
      'another version',
      { query, extensions: { persistedQuery: { ...persistedQuery, version: 2 } } },
    ],
  ])('answers a malformed POST request with one error: %s', async (_what, request) => {
    const answer = await server.client().post(JSON.stringify(request))
    expect(JSON.parse(answer.text)).toEqual(rejected)
  })

  it.each([
    ['no header that forms cannot send', `query=${query}`, {}],
    ['variables that are not JSON', `query=${query}&variables={`, preflight],
    ['extensions that are not an object', `query=${query}&extensions=1`, preflight],
    ['a mutation', `query=${mutation}`, preflight],
    ['the query twice', `query=${query}&query=${query}`, preflight],
    ['the operation name twice', `query=${query}&operationName=A&operationName=B`, preflight],
    ['variables twice', `query=${query}&variables={}&variables={}`, preflight],
    ['extensions twice', `query=${query}&extensions={}&extensions={}`, preflight],
  ])('answers a malformed GET request with one error: %s', async (_what, search, headers) => {
    const answer = await fetch(`${server.url}/graphql?${search}`, { headers: { ...headers } })
    expect(await answer.json()).toEqual(rejected)
  })
})

describe('GET', () => {
  it('accepts queries by GET with a header that forms cannot send', async () => {
    const parameters = {
      query:
        'query A { __typename } query B($rule: Boolean!) { setupRequired @include(if: $rule) }',
      operationName: 'B',
      variables: '{"rule":true}',
      extensions: '{}',
    }
    const answer = await get(parameters)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ data: { setupRequired: false } })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect((await get(parameters, {})).status).toBe(400)
  })

  it('accepts queries by GET with an API token, without another header', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    const { token } = await apiTokenOf(server, user)
    const parameters = { query: '{ viewer { login } }' }
    const answer = await get(parameters, { authorization: `Bearer ${token}` })
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { data: { viewer: { login: user.login } } },
    ])
    // Browsers attach cookies and the credentials of other schemes to requests of other sites.
    for (const authorization of ['', 'Basic cms6cms=', 'Bearer elsewhere', 'Digest rk_x']) {
      const headers = { authorization, cookie: client.session ?? '' }
      expect((await get(parameters, headers)).status).toBe(400)
    }
  })

  it('rejects a mutation by GET with 405 and the allowed method', async () => {
    const client = await server.signedIn(await server.addUser())
    const query = encodeURIComponent('mutation { logOut { errors { message } } }')
    const headers = { ...preflight, cookie: client.session ?? '' }
    const answer = await fetch(`${server.url}/graphql?query=${query}`, { headers })
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('POST')
    expect(await client.whoAmI()).not.toBeNull()
  })

  it.each([
    ['variables that are not JSON', { variables: '{' }],
    ['variables in a list', { variables: '[1]' }],
    ['extensions that are not an object', { extensions: '"x"' }],
  ])('%s: 400', async (_what, parameters) => {
    expect((await get({ query: '{ __typename }', ...parameters })).status).toBe(400)
  })

  it('rejects a repeated parameter or a missing document with 400', async () => {
    const twice = 'query={__typename}&operationName=&operationName=A'
    for (const search of [twice, 'variables={}', '']) {
      const answer = await fetch(`${server.url}/graphql?${search}`, { headers: preflight })
      expect(answer.status).toBe(400)
    }
  })

  it('shows Sandbox to a browser, and answers a program at the same address', async () => {
    const page = await get({}, { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' })
    expect(page.headers.get('content-type')).toContain('text/html')
    const answer = await get({ query: '{ __typename }' }, { ...preflight, ...newer })
    expect(answer.headers.get('content-type')).toBe(graphqlResponse)
  })
})

describe('other methods and bodies', () => {
  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'])(
    'rejects %s with 405 and the allowed methods',
    async method => {
      const response = await fetch(`${server.url}/graphql`, { method })
      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe('GET, POST')
      expect(response.headers.get('cache-control')).toBe('no-store')
    },
  )

  it.each(['application/graphql', 'application/xml', ''])(
    'rejects a body of the type "%s" with 415',
    async type => {
      const answer = await server
        .client()
        .post('{ "query": "{ __typename }" }', { 'content-type': type })
      expect(answer.status).toBe(415)
    },
  )

  it.each([
    ['application/json; charset=iso-8859-1', 415],
    ['application/json; charset="utf-16"', 415],
    ['application/json; charset=utf-8; charset=latin1', 415],
    ['application/json; charset=', 415],
    ['application/json; charset = iso-8859-1', 415],
    ['application/json; charset=utf-80', 415],
    ['application/json; charset=utf-8', 200],
    ['application/json;charset=UTF-8', 200],
    ['application/json; charset="utf-8"', 200],
    ['application/json; profile=x', 200],
  ])('answers a body of the type %s with %i', async (type, status) => {
    const answer = await server
      .client()
      .post('{ "query": "{ __typename }" }', { 'content-type': type })
    expect(answer.status).toBe(status)
    if (status === 415) {
      expect(answer.errors).toMatchObject([
        { message: 'Send application/json in UTF-8.', extensions: { code: 'BAD_USER_INPUT' } },
      ])
    }
  })

  it('answers an invalid Host as an error of the client', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { 'content-type': 'application/json', host: 'a b[' }
      httpRequest(`${server.url}/graphql`, { method: 'POST', headers }, response => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end('{ "query": "{ __typename }" }')
    })
    expect(status).toBe(400)
  })
})

describe('automatic persisted queries', () => {
  const persisted = (query: string) => ({
    persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') },
  })
  const notFound = [
    {
      message: 'PersistedQueryNotFound',
      extensions: { code: 'PERSISTED_QUERY_NOT_FOUND', requestId: expect.any(String) },
    },
  ]

  it('finds a persisted query by its hash after it was sent once', async () => {
    const query = '{ passwordPolicy { passwordRules } }'
    const extensions = persisted(query)
    const client = server.client()
    const first = await client.post(JSON.stringify({ extensions }))
    expect(first.errors).toEqual(notFound)
    expect(first.status).toBe(200)
    expect((await client.post(JSON.stringify({ extensions }), newer)).status).toBe(400)
    const second = await client.post(JSON.stringify({ query, extensions }))
    expect(second.data.passwordPolicy.passwordRules).toContain('minlength')
    const third = await client.post(JSON.stringify({ extensions }))
    expect(third.data).toEqual(second.data)
    const fourth = await get({ extensions: JSON.stringify(extensions) })
    expect(await fourth.json()).toEqual({ data: second.data })
  })

  it('accepts variables for persisted queries, and shares them between all callers', async () => {
    const query = 'query ($id: ID!) { viewer { login } user(id: $id) { login } }'
    const extensions = persisted(query)
    const users = [await server.addUser(), await server.addUser()] as const
    for (const { id, login } of users) {
      const client = server.client()
      await client.logIn(login)
      const variables = { id }
      await client.post(JSON.stringify({ query, extensions, variables }))
      const answer = await client.post(JSON.stringify({ extensions, variables }))
      expect(answer.data).toEqual({ viewer: { login }, user: { login } })
    }
  })

  it('rejects a query that does not match its hash', async () => {
    const { persistedQuery } = persisted('{ viewer { login } }')
    for (const extensions of [
      { persistedQuery },
      {
        persistedQuery: { ...persistedQuery, sha256Hash: persistedQuery.sha256Hash.toUpperCase() },
      },
      { persistedQuery: { ...persistedQuery, sha256Hash: '' } },
      { persistedQuery: { ...persistedQuery, sha256Hash: { toString: 'x' } } },
      { persistedQuery: { ...persistedQuery, version: 2 } },
      { persistedQuery: true },
    ]) {
      const answer = await server
        .client()
        .post(JSON.stringify({ query: '{ setupRequired }', extensions }))
      expect(answer.status).toBe(400)
      expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    }
    const asked = await server.client().post(JSON.stringify({ extensions: { persistedQuery } }))
    expect(asked.errors).toEqual(notFound)
  })

  it.each([
    ['cannot be parsed', '{ viewer {'],
    ['does not fit the schema', '{ viewer { nothing } }'],
    ['exceeds a limit', `{ ${'a: setupRequired '.repeat(31)} }`],
  ])('does not cache a query that %s', async (_what, query) => {
    const extensions = persisted(query)
    await server.client().post(JSON.stringify({ query, extensions }))
    const answer = await server.client().post(JSON.stringify({ extensions }))
    expect(answer.errors).toEqual(notFound)
  })

  it('does not cache a query that contains a password as a literal', async () => {
    const query = `mutation { logIn(input: { login: "nobody@rekey.example", password: "Sixty-Lanterns-28" }) { errors { __typename } } }`
    const extensions = persisted(query)
    const sent = await server.client().post(JSON.stringify({ query, extensions }))
    expect(sent.data.logIn.errors).toEqual([{ __typename: 'InvalidCredentials' }])
    const answer = await server.client().post(JSON.stringify({ extensions }))
    expect(answer.errors).toEqual(notFound)
  })

  it('limits the memory of cached queries', async () => {
    const cache = createDocumentCache((text: string) => text, 1_000)
    for (let index = 0; index < 100; index += 1) {
      await cache.set(`${index}`, `{ a${index}: ${'x'.repeat(90)} }`)
    }
    const cachedTexts = await Promise.all(
      Array.from({ length: 100 }, (_, index) => cache.get(`${index}`)),
    )
    expect(cachedTexts.filter(text => text !== undefined)).toHaveLength(10)
    expect(cachedTexts.at(-1)).toContain('a99')
    await cache.set('large', 'x'.repeat(2_000))
    expect(await cache.get('large')).toBeUndefined()
    expect(await cache.delete('99')).toBe(true)
    expect(await cache.get('99')).toBeUndefined()
  })
})
