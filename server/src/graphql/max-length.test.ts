import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql'
import { Arg, Query, Resolver } from 'type-graphql'
import { createSchema, createSchemaToRead } from '../app/schema.js'
import { TestServer } from '../testing/test-server.js'
import { checkInputs, inputsOf } from './max-length.js'

const schema = createSchemaToRead()

const check = (query: string, variables: Record<string, unknown> = {}) => {
  const document = parse(query)
  expect(validate(schema, document)).toEqual([])
  const operation = document.definitions[0] as OperationDefinitionNode
  return checkInputs(schema, document, operation, variables).tooLong
}

const logIn = 'mutation ($input: LogInInput!) { logIn(input: $input) { user { id } } }'
const login = (length: number) => ({ input: { login: 'x'.repeat(length), password: '' } })
const tooLongLogin = { path: ['input', 'login'], allowed: 254, found: 255 }

describe('the maximum length of a text', () => {
  it('is part of the extensions and the description of every input field and argument', () => {
    const missing = [...inputsOf(schema)].filter(([, { type, extensions, description }]) => {
      const named = getNamedType(type)
      if (isInputObjectType(named) || isEnumType(named)) return false
      if (['Int', 'Boolean'].includes(named.name)) return false
      const { maxLength } = extensions as { maxLength?: number }
      if (maxLength === undefined) return true
      return !description?.endsWith(
        ` Maximum length: ${maxLength.toLocaleString('en')} characters; a longer value returns \`BAD_USER_INPUT\`.`,
      )
    })
    expect(missing.map(([name]) => name)).toEqual([])
    expect([...inputsOf(schema)].length).toBeGreaterThan(100)
  })

  it('is required when the schema is built', () => {
    @Resolver()
    class UnboundedResolver {
      @Query(() => Boolean, { description: 'Always true.' })
      something(@Arg('text', () => String, { description: 'Any text.' }) text: string): boolean {
        return text !== ''
      }
    }
    expect(() => createSchema([new UnboundedResolver()])).toThrow(
      'Query.something(text) has no maximum length: add @MaxLength (graphql/max-length.ts).',
    )
  })
})

describe('a text that is too long', () => {
  it('is found in a variable if it is one character too long', () => {
    expect(check(logIn, login(254))).toBeNull()
    expect(check(logIn, login(255))).toEqual(tooLongLogin)
  })

  it('is found in the document', () => {
    const literal = (length: number) =>
      `mutation { logIn(input: {login: "${'x'.repeat(length)}", password: ""}) { user { id } } }`
    expect(check(literal(254))).toBeNull()
    expect(check(literal(255))).toEqual(tooLongLogin)
  })

  it('is found in a variable for one field', () => {
    const query =
      'mutation ($login: String!) { logIn(input: {login: $login, password: ""}) { user { id } } }'
    expect(check(query, { login: 'x'.repeat(255) })).toEqual(tooLongLogin)
  })

  it('is found in the default of a variable', () => {
    const query = `query ($search: String = "${'x'.repeat(201)}") { users(search: $search) { totalCount } }`
    expect(check(query)).toEqual({ path: ['search'], allowed: 200, found: 201 })
  })

  it('is found in a variable used in two places, by the smaller limit', () => {
    const query = `mutation ($text: String!) {
      changePassword(input: {currentPassword: $text, newPassword: $text}) { user { id } }
      logIn(input: {login: $text, password: $text}) { user { id } }
    }`
    expect(check(query, { text: 'x'.repeat(255) })).toEqual(tooLongLogin)
  })

  it('is found in a list, and in a single value in place of a list', () => {
    const query =
      'mutation ($ids: [ID!]!) { blockUsers(input: {userIds: $ids}) { errors { message } } }'
    const long = 'x'.repeat(101)
    const found = { allowed: 100, found: 101 }
    expect(check(query, { ids: ['a', long] })).toEqual({
      path: ['input', 'userIds', '1'],
      ...found,
    })
    expect(check(query, { ids: long })).toEqual({ path: ['input', 'userIds'], ...found })
    const literal = `mutation { blockUsers(input: {userIds: ["a", "${long}"]}) { errors { message } } }`
    expect(check(literal)).toEqual({ path: ['input', 'userIds', '1'], ...found })
  })

  it('is found in an object within a list', () => {
    const query =
      'mutation ($input: InviteUsersInput!) { inviteUsers(input: $input) { errors { message } } }'
    const users = [{ login: 'a@rekey.example', firstName: 'x'.repeat(1_001) }]
    expect(check(query, { input: { users, role: 'MEMBER' } })).toMatchObject({
      path: ['input', 'users', '0', 'firstName'],
    })
  })

  it('is found through fragments, with and without a type', () => {
    const search = `"${'x'.repeat(201)}"`
    for (const query of [
      `{ ...of } fragment of on Query { users(search: ${search}) { totalCount } }`,
      `{ ... on Query { users(search: ${search}) { totalCount } } }`,
      `{ ... { users(search: ${search}) { totalCount } } }`,
    ]) {
      expect(check(query)).toEqual({ path: ['search'], allowed: 200, found: 201 })
    }
  })

  it('is found at a field within other fields', () => {
    const query = `{ webhooks { nodes { deliveries(after: "${'x'.repeat(20_001)}") { totalCount } } } }`
    expect(check(query)).toMatchObject({ path: ['after'], found: 20_001 })
  })

  it('is found in a JSON value by its total size, in the document and in a variable', () => {
    const query = `mutation ($response: JSON!) {
      logInWithPasskey(input: {token: "", response: $response}) { user { id } }
    }`
    const path = ['input', 'response']
    const part = 'x'.repeat(7_000)
    expect(check(query, { response: { id: part, response: [part] } })).toBeNull()
    expect(check(query, { response: { id: part, response: [part, { part }] } })).toMatchObject({
      path,
    })
    expect(check(query, { response: Array(20_001).fill(null) })).toMatchObject({ path })
    const literal = (value: string, declared = '') =>
      `mutation ${declared} { logInWithPasskey(input: {token: "", response: ${value}}) { user { id } } }`
    expect(check(literal(`{a: "${part}", b: "${part}"}`))).toBeNull()
    expect(check(literal(`{a: "${part}", b: ["${part}", "${part}"]}`))).toMatchObject({ path })
    const declared = literal('{a: $part}', '($part: JSON)')
    expect(check(declared, { part: 'x'.repeat(20_001) })).toMatchObject({ path: [...path, 'a'] })
  })

  it('is not found in a JSON value with names that every object of JavaScript has', () => {
    const query = `mutation { logInWithPasskey(input: {
      token: "", response: {constructor: "a", __proto__: {toString: "b"}}
    }) { user { id } } }`
    expect(check(query)).toBeNull()
  })

  it('is found in place of a date or an enum', () => {
    const dates = 'query ($from: DateTimeISO) { operations(filter: {from: $from}) { totalCount } }'
    expect(check(dates, { from: '1'.repeat(101) })).toMatchObject({ path: ['filter', 'from'] })
    const order = 'query ($by: UserOrder) { users(orderBy: $by) { totalCount } }'
    expect(check(order, { by: { field: 'x'.repeat(101), direction: 'ASC' } })).toMatchObject({
      path: ['orderBy', 'field'],
    })
  })
})

