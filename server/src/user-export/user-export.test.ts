import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { byteOrderMark } from '@rekey/shared/csv'
import SQL from 'sql-template-tag'
import { OperationEntity } from '../operations/operation.entity.js'
import { apiTokenOf } from '../testing/api-token-client.js'
import { enrolTotp, mutate } from '../testing/second-factor-client.js'
import { asCaller, type TestClient, TestServer } from '../testing/test-server.js'
import type { UserEntity } from '../users/user.entity.js'
import { insertUsers } from '../users/user.store.js'
import { derivedColumnsOf } from '../users/user-keys.js'

const dayMs = 24 * 60 * 60_000
const heading =
  'id,login,firstName,lastName,phone,language,role,status,mustChangePassword,passwordChangedAt,secondFactors,lastSignInAt,createdAt'

let server: TestServer
let admin: UserEntity
let asAdmin: TestClient
beforeAll(async () => {
  server = await TestServer.start()
  admin = await server.addUser({ login: 'admin@rekey.example', role: 'ADMIN' })
  asAdmin = await server.signedIn(admin)
})
afterAll(() => server.stop())

const read = async (client: TestClient, query = '') => {
  const response = await client.get(`/users.csv${query}`)
  const text = Buffer.from(await response.arrayBuffer()).toString('utf8')
  return { response, text, lines: text.replace(byteOrderMark, '').split('\r\n').slice(1, -1) }
}

const exportsOf = (actorId: string) =>
  server.database.read(unit =>
    unit.rows(OperationEntity).find({
      where: { action: 'EXPORT_USERS', actorId },
      order: { id: 'ASC' },
    }),
  )

const addMany = async (prefix: string, count: number): Promise<void> => {
  const model = await server.addUser({ login: `${prefix}@rekey.example` })
  const users = Array.from({ length: count }, (_, number): UserEntity => {
    const fields = { ...model, login: `${prefix}${number}@rekey.example`, firstName: prefix }
    const id = `${model.id.slice(0, -6)}${String(number).padStart(6, '0')}`
    return { ...fields, ...derivedColumnsOf(fields), id }
  })
  await server.database.write(unit => insertUsers(unit, users))
}

const listed = async (filter: Record<string, unknown>, search = ''): Promise<string[]> => {
  const { data } = await asAdmin.query(
    'query ($filter: UserFilter, $search: String) { users(first: 100, filter: $filter, search: $search) { nodes { id } } }',
    { filter, search },
  )
  return (data.users.nodes as { id: string }[]).map(({ id }) => id).toSorted()
}

