import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { getIntrospectionQuery } from 'graphql'
import { type TestClient, TestServer } from '../testing/test-server.js'
import { limits } from './limits.js'

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
  expect(errors?.map(error => error.extensions)).toEqual([{ code: 'BAD_USER_INPUT' }])
  return errors?.[0].message as string
}

const times = (count: number, piece: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => piece(index)).join(' ')

describe('a request is refused with what it exceeds, and by how much', () => {
  it('depth, also through fragments', async () => {
    // Nothing of ours is as deep, so this goes round in what introspection offers.
    const nested = (depth: number): string =>
      depth === 0 ? '{ name }' : `{ ofType ${nested(depth - 1)} }`
    const query = `{ __type(name: "User") { ...one } } fragment one on __Type ${nested(20)}`
    expect(await refusalOf(query)).toBe('Query depth limit of 12 exceeded, found 22.')
  })

  it('aliases', async () => {
    const query = `{ viewer { ${times(31, index => `a${index}: login`)} } }`
    expect(await refusalOf(query)).toBe('Aliases limit of 30 exceeded, found 31.')
  })

  it('directives', async () => {
    const query = `{ viewer { ${times(51, () => 'login @include(if: true)')} } }`
    expect(await refusalOf(query)).toContain('limit of 50 exceeded')
  })

  it('tokens', async () => {
    const query = `{ viewer { ${times(limits.tokens, () => 'login')} } }`
    expect(await refusalOf(query)).toContain('2000')
  })

  it('root fields', async () => {
    const query = `{ ${times(11, index => `a${index}: setupRequired`)} }`
    expect(await refusalOf(query)).toContain('at most 10 fields of Query or Mutation')
  })

  it('cost: what is asked of each item, times the items of the page', async () => {
    const page = (alias: string) => `${alias}: users(first: $first) {
      nodes { id login name firstName lastName phone language role status version }
      edges { cursor node { id login name firstName lastName phone language role status version } }
    }`
    const query = `query ($first: Int) { ${page('a')} ${page('b')} ${page('c')} ${page('d')} ${page('e')} }`
    expect((await client.query(query, { first: 20 })).errors).toBeUndefined()
    const cost = 5 * (1 + 100 * (1 + 10 + 1 + 1 + 1 + 10))
    expect(await refusalOf(query, { first: 100 })).toBe(
      `Query cost limit of 10000 exceeded, found ${cost}.`,
    )
  })

  it('a page without a size costs what it usually holds', async () => {
    const page = (alias: string) =>
      `${alias}: users { nodes { ${times(29, index => `a${index}: id`)} } }`
    const query = `{ ${page('a')} ${times(9, index => page(`b${index}`).replace(/a\d+: /g, ''))} }`
    expect((await client.query(query)).errors).toBeDefined()
  })
})

it('introspection, as tools ask for it, passes', async () => {
  const { data, errors } = await client.query(getIntrospectionQuery())
  expect(errors).toBeUndefined()
  expect(data.__schema.types.length).toBeGreaterThan(20)
})

it('nothing is suggested where introspection is off', async () => {
  const production = await TestServer.start({ GRAPHQL_INTROSPECTION: 'false' })
  try {
    const { errors } = await production.client().query('{ viewr { login } }')
    expect(errors?.[0].message).not.toMatch(/did you mean/i)
  } finally {
    await production.stop()
  }
})