describe('the work of the check', () => {
  /** Counts the list items that the check reads if ten fields use that list. */
  const itemsRead = (count: number): number => {
    let read = 0
    const ids = new Proxy(Array(count).fill('a'), {
      get: (target, name) => {
        if (typeof name === 'string' && /^\d+$/.test(name)) read += 1
        return Reflect.get(target, name)
      },
    })
    const fields = Array.from(
      { length: 10 },
      (_, index) => `a${index}: blockUsers(input: {userIds: $ids}) { errors { message } }`,
    )
    expect(check(`mutation ($ids: [ID!]!) { ${fields.join(' ')} }`, { ids })).toBeNull()
    return read
  }

  it('grows with the number of values, not with the number of places a variable is used', () => {
    expect(itemsRead(1_000)).toBe(1_000)
    expect(itemsRead(2_000)).toBe(2_000)
  })
})

describe('a request with a text that is too long', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await TestServer.start()
  })
  afterAll(() => server.stop())

  const secret = 'Sixty_Lanterns_28'

  it('rejects a request with too long a text, and reports the place without the text', async () => {
    const client = await server.signedIn(await server.addUser())
    const answer = await client.query(
      `mutation ($code: String!) {
        logOut { errors { message } }
        answerChallenge(input: {token: "", method: TOTP, code: $code}) { user { id } }
      }`,
      { code: secret.repeat(10) },
    )
    expect(answer.data).toBeUndefined()
    expect(answer.errors).toEqual([
      {
        message: 'input.code accepts at most 64 characters: this request has 170.',
        extensions: {
          code: 'BAD_USER_INPUT',
          tooLong: { path: ['input', 'code'], allowed: 64, found: 170 },
          requestId: expect.any(String),
        },
      },
    ])
    expect(await client.whoAmI()).not.toBeNull()
    expect(server.log()).not.toContain(secret)
  })

  // Normalizing takes time proportional to their number squared, and NFKC makes more of them.
  it('rejects too long a text before it is normalized', async () => {
    const client = await server.signedIn(await server.addUser())
    const marks = `+${'\u0301\uFF9E'.repeat(20_000)}`
    const texts = new Set<string>()
    const normalize = String.prototype.normalize
    String.prototype.normalize = function (form?: string) {
      texts.add(String(this))
      return normalize.call(this, form)
    }
    try {
      for (const [query, variables] of [
        [
          'mutation ($phone: String) { beginSmsEnrolment(input: {phone: $phone}) { phoneHint } }',
          { phone: marks },
        ],
        [
          'mutation ($code: String) { reauthenticate(input: {password: "", code: $code}) { errors { __typename } } }',
          { code: marks },
        ],
        [
          'mutation ($login: String!) { requestPasswordReset(input: {login: $login}) { errors { __typename } } }',
          { login: marks },
        ],
        [logIn, { input: { login: 'a', password: marks } }],
        ['query ($search: String) { users(search: $search) { totalCount } }', { search: marks }],
      ] as const) {
        const { errors } = await client.query(query, variables)
        expect(errors).toMatchObject([
          { extensions: { code: 'BAD_USER_INPUT', tooLong: { found: 40_001 } } },
        ])
      }
    } finally {
      String.prototype.normalize = normalize
    }
    expect(Math.max(0, ...[...texts].map(text => text.length))).toBeLessThan(1_000)
  })
})