describe('/users.csv', () => {
  it('contains the users of the list with the same search and filter', async () => {
    const blocked = await server.addUser({ status: 'BLOCKED', firstName: 'Wilma' })
    const old = await server.addUser({ firstName: 'Wilma', role: 'ADMIN' })
    await server.database.write(unit =>
      unit.query(SQL`UPDATE users SET password_changed_at = ${Date.now() - 40 * dayMs},
        must_change_password = true WHERE id = ${old.id}`),
    )
    const secured = await server.addUser({ firstName: 'Wilma' })
    const client = await server.signedIn(secured)
    await enrolTotp(client)
    const cases = [
      ['', {}, ''],
      ['?search=wilma', {}, 'wilma'],
      ['?statuses=BLOCKED', { statuses: ['BLOCKED'] }, ''],
      ['?roles=ADMIN&roles=OWNER', { roles: ['ADMIN', 'OWNER'] }, ''],
      ['?mustChangePassword=true', { mustChangePassword: true }, ''],
      ['?hasSecondFactor=true', { hasSecondFactor: true }, ''],
      ['?hasSecondFactor=false&search=wilma', { hasSecondFactor: false }, 'wilma'],
      ['?passwordOlderThanDays=30', { passwordOlderThanDays: 30 }, ''],
      ['?passwordOlderThanDays=50', { passwordOlderThanDays: 50 }, ''],
    ] as const
    for (const [query, filter, search] of cases) {
      const { lines } = await read(asAdmin, query)
      expect(lines.map(line => line.split(',')[0]).toSorted()).toEqual(await listed(filter, search))
    }
    expect(await listed({ hasSecondFactor: true })).toEqual([secured.id])
    expect(await listed({ passwordOlderThanDays: 30 })).toEqual([old.id])
    expect(await listed({ passwordOlderThanDays: 50 })).toEqual([])
    expect(await listed({ statuses: ['BLOCKED'] })).toEqual([blocked.id])
  })

  it('has a column for each field, and no hash or secret', async () => {
    const user = await server.addUser({
      login: 'line@rekey.example',
      firstName: '=1+1',
      lastName: 'Łuk, "A"',
      phone: '+48601234567',
    })
    const client = await server.signedIn(user)
    const { secret } = await enrolTotp(client)
    const { response, text, lines } = await read(asAdmin, '?search=line@rekey.example')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="users.csv"')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(text.startsWith(`${byteOrderMark}${heading}\r\n`)).toBe(true)
    const time = String.raw`\d{4}-\d\d-\d\dT[\d:.]+Z`
    expect(lines).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${user.id},line@rekey\\.example,"'=1\\+1","Łuk, ""A""","'\\+48601234567",en,MEMBER,ACTIVE,false,${time},TOTP,${time},${time}$`,
        ),
      ),
    ])
    expect(text).not.toContain('argon2')
    expect(text).not.toContain(secret)
  })

  it('has headings in a language, if one is wanted', async () => {
    const headingOf = async (query: string) => {
      const { text } = await read(asAdmin, query)
      return text.replace(byteOrderMark, '').split('\r\n')[0]
    }
    expect(await headingOf('?language=de-AT')).toMatch(
      /^ID,Anmeldename,Vorname,Nachname,Telefon,Sprache,Rolle,Status,Neues Passwort nötig,/,
    )
    expect(await headingOf('?language=en')).toMatch(/^ID,Login,First name,Last name,/)
    // There are no texts in Czech.
    expect(await headingOf('?language=cs')).toBe(await headingOf('?language=en'))
    expect(await headingOf('')).toBe(heading)
  })

  it('contains every user once, however many there are', async () => {
    await addMany('crowd', 4_500)
    const { lines } = await read(asAdmin, '?search=crowd')
    expect(lines).toHaveLength(4_501)
    expect(new Set(lines.map(line => line.split(',')[0])).size).toBe(4_501)
    // The query is sent in a few statements for each batch, and not for each user.
    const statements = await server.statementsDuring(() => read(asAdmin, '?search=crowd'))
    expect(statements.length).toBeLessThan(60)
  })

  it('is recorded with the number of users and the filter, but without the searched text', async () => {
    const other = await server.addUser({ role: 'ADMIN' })
    const client = await server.signedIn(other)
    await server.addUser({ firstName: 'Uniquely', status: 'BLOCKED' })
    await read(client, '?search=uniquely&statuses=BLOCKED&hasSecondFactor=false')
    await read(client, '?search=nobody-has-this')
    expect(await exportsOf(other.id)).toMatchObject([
      {
        outcome: 'DONE',
        subjectId: null,
        changes: [
          { name: 'total', from: '1', to: '1' },
          { name: 'search', from: null, to: null },
          { name: 'statuses', from: 'BLOCKED', to: 'BLOCKED' },
          { name: 'hasSecondFactor', from: 'false', to: 'false' },
        ],
      },
      { changes: [{ name: 'total', to: '0' }, { name: 'search' }] },
    ])
  })

  it('requires users.read, from a session or an API token', async () => {
    const member = await server.addUser()
    const asMember = await server.signedIn(member)
    expect((await asMember.get('/users.csv')).status).toBe(403)
    expect((await server.client().get('/users.csv')).status).toBe(401)
    const withRight = await apiTokenOf(server, asCaller(admin), ['users.read'])
    expect((await read(withRight.client)).response.status).toBe(200)
    const withoutRight = await apiTokenOf(server, asCaller(admin), ['users.manage'])
    expect((await withoutRight.client.get('/users.csv')).status).toBe(403)
    expect(await exportsOf(member.id)).toEqual([])
    expect((await exportsOf(admin.id)).at(-1)).toMatchObject({
      apiTokenPrefix: withRight.row.prefix,
    })
  })

  it('does not start from a page of another site, or for a HEAD request', async () => {
    const other = await server.addUser({ role: 'ADMIN' })
    const client = await server.signedIn(other)
    const send = async (site: string, method = 'GET') => {
      const headers = {
        cookie: client.session ?? '',
        'sec-fetch-site': site,
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
      }
      return (await fetch(`${server.url}/users.csv`, { method, headers })).status
    }
    expect(await send('cross-site')).toBe(403)
    expect(await send('same-site')).toBe(403)
    expect(await send('same-origin', 'HEAD')).toBe(404)
    expect(await exportsOf(other.id)).toEqual([])
    expect(await send('same-origin')).toBe(200)
    expect(await send('none')).toBe(200)
    expect(await exportsOf(other.id)).toHaveLength(2)
  })

  it('ends when the caller is blocked meanwhile', async () => {
    const leaver = await server.addUser({ role: 'ADMIN' })
    const batches = await server.services.userExport.start(
      asCaller(leaver),
      {},
      { ip: '127.0.0.1', userAgent: '', requestId: '' },
    )
    const reading = batches[Symbol.asyncIterator]()
    expect((await reading.next()).value).toHaveLength(2_000)
    await server.database.write(unit =>
      unit.query(SQL`UPDATE users SET status = 'BLOCKED' WHERE id = ${leaver.id}`),
    )
    await expect(reading.next()).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } })
  })

  it.each([
    ['?roles=KING', 'The parameter roles accepts only OWNER, ADMIN, MEMBER.'],
    ['?hasSecondFactor=1', 'The parameter hasSecondFactor accepts only true or false.'],
    [
      '?passwordOlderThanDays=0',
      'The parameter passwordOlderThanDays must be a whole number from 1 to 36500.',
    ],
    [`?search=${'x'.repeat(201)}`, 'The parameter search has at most 200 characters.'],
    ['?search=a&search=b', 'The parameter search accepts one value.'],
    [
      '?role=OWNER',
      'There is no parameter “role”: /users.csv accepts search, roles, statuses, mustChangePassword, hasSecondFactor, passwordOlderThanDays, language.',
    ],
    ['?language=German', 'The parameter language requires the tag of a language, such as de.'],
  ])('rejects %s and records nothing', async (query, message) => {
    const before = (await exportsOf(admin.id)).length
    const { response, text } = await read(asAdmin, query)
    expect(response.status).toBe(400)
    expect(JSON.parse(text).errors[0]).toMatchObject({
      message,
      extensions: { code: 'BAD_USER_INPUT' },
    })
    expect(await exportsOf(admin.id)).toHaveLength(before)
  })
})

describe('the filter of users by their second factor', () => {
  it('follows each factor that a user adds and removes', async () => {
    const user = await server.addUser({ firstName: 'Sekunda' })
    const client = await server.signedIn(user)
    const has = async () => (await listed({ hasSecondFactor: true }, 'sekunda')).length > 0
    expect(await has()).toBe(false)
    const first = await enrolTotp(client, 'Phone')
    const second = await enrolTotp(client, 'Tablet')
    expect(await has()).toBe(true)
    const remove = (id: string) =>
      mutate(client, 'removeSecondFactor', 'errors { __typename }', { id })
    expect((await remove(first.factor.id)).errors).toEqual([])
    expect(await has()).toBe(true)
    expect((await remove(second.factor.id)).errors).toEqual([])
    expect(await has()).toBe(false)
    expect(await listed({ hasSecondFactor: false }, 'sekunda')).toEqual([user.id])
  })

  it('does not keep a user from being deleted', async () => {
    const user = await server.addUser()
    await enrolTotp(await server.signedIn(user))
    await server.database.write(unit => unit.query(SQL`DELETE FROM users WHERE id = ${user.id}`))
    const [left] = await server.database.read(unit =>
      unit.query<{ count: number | string }>(
        SQL`SELECT COUNT(*) AS count FROM second_factors WHERE user_id = ${user.id}`,
      ),
    )
    expect(Number(left?.count)).toBe(0)
  })
})

describe('the filter of users by the age of their password', () => {
  it.each([0, -1, 36_501])('rejects %d days', async passwordOlderThanDays => {
    const { errors } = await asAdmin.query(
      'query ($filter: UserFilter) { users(filter: $filter) { totalCount } }',
      { filter: { passwordOlderThanDays } },
    )
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })
})
