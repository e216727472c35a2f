import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Span, trace } from '@opentelemetry/api'
import { GraphQLError } from 'graphql'
import { IdempotencyRecordEntity } from '../idempotency/idempotency-record.entity.js'
import { type TestClient, TestServer } from '../testing/test-server.js'
import { shapeError } from './error-shape.js'

const secret = 'Sixty_Lanterns_28'

describe('a message of graphql-js', () => {
  const messageOf = (message: string, hideSuggestions = false): string =>
    shapeError(
      { message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
      new GraphQLError(message),
      { hideSuggestions, requestId: '', report: () => expect(message).toBe('never reported') },
    ).message

  it('keeps messages of graphql-js up to 500 characters', () => {
    const message = 'Syntax Error: "😀" '.padEnd(501, '😀')
    expect(messageOf(message)).toBe(message)
    expect([...messageOf('😀'.repeat(501))]).toEqual(Array(500).fill('😀'))
    expect(messageOf(`x${'😀'.repeat(600)}`)).toBe(`x${'😀'.repeat(499)}`)
  })

  it('suggests no names where introspection is off', () => {
    const message =
      'Value "NAMES" does not exist in "Field" enum. Did you mean the enum value "NAME"?'
    expect(messageOf(message, true)).toBe('Value "NAMES" does not exist in "Field" enum.')
  })
})

describe('a password in a malformed request', () => {
  let server: TestServer
  let client: TestClient
  const spans: unknown[] = []
  beforeAll(async () => {
    // Records everything that the server reports to a tracing tool.
    const record =
      (name: string) =>
      (...args: unknown[]) => {
        spans.push([name, ...args])
      }
    const span = new Proxy({}, { get: (_target, name) => record(String(name)) }) as Span
    const startSpan = (...args: unknown[]): Span => {
      spans.push(args)
      return span
    }
    trace.setGlobalTracerProvider({
      getTracer: () => ({ startSpan, startActiveSpan: () => undefined as never }),
    })
    server = await TestServer.start()
    client = await server.signedIn(await server.addUser())
  })
  afterAll(async () => {
    trace.disable()
    await server.stop()
  })

  const change = `mutation Change($input: ChangePasswordInput!) {
    changePassword(input: $input) { errors { __typename } }
  }`
  const literal = (input: string) =>
    `mutation Change($token: String = "x") { changePassword(input: ${input}) { errors { __typename } } }`
  const input = { currentPassword: secret, newPassword: secret }
  const requests: [string, object][] = [
    [
      'a variable of a wrong type',
      { query: change, variables: { input: { ...input, userId: [secret] } } },
    ],
    ['a variable that is a string', { query: change, variables: { input: secret } }],
    ['an unknown field in a variable', { query: change, variables: { input: { ...input, x: 1 } } }],
    [
      'an unknown enum value in a variable',
      {
        query: 'query Users($by: UserOrder) { users(orderBy: $by) { totalCount } }',
        variables: { by: { field: secret, direction: 'ASC' } },
      },
    ],
    [
      'an unknown enum value',
      { query: `{ users(orderBy: { field: ${secret}, direction: ASC }) { totalCount } }` },
    ],
    ['a syntax error', { query: literal(`{ newPassword: "x" ${secret} `) }],
    ['a string without a closing quote', { query: literal(`{ newPassword: "${secret}`) }],
    ['a literal of a wrong type', { query: literal(`"${secret}"`) }],
    [
      'null in a variable beside it',
      {
        query: literal(`{ userId: "x", newPassword: $token, currentPassword: "${secret}" }`),
        variables: { token: null },
      },
    ],
    ['an unknown operation', { query: change, variables: { input }, operationName: 'Other' }],
  ]

  it.each(requests)(
    'keeps a password in a malformed request out of every log, trace and stored byte: %s',
    async (_what, request) => {
      const headers = { 'idempotency-key': randomUUID() }
      const answer = await client.post(JSON.stringify(request), headers)
      expect(answer.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } })
      const log = server.log()
      expect(log).toContain('answered')
      expect(log).not.toContain('"level":50')
      for (const place of [log, JSON.stringify(spans), await server.storedBytes()]) {
        expect(place.includes(secret)).toBe(false)
      }
      const records = await server.database.read(unit => unit.rows(IdempotencyRecordEntity).find())
      expect(records).toEqual([])
    },
  )

  it('returns a message that quotes the password only to the caller who sent it', async () => {
    const answer = await client.query(change, { input: { ...input, newPassword: [secret] } })
    expect(answer.errors?.[0].message).toBe(
      `Variable "$input" got invalid value ["${secret}"] at "input.newPassword"; String cannot represent a non string value: ["${secret}"]`,
    )
    expect(JSON.stringify(spans)).toContain('graphql mutation')
  })
})
