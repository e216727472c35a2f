import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { OperationEntity } from '../operations/operation.entity.js'
import { type TestClient, TestServer } from '../testing/test-server.js'
import { UserEntity } from '../users/user.entity.js'

let server: TestServer
let client: TestClient
let pia: UserEntity
let quentin: UserEntity
let inside: string
beforeAll(async () => {
  server = await TestServer.start()
  client = await server.signedIn(await server.addUser({ role: 'ADMIN', lastName: 'Admin' }))
  pia = await server.addUser({ login: 'pia@bücher.example', lastName: 'A' })
  quentin = await server.addUser({ login: 'quentin@demo.example', lastName: 'B' })
  inside = `ids: ["${pia.id}", "${quentin.id}"]`
})
afterAll(() => server.stop())

const find = async (filter: string, rest = '') => {
  const { data, errors } = await client.query(
    `{ users(filter: { ${filter} }${rest}) { totalCount nodes { id } } }`,
  )
  return errors ?? [data.users.totalCount, ...data.users.nodes.map(({ id }: { id: string }) => id)]
}

const setTimes = (id: string, times: Partial<Pick<UserEntity, 'createdAt' | 'updatedAt'>>) =>
  server.database.write(unit => unit.rows(UserEntity).update({ id }, times))

describe('a list of users', () => {
  it('finds users by their ids, in the order of the list', async () => {
    expect(await find(inside)).toEqual([2, pia.id, quentin.id])
    expect(await find(inside, ', orderBy: { field: NAME, direction: DESC }')).toEqual([
      2,
      quentin.id,
      pia.id,
    ])
    expect(await find(inside, ', search: "quentin"')).toEqual([1, quentin.id])
    expect(await find('ids: ["unknown"]')).toEqual([0])
    expect(await find('ids: []')).toEqual([0])
    expect(await find(`${inside}, statuses: [BLOCKED]`)).toEqual([0])
  })

  it('finds users by their logins, in any spelling', async () => {
    const logins = '["PIA@xn--bcher-kva.example", " quentin@demo.example", "nobody@demo.example"]'
    expect(await find(`logins: ${logins}`)).toEqual([2, pia.id, quentin.id])
    expect(await find('logins: []')).toEqual([0])
  })

  it('finds users who were added or changed since a time', async () => {
    const start = new Date('2020-01-01T00:00:00Z')
    const later = new Date('2020-01-01T00:00:00.001Z')
    await setTimes(pia.id, { createdAt: start, updatedAt: start })
    await setTimes(quentin.id, { createdAt: start, updatedAt: later })
    const both = [2, pia.id, quentin.id]
    expect(await find(`${inside}, createdSince: "${start.toISOString()}"`)).toEqual(both)
    expect(await find(`${inside}, createdSince: "${later.toISOString()}"`)).toEqual([0])
    expect(await find(`${inside}, updatedSince: "${start.toISOString()}"`)).toEqual(both)
    expect(await find(`${inside}, updatedSince: "${later.toISOString()}"`)).toEqual([1, quentin.id])
    // The time alone, which is read along its own index.
    const { updatedAt } = await server.addUser()
    expect((await find(`updatedSince: "${updatedAt.toISOString()}"`))[0]).toBe(1)
    expect((await find(`createdSince: "${updatedAt.toISOString()}"`))[0]).toBe(1)
  })

  it.each(['ids', 'logins'])('rejects more than 100 %s', async name => {
    const values = JSON.stringify(Array.from({ length: 101 }, (_, index) => `${index}@x.example`))
    expect(await find(`${name}: ${values}`)).toMatchObject([
      { message: `${name} can have at most 100 items.`, extensions: { code: 'BAD_USER_INPUT' } },
    ])
  })
})

describe('userByLogin', () => {
  const byLogin = async (login: string, by = client) => {
    const { data, errors } = await by.query(
      'query ($login: String!) { userByLogin(login: $login) { id } }',
      { login },
    )
    return errors ?? data.userByLogin
  }

  it('finds a user by the login in any spelling', async () => {
    expect(await byLogin('Pia@BÜCHER.example')).toEqual({ id: pia.id })
    expect(await byLogin('nobody@demo.example')).toBeNull()
  })

  it('requires users.read', async () => {
    const member = await server.signedIn(quentin)
    expect(await byLogin('pia@bücher.example', member)).toMatchObject([
      { extensions: { code: 'FORBIDDEN', permission: 'users.read' } },
    ])
  })
})

describe('the external id of a user', () => {
  const update = async (by: TestClient, userId: string, externalId: string | null) => {
    const { data, errors } = await by.query(
      `mutation ($input: UpdateUserInput!) { updateUser(input: $input) {
        user { externalId } errors { __typename ... on UserError { path } }
      } }`,
      { input: { userId, externalId } },
    )
    return errors ?? data.updateUser
  }
  const done = (externalId: string | null) => ({ user: { externalId }, errors: [] })
  const refused = (type: string) => ({
    user: null,
    errors: [{ __typename: type, path: ['externalId'] }],
  })

  it('is unique, is recorded, finds the user, and can be removed', async () => {
    expect(await update(client, pia.id, ' E-1042 ')).toEqual(done('E-1042'))
    expect(await update(client, pia.id, 'E-1042')).toEqual(done('E-1042'))
    expect(await update(client, quentin.id, 'E-1042')).toEqual(refused('ExternalIdTaken'))
    expect(await find('externalId: "E-1042"')).toEqual([1, pia.id])
    expect(await find('externalId: "e-1042"')).toEqual([0])
    const recorded = await server.database.read(unit =>
      unit.rows(OperationEntity).findBy({ action: 'UPDATE_USER', subjectId: pia.id }),
    )
    expect(recorded[0]?.changes?.map(({ name }) => name)).toEqual(['externalId'])
    expect(await update(client, pia.id, '')).toEqual(done(null))
    expect(await update(client, quentin.id, 'E-1042')).toEqual(done('E-1042'))
  })

  it.each(['x'.repeat(256), 'a\u0000b', 'a\u200Bb'])('cannot be %j', async externalId => {
    expect(await update(client, pia.id, externalId)).toEqual(refused('InvalidField'))
  })

  it('cannot be changed without users.manage, not even by the user', async () => {
    expect(await update(await server.signedIn(pia), pia.id, 'E-1')).toMatchObject([
      { extensions: { code: 'FORBIDDEN', permission: 'users.manage' } },
    ])
  })
})
