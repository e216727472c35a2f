import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  buildClientSchema,
  getIntrospectionQuery,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql'
import { createSchemaToRead } from '../app/schema.js'
import { firstGroupOf, readCollection } from '../explorer/operation-collection.js'
import { collectionFile, type TestClient, TestServer } from '../testing/test-server.js'
import { costHeader, exceededBy, limits, measureText } from './limits.js'
import { measure } from './request-size.js'

let server: TestServer
let client: TestClient
beforeAll(async () => {
  server = await TestServer.start()
  client = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
})
afterAll(() => server.stop())

const refusalOf = async (query: string, variables: Record<string, unknown> = {}) => {
  const { data, errors } = await client.query(query, variables)
  expect(data).toBeUndefined()
  expect(errors).toHaveLength(1)
  const { code, ...rest } = errors?.[0].extensions ?? {}
  expect(code).toBe('BAD_USER_INPUT')
  expect(Object.keys(rest)).toEqual(['exceeded', 'requestId'])
  return { message: errors?.[0].message, exceeded: rest.exceeded }
}

const refused = (limit: keyof typeof limits, name: string, found: number) => ({
  message: `The ${name} limit of ${limits[limit]} is exceeded: this request has ${found}.`,
  exceeded: [{ limit, allowed: limits[limit], found }],
})

const times = (count: number, piece: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => piece(index)).join(' ')

describe('the cost of a request', () => {
  const query = '{ users(first: 10) { nodes { login } } }'
  const costOf = async (headers: Record<string, string>, document = query) => {
    const { text } = await client.post(JSON.stringify({ query: document }), headers)
    return JSON.parse(text).extensions?.cost
  }

  it('is in the answer if a header asks for it', async () => {
    const asked = { [costHeader]: '1' }
    const schema = createSchemaToRead()
    const document = parse(query)
    const [operation] = document.definitions as OperationDefinitionNode[]
    if (operation === undefined) throw new Error('There is no operation.')
    const found = measure(schema, document, operation, {}).COST
    expect(await costOf(asked)).toEqual({ found, allowed: limits.COST })
    const larger = await costOf(asked, query.replace('10', '100'))
    expect(larger.found).toBeGreaterThan(found)
  })

  it('is also in the answer to a request that is too costly', async () => {
    const costly = `{ ${times(10, index => `a${index}: users(first: 100, search: "maya") { nodes { login name role status } edges { node { login name role status } } }`)} }`
    const cost = await costOf({ [costHeader]: '1' }, costly)
    expect(cost.found).toBeGreaterThan(cost.allowed)
  })

  it.each([{}, { [costHeader]: '0' }])('is left out without the header: %j', async headers => {
    expect(await costOf(headers as Record<string, string>)).toBeUndefined()
  })
})

