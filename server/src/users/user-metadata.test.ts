import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { OperationEntity } from '../operations/operation.entity.js'
import { type TestClient, TestServer } from '../testing/test-server.js'
import type { UserEntity } from './user.entity.js'

let server: TestServer
let client: TestClient
let pia: UserEntity
beforeAll(async () => {
  server = await TestServer.start()
  client = await server.signedIn(await server.addUser({ role: 'ADMIN', lastName: 'Admin' }))
  pia = await server.addUser({ login: 'pia@demo.example' })
})
afterAll(() => server.stop())

const payload = 'user { metadata } errors { __typename ... on UserError { path } }'

const update = async (metadata: unknown, by = client) => {
  const { data, errors } = await by.query(
    `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { ${payload} } }`,
    { input: { userId: pia.id, metadata } },
  )
  return errors ?? data.updateUser
}
/** Sends the metadata as a literal in the document. */
const updateWithLiteral = async (literal: string, types = '', variables = {}) => {
  const { data, errors } = await client.query(
    `mutation ${types} {
      updateUser(input: { userId: "${pia.id}", metadata: ${literal} }) { ${payload} }
    }`,
    variables,
  )
  return errors ?? data.updateUser
}
const done = (metadata: unknown) => ({ user: { metadata }, errors: [] })
const refused = { user: null, errors: [{ __typename: 'InvalidField', path: ['metadata'] }] }
const nested = (levels: number): object => (levels === 1 ? {} : { in: nested(levels - 1) })

describe('the metadata of a user', () => {
  it('is replaced as a whole, stays if it is left out, and is removed by null', async () => {
    const metadata = { costCentre: 'C-17', tags: ['a', 1.5, true, null], 'ä "😀"': { deep: {} } }
    expect(await update(metadata)).toEqual(done(metadata))
    expect(await update({ team: 'Sales' })).toEqual(done({ team: 'Sales' }))
    expect(await update(undefined)).toEqual(done({ team: 'Sales' }))
    expect(await update({})).toEqual(done({}))
    expect(await update(null)).toEqual(done(null))
  })

  it('can be a literal in the document, also with variables in it', async () => {
    expect(await updateWithLiteral('{ a: { b: [1, -2.5, "x", true, null] } }')).toEqual(
      done({ a: { b: [1, -2.5, 'x', true, null] } }),
    )
    expect(await updateWithLiteral('{ team: $team }', '($team: String)', { team: 'IT' })).toEqual(
      done({ team: 'IT' }),
    )
  })

  it('is shown in a list of users', async () => {
    await update({ team: 'Sales' })
    const { data } = await client.query(
      '{ users(search: "pia@demo.example") { nodes { metadata } } }',
    )
    expect(data.users.nodes).toEqual([{ metadata: { team: 'Sales' } }])
  })

  it('can have 4,096 bytes, counted in UTF-8', async () => {
    // {"a":"…"} has eight more.
    const longest = { a: 'é'.repeat(2_044) }
    expect(await update(longest)).toEqual(done(longest))
    expect(await update({ a: `${'é'.repeat(2_044)}x` })).toEqual(refused)
    expect(await update({ a: 'x'.repeat(19_000) })).toEqual(refused)
    expect(await update({ a: 'x'.repeat(20_000) })).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', tooLong: { path: ['input', 'metadata'] } } },
    ])
  })

  it('can have 8 levels', async () => {
    expect(await update(nested(8))).toEqual(done(nested(8)))
    expect(await update(nested(9))).toEqual(refused)
  })

  it.each([
    ['a lone surrogate in a text', { a: '\ud800' }],
    ['a lone surrogate in a name', { '\ud800': 1 }],
  ])('cannot contain %s', async (_what, metadata) => {
    expect(await update(metadata)).toEqual(refused)
  })

  it('can have names that JavaScript uses', async () => {
    const names = { constructor: { prototype: 1 }, toString: { constructor: { prototype: null } } }
    expect(await update(names)).toEqual(done(names))
  })

  it.each([
    ['the name of an enum', '{ a: ADMIN }'],
    ['a number that is too large', '{ a: 1e999 }'],
    ['the name __proto__', '{ __proto__: { admin: true } }'],
  ])('cannot contain %s in a literal', async (_what, literal) => {
    expect(await updateWithLiteral(literal)).toEqual(refused)
  })

  it.each([[['a']], ['text'], [1]])('cannot be %j', async metadata => {
    expect(await update(metadata)).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })

  it('can be read by the user, but changed only with users.manage', async () => {
    await update({ team: 'Sales' })
    const asPia = await server.signedIn(pia)
    const { data } = await asPia.query('{ viewer { metadata } }')
    expect(data.viewer).toEqual({ metadata: { team: 'Sales' } })
    expect(await update({ team: 'Board' }, asPia)).toMatchObject([
      { extensions: { code: 'FORBIDDEN', permission: 'users.manage' } },
    ])
  })

  it('leaves only its name in the operation list, and nothing after the user is deleted', async () => {
    await update({ team: 'Zanzibar' })
    const operations = await server.database.read(unit =>
      unit.rows(OperationEntity).find({ where: { subjectId: pia.id }, order: { id: 'DESC' } }),
    )
    expect(operations[0]).toMatchObject({
      action: 'UPDATE_USER',
      changes: [{ name: 'metadata', from: null, to: null }],
    })
    expect(await server.storedRows()).toContain('Zanzibar')
    const { data } = await client.query(
      'mutation ($input: DeleteUserInput!) { deleteUser(input: $input) { errors { __typename } } }',
      { input: { userId: pia.id, login: pia.login } },
    )
    expect(data.deleteUser.errors).toEqual([])
    expect(await server.storedRows()).not.toContain('Zanzibar')
  })
})