describe('a request that exceeds a limit', () => {
  it('rejects too deep a query, also through fragments', async () => {
    // Our own types are not nested deeply enough, so this nests introspection fields.
    const nested = (depth: number): string =>
      depth === 0 ? '{ name }' : `{ ofType ${nested(depth - 1)} }`
    const query = `{ __type(name: "User") { ...one } } fragment one on __Type ${nested(20)}`
    expect(await refusalOf(query)).toEqual(refused('DEPTH', 'depth', 22))
  })

  it('rejects too many aliases', async () => {
    const query = `{ viewer { ${times(31, index => `a${index}: login`)} } }`
    expect(await refusalOf(query)).toEqual(refused('ALIASES', 'alias', 31))
  })

  it('counts the aliases of a fragment each time it is spread', async () => {
    const query = `
      { a: viewer { ...of } b: viewer { ...of ... { ...of } } }
      fragment of on User { ${times(10, index => `a${index}: login`)} }`
    expect(await refusalOf(query)).toEqual(refused('ALIASES', 'alias', 32))
  })

  it('rejects too many combining marks in a row in any text, because normalizing them takes quadratic time', async () => {
    const typed = (count: number) => `a${'\u0301\u0316'.repeat(count / 2)}`
    const query = 'mutation ($input: LogInInput!) { logIn(input: $input) { user { id } } }'
    const logIn = (login: string, password: string) =>
      refusalOf(query, { input: { login, password } })
    expect(await logIn(typed(102), 'x')).toEqual(refused('MARKS', 'mark', 102))
    expect(await logIn('a@rekey.example', typed(998))).toEqual(refused('MARKS', 'mark', 998))
    const input = `{login: "a${'\\u0301'.repeat(102)}", password: ""}`
    const literal = `mutation { logIn(input: ${input}) { user { id } } }`
    expect(await refusalOf(literal)).toEqual(refused('MARKS', 'mark', 102))
    const { data } = await client.query(query, { input: { login: typed(100), password: 'x' } })
    expect(data.logIn).toEqual({ user: null })
  })

  it('rejects too many directives, wherever they are', async () => {
    const query = `
      query ($${'a b c d e f g h'.split(' ').join(': Boolean! = true, $')}: Boolean! = true) {
        viewer {
          ${times(48, index => `${['id', 'login', 'name'][index % 3]} @include(if: $${'abcdefgh'[index % 8]})`)}
          ... @include(if: true) { id } ...of @skip(if: false)
        }
      }
      fragment of on User { id @include(if: true) }`
    expect(await refusalOf(query)).toEqual(refused('DIRECTIVES', 'directive', 51))
  })

  it('rejects too many tokens', async () => {
    const query = `{ viewer { ${times(limits.TOKENS, index => `f${index}`)} } }`
    expect(await refusalOf(query)).toEqual(refused('TOKENS', 'token', limits.TOKENS + 5))
  })

  it('rejects names repeated so often that comparing them takes long', async () => {
    const query = `{ ${times(110, () => 'viewer { id }')} }`
    const found = 2 * 110 ** 2
    expect(await refusalOf(query)).toEqual(refused('REPETITIONS', 'repetition', found))
    const newer = await client.post(JSON.stringify({ query }), {
      accept: 'application/graphql-response+json',
    })
    expect(newer.status).toBe(400)
  })

  it('applies both limits to a query in the URL as well', async () => {
    const client = server.client({ 'apollo-require-preflight': 'true' })
    const ask = async (query: string) => {
      const response = await client.get(`/graphql?${new URLSearchParams({ query })}`)
      const { errors } = (await response.json()) as {
        errors: { extensions: { exceeded: unknown } }[]
      }
      return errors[0]?.extensions.exceeded
    }
    const { exceeded } = refused('REPETITIONS', 'repetition', 2 * 110 ** 2)
    expect(await ask(`{ ${times(110, () => 'viewer { id }')} }`)).toEqual(exceeded)
    expect(await ask(`{ viewer { ${times(limits.TOKENS, index => `f${index}`)} } }`)).toEqual(
      refused('TOKENS', 'token', limits.TOKENS + 5).exceeded,
    )
    // Fastify ignores a query string with one badly encoded character; Apollo Server reads it.
    const repeated = encodeURIComponent(`{ ${times(110, () => 'viewer { id }')} }`)
    const response = await client.get(`/graphql?query=%23%ZZ%0A${repeated}`)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { exceeded } }] })
  })

  it('rejects names so long that an answer full of them would be large', async () => {
    const long = 'x'.repeat(101)
    for (const query of [`{ ${long}: setupRequired }`, `query ${long} { setupRequired }`]) {
      expect(await refusalOf(query)).toEqual(refused('NAME', 'name', 101))
    }
    const { exceeded } = await refusalOf(
      `{ ${times(10, index => `a${index}: users(first: 100) { nodes { ${long.slice(1)}: id login firstName lastName name phone language role } }`)} }`,
    )
    expect(exceeded).toMatchObject([{ limit: 'COST' }])
  })

  it('rejects deep introspection of interfaces and their types', async () => {
    const query = `{ __schema { types { interfaces { possibleTypes { kind name
      ${times(30, index => `a${index}: description`)} } } } } }`
    expect((await refusalOf(query)).exceeded).toMatchObject([{ limit: 'INTROSPECTION' }])
  })

  it('rejects expensive introspection, by the length of nested lists', async () => {
    const query = `{ __schema { types { ${times(30, index => `a${index}: fields { ...of }`)} } } }
      fragment of on __Field {
        name args { name } type { name fields { name description } enumValues { name description } }
      }`
    const { message, exceeded } = await refusalOf(query)
    expect(message).toMatch(
      /^The introspection limit of 250000 is exceeded: this request has \d+\.$/,
    )
    expect(exceeded).toMatchObject([{ limit: 'INTROSPECTION', allowed: limits.INTROSPECTION }])
  })

  it('rejects too many root fields, also of a mutation and through fragments', async () => {
    const query = `{ ${times(11, index => `a${index}: setupRequired`)} }`
    expect(await refusalOf(query)).toEqual(refused('ROOT_FIELDS', 'root field', 11))
    const mutation = `mutation { ...six ...six } fragment six on Mutation {
      ${times(6, index => `a${index}: logOut { errors { message } }`)}
    }`
    expect(await refusalOf(mutation)).toEqual(refused('ROOT_FIELDS', 'root field', 12))
    expect(await client.whoAmI()).not.toBeNull()
  })

  it('reports several exceeded limits at once', async () => {
    const query = `{ ${times(31, index => `a${index}: setupRequired`)} }`
    const { exceeded } = await refusalOf(query)
    expect(exceeded).toEqual([
      { limit: 'ALIASES', allowed: 30, found: 31 },
      { limit: 'ROOT_FIELDS', allowed: 10, found: 31 },
    ])
  })

  it('rejects too many lines, because each error would count them', async () => {
    const query = `{${'\n'.repeat(2_000)} ${times(100, index => `x${index}`)} }`
    expect(await refusalOf(query)).toEqual(refused('LINES', 'line', 2_001))
  })

  it('rejects too many unknown fields in variables', async () => {
    const query = 'mutation ($input: LogInInput!) { logIn(input: $input) { user { id } } }'
    const input = (count: number) => ({
      login: 'a@rekey.example',
      password: 'x',
      ...Object.fromEntries(Array.from({ length: count }, (_, index) => [`x${index}`, index])),
    })
    expect(await refusalOf(query, { input: input(6) })).toEqual(
      refused('UNKNOWN_FIELDS', 'unknown field', 6),
    )
    const { errors = [] } = await client.query(query, { input: input(5) })
    expect(errors.map(({ message }) => message.split('; ')[1])).toEqual(
      Array.from(
        { length: 5 },
        (_, index) => `Field "x${index}" is not defined by type "LogInInput".`,
      ),
    )
  })

  it('rejects long strings that validation would print again and again to compare them', async () => {
    const text = '\u007f'.repeat(1_000)
    const query = `{ ${times(60, () => `users(search: "${text}") { totalCount }`)} }`
    expect((await refusalOf(query)).exceeded).toEqual([
      { limit: 'COMPARED_TEXT', allowed: limits.COMPARED_TEXT, found: 60 * 60 * 1_002 },
    ])
  })

  it('rejects too many searches, however they are written', async () => {
    const query = `query ($search: String) { ${times(5, index => `a${index}: users(search: $search, first: 0) { totalCount }`)} }`
    expect((await refusalOf(query, { search: 'an' })).exceeded).toMatchObject([
      { limit: 'COST', found: 5 * 2_002 },
    ])
    const spread = `{ ...of b: users(search: "in", first: 0) { totalCount } }
      fragment of on Query { ${times(4, index => `a${index}: users(search: "an", first: 0) { totalCount }`)} }`
    expect((await refusalOf(spread)).exceeded).toMatchObject([{ limit: 'COST' }])
  })

  it('rejects many pages of users with their metadata', async () => {
    const page = 'users(first: 100) { nodes { metadata more: metadata } }'
    const query = `{ ${times(9, index => `a${index}: ${page}`)} }`
    expect((await refusalOf(query)).exceeded).toMatchObject([
      { limit: 'COST', found: 9 * (2 + 100 * 2 * 11) },
    ])
  })

  it('rejects too large a body with 413', async () => {
    const body = JSON.stringify({
      query: '{ viewer { id } }',
      variables: { x: 'x'.repeat(102_400) },
    })
    const answer = await client.post(body)
    expect(answer.status).toBe(413)
    expect(answer.errors).toEqual([
      {
        message: `The byte limit of 102400 is exceeded: this request has ${body.length}.`,
        extensions: {
          code: 'BAD_USER_INPUT',
          exceeded: [{ limit: 'BYTES', allowed: 102_400, found: body.length }],
          requestId: expect.any(String),
        },
      },
    ])
  })

  describe('nesting', () => {
    const query = 'query ($x: String) { users(search: $x) { totalCount } }'
    // The object of the request and the one of its variables are two of the levels.
    const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
    const bodyWith = (variables: string) =>
      `{"query":${JSON.stringify(query)},"variables":${variables}}`

    it.each([
      ['arrays', `{"x":${nested(99)}}`],
      ['objects', `${'{"x":'.repeat(100)}1${'}'.repeat(100)}`],
      ['thousands of arrays', `{"x":${nested(40_000)}}`],
      ['arrays after a text with a quote', `{"y":"\\"\\\\","x":${nested(99)}}`],
      ['arrays that never end', `{"x":${'['.repeat(40_000)}`],
    ])('refuses too deep a body before it is parsed: %s', async (_name, variables) => {
      const answer = await client.post(bodyWith(variables))
      expect(answer.status).toBe(400)
      expect(answer.errors?.[0].extensions.exceeded).toMatchObject([
        { limit: 'NESTING', allowed: 100 },
      ])
    })

    it('rejects too deep variables in a URL', async () => {
      const parameters = new URLSearchParams({ query, variables: `{"x":${nested(100)}}` })
      const answer = await fetch(`${server.url}/graphql?${parameters}`, {
        headers: { 'apollo-require-preflight': 'true' },
      })
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({
        errors: [{ extensions: { exceeded: [{ limit: 'NESTING', found: 101 }] } }],
      })
    })

    it('does not count brackets in texts', async () => {
      const variables = { x: `"${'['.repeat(50)}\\` }
      const answer = await client.post(JSON.stringify({ query: '{ setupRequired }', variables }))
      expect(answer.data).toEqual({ setupRequired: false })
    })
  })

  it('measures only the requested operation of a document with several', async () => {
    const query = `query A { setupRequired } query B { ${times(11, index => `a${index}: setupRequired`)} }`
    const ask = (operationName: string) => client.post(JSON.stringify({ query, operationName }))
    expect((await ask('A')).data).toEqual({ setupRequired: false })
    expect((await ask('B')).errors?.[0].extensions.exceeded).toMatchObject([{ found: 11 }])
    expect((await ask('C')).errors?.[0].extensions).toEqual({
      code: 'BAD_USER_INPUT',
      requestId: expect.any(String),
    })
  })
})

describe('what a request costs', () => {
  const users = (args: string, alias = 'a') =>
    `${alias}: users${args} { totalCount nodes { ${times(9, () => 'login')} } }`

  // 1 for the page, its count and its list, and 9 for each item.
  const page = (size: number) => 3 + 9 * size

  const schema = createSchemaToRead()
  const costOf = (query: string, variables: Record<string, unknown> = {}) => {
    const document = parse(query)
    expect(validate(schema, document)).toEqual([])
    const operation = document.definitions[0] as OperationDefinitionNode
    return measure(schema, document, operation, variables).COST
  }

  it.each<[string, string, Record<string, unknown>, number]>([
    ['first', `{ ${users('(first: 10)')} }`, {}, page(10)],
    ['last', `{ ${users('(last: 7)')} }`, {}, page(7)],
    ['neither', `{ ${users('')} }`, {}, page(25)],
    ['first: null', `{ ${users('(first: null)')} }`, {}, page(25)],
    ['first: 0', `{ ${users('(first: 0)')} }`, {}, page(0)],
    ['more than the maximum page size', `{ ${users('(first: 5000)')} }`, {}, page(100)],
    ['a negative page size', `{ ${users('(first: -5)')} }`, {}, page(0)],
    ['both, the greater', `{ ${users('(first: 3, last: 4)')} }`, {}, page(4)],
    ['a variable', `query ($n: Int) { ${users('(first: $n)')} }`, { n: 12 }, page(12)],
    ['no search', '{ users(search: null, first: 0) { totalCount } }', {}, 2],
    ['a search', '{ users(search: "x", first: 0) { totalCount } }', {}, 2_002],
    ['a variable that is not sent', `query ($n: Int) { ${users('(first: $n)')} }`, {}, page(25)],
    [
      'a variable that is null',
      `query ($n: Int = 9) { ${users('(first: $n)')} }`,
      { n: null },
      page(25),
    ],
    ['its default', `query ($n: Int = 60) { ${users('(first: $n)')} }`, {}, page(60)],
    [
      'a variable instead of its default',
      `query ($n: Int = 60) { ${users('(last: $n)')} }`,
      { n: 5 },
      page(5),
    ],
    [
      'a size that is not a number, as the maximum',
      `query ($n: Int) { ${users('(first: $n)')} }`,
      { n: '5' },
      page(100),
    ],
    [
      'nor inherited',
      `query ($constructor: Int) { ${users('(first: $constructor)')} }`,
      {},
      page(25),
    ],
  ])('%s', (_what, query, variables, cost) => {
    expect(costOf(query, variables)).toBe(cost)
  })

  it('measures repeated documents by the sizes sent each time', () => {
    const document = parse(`query ($n: Int = 60, $of: String) { ${users('(first: $n)')} }`)
    const operation = document.definitions[0] as OperationDefinitionNode
    for (const [variables, size] of [
      [{ n: 12 }, 12],
      [{ n: 12, of: 'other' }, 12],
      [{}, 60],
      [{ n: null }, 25],
      [{ n: '5' }, 100],
      [{}, 60],
      [{ n: 12 }, 12],
    ] as const) {
      expect(measure(schema, document, operation, variables).COST).toBe(page(size))
    }
  })

  it.each<[string, string, Record<string, unknown>, number]>([
    ['in the document', '{ nodes(ids: ["a", "b", "c"]) { id } }', {}, 3],
    ['in a variable', 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ['a', 'b'] }, 2],
    ['in a default', 'query ($ids: [ID!]! = ["a", "b"]) { nodes(ids: $ids) { id } }', {}, 2],
    ['as a single id', '{ nodes(ids: "a") { id } }', {}, 1],
    ['of no list', 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: 'a' }, 100],
    ['of more than the maximum', `{ nodes(ids: [${'"a" '.repeat(200)}]) { id } }`, {}, 100],
  ])('counts the fields of nodes for each id, with the ids %s', (_how, query, variables, ids) => {
    expect(costOf(query, variables)).toBe(1 + ids)
  })

  it('counts the pages within nodes for each id', () => {
    const deliveries = '... on Webhook { deliveries(first: 10) { nodes { id } } }'
    expect(costOf(`{ nodes(ids: ["a", "b"]) { ${deliveries} } }`)).toBe(1 + 2 * (1 + 1 + 10))
  })

  it('counts the items of edges and nodes separately', () => {
    const query =
      '{ users(first: 10) { edges { cursor node { id } } nodes { id } pageInfo { hasNextPage } } }'
    expect(costOf(query)).toBe(1 + (1 + 10 * 3) + (1 + 10 * 1) + 2)
  })

  it('counts a fragment with the size of the page it is spread in', () => {
    const fragment =
      'fragment of on UserConnection { nodes { ...who } } fragment who on User { id login }'
    expect(
      costOf(`{ a: users(first: 10) { ...of } b: users(first: 3) { ... { ...of } } } ${fragment}`),
    ).toBe(2 + 10 * 2 + (2 + 3 * 2))
  })

  it('rejects a request above the cost limit, by variables as well', async () => {
    const query = `query ($n: Int) { ${times(10, index => users('(first: $n)', `a${index}`))} }`
    expect((await client.query(query, { n: 100 })).errors).toBeUndefined()
    const more = query.replaceAll('totalCount', 'totalCount edges { node { id login name } }')
    const cost = 10 * (page(100) + 1 + 100 * 4)
    expect(await refusalOf(more, { n: 100 })).toEqual(refused('COST', 'cost', cost))
    expect((await client.query(more, { n: 5 })).errors).toBeUndefined()
  })
})

describe('fragments', () => {
  it('measures fragments that double each other sixty times without expanding them', async () => {
    const bomb = `{ viewer { ...f0 } } ${times(60, index => `fragment f${index} on User { ...f${index + 1} ...f${index + 1} }`)} fragment f60 on User { a: login }`
    const { exceeded } = await refusalOf(bomb)
    expect(exceeded).toEqual([
      { limit: 'ALIASES', allowed: 30, found: 1_000_000_000 },
      { limit: 'COST', allowed: 10_000, found: 1_000_000_000 },
    ])
  })

  it('rejects fragments that spread each other in a circle', async () => {
    const query = '{ viewer { ...a } } fragment a on User { ...b } fragment b on User { id ...a }'
    const { data, errors } = await client.query(query)
    expect(data).toBeUndefined()
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })
})

describe('a rejected request', () => {
  const secret = 'Sixty-Lanterns-28'

  it.each([
    ['ill-typed', { input: { currentPassword: [secret], newPassword: { secret } }, n: secret }],
    [
      'unknown',
      { input: { currentPassword: secret, newPassword: secret, [secret]: secret }, n: 100 },
    ],
    ['fitting', { input: { currentPassword: secret, newPassword: secret }, n: 100 }],
  ])(
    'leaves no secret in the log or the answer when its variables are %s',
    async (_what, variables) => {
      const asked = `changePassword(input: $input) { user { id } errors { message } }`
      const mutation = `mutation ($input: ChangePasswordInput!, $n: Int) { ${times(
        31,
        index => `a${index}: ${asked}`,
      )} b: logOut { errors @include(if: true) { message } } c: changePassword(input: $input) { errors { message } } }`
      const costly = `query ($n: Int, $input: ChangePasswordInput!) { ${times(
        10,
        index => `a${index}: users(first: $n) { nodes { ${times(12, () => 'login')} } }`,
      )} }`
      for (const query of [
        mutation,
        costly,
        `mutation ($input: ChangePasswordInput!) { ${asked} }`,
      ]) {
        const answer = await client.query(query, variables)
        expect(answer.text).not.toContain(secret)
      }
      expect(server.log()).toContain('answered')
      expect(server.log()).not.toContain(secret)
    },
  )
})

describe('an intended request', () => {
  it('accepts the introspection query of common tools', async () => {
    const query = getIntrospectionQuery({
      descriptions: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    })
    const { data, errors } = await client.query(query)
    expect(errors).toBeUndefined()
    expect(buildClientSchema(data).getQueryType()?.name).toBe('Query')
    const document = parse(query)
    const [operation] = document.definitions as OperationDefinitionNode[]
    const { INTROSPECTION, COST } = measure(
      schema,
      document,
      operation as OperationDefinitionNode,
      {},
    )
    // Leaves room for a growing schema and for queries written by hand.
    expect(INTROSPECTION).toBeLessThan(limits.INTROSPECTION * 0.6)
    expect(COST).toBe(1)
  })

  const schema = createSchemaToRead()
  /** The largest value of each limit among the operations of a document. */
  const exceededIn = (text: string, fragments = ''): unknown[] => {
    const document = parse(`${text} ${fragments}`, { maxTokens: limits.TOKENS })
    return document.definitions.flatMap(definition => {
      if (definition.kind !== 'OperationDefinition') return []
      // Without variables a page has the default size, so this uses the maximum size.
      const most = Object.fromEntries(
        (definition.variableDefinitions ?? []).map(({ variable }) => [variable.name.value, 100]),
      )
      return exceededBy(measure(schema, document, definition, most)) ?? []
    })
  }

  it('accepts each example operation, and all of the first group as one document, as Sandbox sends them', () => {
    const text = readFileSync(collectionFile, 'utf8')
    const documents = [...readCollection(text).map(one => one.document), firstGroupOf(text)]
    for (const document of documents) {
      expect(exceededBy(measureText(document))).toBeNull()
      expect(exceededIn(document)).toEqual([])
    }
    expect(parse(firstGroupOf(text)).definitions.length).toBeGreaterThan(5)
  })

  it('accepts every operation of the client', () => {
    const root = join(__dirname, '../../../client/src')
    const files = (readdirSync(root, { recursive: true }) as string[])
      .map(name => join(root, name))
      .filter(name => /\.tsx?$/.test(name) && !name.includes('/gql/') && statSync(name).isFile())
    const documents = files.flatMap(file =>
      [...readFileSync(file, 'utf8').matchAll(/graphql\(\s*(?:\/\*.*?\*\/\s*)?`([^`]*)`/gs)].map(
        ([, text = '']) => text,
      ),
    )
    const fragments = documents.filter(text => /^\s*fragment /.test(text))
    const operations = documents.filter(text => !/^\s*fragment /.test(text))
    expect(operations.length).toBeGreaterThan(40)
    for (const text of operations) expect(exceededIn(text, fragments.join(' '))).toEqual([])
  })
})

it('suggests no names and points to the schema file where introspection is off', async () => {
  const production = await TestServer.start({ GRAPHQL_INTROSPECTION: 'false' })
  try {
    const anonymous = production.client()
    for (const query of [
      '{ viewr { login } }',
      '{ viewer { logn } }',
      '{ users(frist: 1) { totalCount } }',
      '{ users(orderBy: { feld: NAME }) { totalCount } }',
      '{ users(orderBy: { field: NAMES }) { totalCount } }',
      '{ viewer { ... on Usr { id } } }',
    ]) {
      const { errors = [] } = await anonymous.query(query)
      expect(errors.length).toBeGreaterThan(0)
      for (const error of errors) expect(error.message).not.toMatch(/did you mean/i)
    }
    const { errors: refused = [] } = await anonymous.query('{ __schema { types { name } } }')
    expect(refused).toEqual([
      expect.objectContaining({ message: expect.stringContaining('/schema.graphql') }),
    ])
    expect(JSON.stringify(refused)).not.toContain('Apollo')
    const query = 'query ($orderBy: UserOrder) { users(orderBy: $orderBy) { totalCount } }'
    const { text } = await anonymous.query(query, { orderBy: { field: 'NAMES', directin: 'ASC' } })
    expect(text).not.toMatch(/did you mean/i)
  } finally {
    await production.stop()
  }
})

describe('an operation of a kind that the schema does not have', () => {
  it('reports an operation type that the schema lacks as an error of the client', async () => {
    const { errors } = await server.client().query('subscription { __typename }')
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    expect(server.log()).not.toContain('"level":50')
  })
})
