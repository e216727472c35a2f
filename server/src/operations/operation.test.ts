import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parse } from 'csv-parse/sync'
import { runBuilt } from '../testing/built-program.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import type { UserEntity } from '../users/user.entity.js'
import { OperationEntity } from './operation.entity.js'
import { chainStart, hashOperation, hashWithoutId } from './operation-chain.js'
import { keptOf } from './operation-change.js'

let server: TestServer
let admin: UserEntity
let member: UserEntity
let asAdmin: TestClient
let asMember: TestClient

beforeAll(async () => {
  server = await TestServer.start()
  admin = await server.addUser({ role: 'ADMIN', firstName: 'Adam', lastName: 'Nowak' })
  member = await server.addUser({ firstName: '=1+1', lastName: 'Lindqvist' })
  asAdmin = await server.signedIn(admin)
  asMember = await server.signedIn(member)
  await asMember.changePassword({ currentPassword: 'Wrong-One-123', newPassword: 'x' })
  await asAdmin.changePassword({
    userId: member.id,
    currentPassword: goodPassword,
    newPassword: 'Brisk-Meadow-41',
    requireChangeAtNextSignIn: false,
  })
  asMember = await server.signedIn(member, 'Brisk-Meadow-41')
  await server.services.operations.idle()
})
afterAll(() => server.stop())

const list = async (client: TestClient, variables: Record<string, unknown> = {}) => {
  const answer = await client.query(
    `query ($first: Int, $after: String, $filter: OperationFilter) {
      operations(first: $first, after: $after, filter: $filter) {
        totalCount
        nodes {
          number action outcome reason ip at hash
          actorName subjectName actor { login } subject { login }
        }
        pageInfo { hasNextPage endCursor }
      }
    }`,
    variables,
  )
  return { ...answer, operations: answer.data?.operations }
}

const read = async (client: TestClient, query = '') => {
  const response = await client.get(`/operations.csv${query}`)
  return { response, text: await response.text() }
}

describe('the operation list', () => {
  it('shows who did what to whom, from where and with which outcome, newest first', async () => {
    const { operations } = await list(asAdmin, { filter: { actions: ['CHANGE_PASSWORD'] } })
    expect(operations.nodes).toMatchObject([
      {
        action: 'CHANGE_PASSWORD',
        outcome: 'DONE',
        reason: null,
        ip: '127.0.0.1',
        actorName: 'Adam Nowak',
        subject: { login: member.login },
      },
      { outcome: 'REFUSED', reason: 'CURRENT_PASSWORD_INCORRECT', actor: { login: member.login } },
    ])
    expect(operations.totalCount).toBe(2)
  })

  it('can be filtered by actor, subject, action, outcome, address and time', async () => {
    const count = async (filter: Record<string, unknown>) =>
      (await list(asAdmin, { filter })).operations.totalCount
    expect(await count({ actorId: admin.id })).toBe(2)
    expect(await count({ subjectId: member.id })).toBe(4)
    expect(await count({ outcomes: ['REFUSED'] })).toBe(1)
    expect(await count({ actions: ['LOG_IN'], subjectId: admin.id })).toBe(1)
    expect(await count({ ip: '127.0.0.1' })).toBe(5)
    expect(await count({ ip: '10.0.0.1' })).toBe(0)
    expect(await count({ ip: '::ffff:127.0.0.1' })).toBe(5)
    expect(await count({ ip: ' 0:0:0:0:0:FFFF:7f00:1 ' })).toBe(5)
    expect(await count({ ip: 'command line' })).toBe(0)
    expect(await count({ ip: 'unknown' })).toBe(0)
    expect(await count({ from: new Date(Date.now() + 60_000) })).toBe(0)
    expect(await count({ until: new Date(Date.now() + 60_000) })).toBe(5)
  })

  it.each([
    [
      { ip: 'nonsense' },
      'The filter’s ip must be an address, such as 203.0.113.7 or 2001:db8::1, or one of “command line”, “server”, “unknown”.',
    ],
    [{ ip: '' }, 'The filter’s ip must be an address'],
    [{ ip: '127.0.0.0/8' }, 'The filter’s ip must be an address'],
    [
      { from: '2026-01-02T00:00:00Z', until: '2026-01-01T00:00:00Z' },
      'The filter’s from must not be after its until.',
    ],
  ])('rejects a filter that no operation can match: %j', async (filter, message) => {
    const { errors } = await list(asAdmin, { filter })
    expect(errors).toMatchObject([
      { message: expect.stringContaining(message), extensions: { code: 'BAD_USER_INPUT' } },
    ])
    const { response, text } = await read(asAdmin, `?${new URLSearchParams(filter)}`)
    expect(response.status).toBe(400)
    expect(text).toContain(message)
  })

  it('is paged by cursor', async () => {
    const numbers: number[] = []
    let after: string | undefined
    for (;;) {
      const { operations } = await list(asAdmin, { first: 2, after })
      numbers.push(...operations.nodes.map(({ number }: { number: number }) => number))
      after = operations.pageInfo.endCursor
      if (!operations.pageInfo.hasNextPage) break
    }
    expect(numbers).toEqual([5, 4, 3, 2, 1])
  })

  it('shows a member only what was done to them, with the names of others', async () => {
    const own = await list(asMember, { filter: { subjectId: member.id } })
    expect(own.operations.nodes[1]).toMatchObject({ actorName: 'Adam Nowak', actor: null })
    for (const filter of [undefined, {}, { subjectId: admin.id }, { actorId: member.id }]) {
      const { errors } = await list(asMember, { filter })
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    }
    const { errors } = await list(server.client(), { filter: { subjectId: member.id } })
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
  })

  it('hides the address and browser of others, and all hashes, from a member, also in searches', async () => {
    const query = (filter: Record<string, unknown>) =>
      asMember.query(
        `query ($filter: OperationFilter) { operations(filter: $filter) {
          totalCount nodes { action actorName ip userAgent apiTokenPrefix hash }
        } }`,
        { filter: { subjectId: member.id, ...filter } },
      )
    const { data } = await query({ actions: ['CHANGE_PASSWORD'] })
    expect(data.operations.nodes).toEqual([
      {
        action: 'CHANGE_PASSWORD',
        actorName: 'Adam Nowak',
        ip: 'hidden',
        userAgent: '',
        apiTokenPrefix: null,
        hash: null,
      },
      expect.objectContaining({ ip: '127.0.0.1', hash: null }),
    ])
    // A search by address must not reveal it either.
    const found = (await query({ ip: '127.0.0.1' })).data.operations
    expect(found.nodes.map(({ action }: { action: string }) => action)).toEqual([
      'LOG_IN',
      'CHANGE_PASSWORD',
      'LOG_IN',
    ])
    expect(found.totalCount).toBe(3)
  })

  it('cannot be changed by a mutation or by an SQL statement', async () => {
    const { data } = await asAdmin.query('{ __schema { mutationType { fields { name } } } }')
    const names = data.__schema.mutationType.fields.map(({ name }: { name: string }) => name)
    expect(names.filter((name: string) => /operation/i.test(name))).toEqual([
      'updateOperationRetention',
    ])
    for (const attempt of [
      () =>
        server.database.write(unit =>
          unit.rows(OperationEntity).update({ number: 1 }, { outcome: 'REFUSED' }),
        ),
      () =>
        server.database.write(unit =>
          unit.rows(OperationEntity).update({ number: 1 }, { number: 99 }),
        ),
      () =>
        server.database.write(async unit => {
          const row = await unit.rows(OperationEntity).findOneByOrFail({ number: 1 })
          const forged = { ...row, id: 'forged', number: null, previousHash: null, hash: null }
          await unit.rows(OperationEntity).insert(forged)
          await unit.rows(OperationEntity).update({ id: 'forged' }, { number: 99, ip: '10.0.0.1' })
        }),
      () =>
        server.database.write(async unit => {
          const row = await unit.rows(OperationEntity).findOneByOrFail({ number: 1 })
          const forged = { ...row, id: 'forged', number: null, previousHash: null, hash: null }
          await unit.rows(OperationEntity).insert(forged)
          const done = { number: 99, apiTokenPrefix: 'rk_live_Ab3dEf' }
          await unit.rows(OperationEntity).update({ id: 'forged' }, done)
        }),
      () =>
        server.database.write(async unit => {
          const row = await unit.rows(OperationEntity).findOneByOrFail({ number: 1 })
          const forged = { ...row, id: 'forged', number: null, previousHash: null, hash: null }
          await unit.rows(OperationEntity).insert(forged)
          const changes = [{ name: 'role', from: 'MEMBER', to: 'ADMIN' }]
          await unit.rows(OperationEntity).update({ id: 'forged' }, { number: 99, changes })
        }),
      () => server.database.write(unit => unit.rows(OperationEntity).delete({ number: 1 })),
    ]) {
      await expect(attempt()).rejects.toThrow('only ever added')
    }
  })
})

describe('the export', () => {
  it('is CSV with the same filters, safe to open in a spreadsheet', async () => {
    const { response, text } = await read(asAdmin, `?subjectId=${member.id}&outcomes=DONE`)
    expect(response.headers.get('content-type')).toContain('text/csv')
    expect(response.headers.get('content-disposition')).toContain('operations.csv')
    const rows = parse(text, { columns: true }) as Record<string, string>[]
    expect(rows.map(row => row.action)).toEqual(['LOG_IN', 'CHANGE_PASSWORD', 'LOG_IN'])
    expect(rows[1]).toMatchObject({ actorLogin: admin.login, outcome: 'DONE' })
    expect(rows[1]?.subjectName).toBe("'=1+1 Lindqvist")
  })

  it('has headings in a language, if one is wanted', async () => {
    const { text } = await read(asAdmin, '?language=pl&outcomes=DONE')
    const [heading = '', line = ''] = text.replace('\uFEFF', '').split('\r\n')
    expect(heading).toMatch(/^Numer,Czas \(UTC\),Działanie,Wynik,Powód,ID wykonawcy,/)
    expect(line).toContain(',DONE,')
  })

  it('begins with a byte order mark, by which spreadsheets know UTF-8', async () => {
    for (const query of [`?subjectId=${member.id}`, '?ip=203.0.113.250']) {
      const bytes = new Uint8Array(
        await (await asAdmin.get(`/operations.csv${query}`)).arrayBuffer(),
      )
      expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)).toMatch(
        /^\uFEFFnumber,at,/,
      )
    }
  })

  it('requires the same permissions as the list', async () => {
    expect((await read(asMember)).response.status).toBe(403)
    expect((await read(server.client())).response.status).toBe(401)
    expect((await read(asMember, `?subjectId=${member.id}`)).response.status).toBe(200)
  })

  it('shows a member nothing about others except their names', async () => {
    const { text } = await read(asMember, `?subjectId=${member.id}&actions=CHANGE_PASSWORD`)
    const [theirs, own] = parse(text, { columns: true }) as Record<string, string>[]
    expect(theirs).toMatchObject({
      actorName: 'Adam Nowak',
      actorLogin: '',
      ip: 'hidden',
      hash: '',
    })
    expect(text).not.toContain(admin.login)
    // With the hash after it, a member could find the hidden address by trying.
    expect(own).toMatchObject({ actorLogin: member.login, ip: '127.0.0.1', hash: '' })
  })

  it.each([
    [
      'actions=STEAL',
      'The parameter actions accepts only values of OperationAction, such as LOG_IN.',
    ],
    ['outcomes=DONE&outcomes=LOST', 'The parameter outcomes accepts only DONE or REFUSED.'],
    ['actorId=a&actorId=b', 'The parameter actorId accepts one value.'],
    ['apiTokenPrefix=a%00b', 'The parameter apiTokenPrefix must not contain the character U+0000.'],
    ['from=tomorrow', 'The parameter from requires one time such as 2027-01-31T12:00:00Z.'],
    [
      'action=LOG_IN',
      'There is no parameter “action”: /operations.csv accepts actorId, subjectId, actions, outcomes, ip, apiTokenPrefix, from, until, language.',
    ],
  ])('rejects %s with a reason', async (query, message) => {
    const { response, text } = await read(asAdmin, `?${query}`)
    expect(response.status).toBe(400)
    expect(JSON.parse(text)).toEqual({
      errors: [{ message, extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) } }],
    })
  })

  it('accepts a time in any time zone', async () => {
    const { text } = await read(
      asAdmin,
      '?from=2026-01-01T00:00:00%2B02:00&actions=CHANGE_PASSWORD&outcomes=REFUSED',
    )
    expect(text.trim().split('\r\n')).toHaveLength(2)
  })
})

describe('the chain', () => {
  const fresh = async (operations: number) => {
    const own = await TestServer.start()
    const user = await own.addUser()
    for (let count = 0; count < operations; count += 1) await own.client().logIn(user.login, 'x')
    await own.services.operations.idle()
    return own
  }
  const withoutTriggers = (own: TestServer, statement: (table: string) => string) =>
    own.database.write(async unit => {
      const { manager } = unit.rows(OperationEntity)
      const on = own.database.engine === 'postgres' ? ' ON operations' : ''
      await manager.query(`DROP TRIGGER operations_refuse_update${on}`)
      await manager.query(`DROP TRIGGER operations_refuse_update_of_changes${on}`)
      await manager.query(`DROP TRIGGER operations_refuse_delete${on}`)
      await manager.query(statement('operations'))
    })

  it('computes the hashes of earlier versions, and no hash of one format matches another', () => {
    const operation = {
      id: 'x',
      number: 1,
      at: new Date(1_700_000_000_000),
      action: 'LOG_IN',
      outcome: 'DONE',
      reason: null,
      actorId: 'a',
      subjectId: 'b',
      ip: '127.0.0.1',
      userAgent: 'Firefox',
      requestId: 'r',
      previousHash: '0'.repeat(64),
      changes: [],
    } as const
    expect(hashWithoutId({ ...operation, apiTokenPrefix: null })).toBe(
      'cf76f358d90089956230165466ab6e2d45102a04e2de9f5ec659bf00085da1b8',
    )
    expect(hashWithoutId({ ...operation, apiTokenPrefix: 'rk_live_Ab3dEf' })).toBe(
      '235b21e74383184c90a37611da052482f28b1ce4b21a2041b37adf0beb20e334',
    )
    const change = { name: 'role', from: 'MEMBER', to: 'ADMIN' }
    const hashes = [
      { apiTokenPrefix: null, changes: [change] },
      { apiTokenPrefix: 'rk_live_Ab3dEf', changes: [change] },
      { apiTokenPrefix: null, changes: [{ ...change, to: null }] },
      { apiTokenPrefix: null, changes: [change, change] },
      { apiTokenPrefix: JSON.stringify(keptOf([change])), changes: [] },
    ].flatMap(parts => [
      hashOperation({ ...operation, ...parts }),
      hashWithoutId({ ...operation, ...parts }),
    ])
    expect(new Set(hashes).size).toBe(hashes.length)
  })

  it('verifies operations that an earlier version chained', async () => {
    const own = await fresh(3)
    try {
      const rows = await own.database.read(unit =>
        unit.rows(OperationEntity).find({ order: { number: 'ASC' } }),
      )
      let previousHash = chainStart.hash
      const statements = rows.map(row => {
        const hash = hashWithoutId({ ...row, previousHash })
        const statement = `UPDATE operations SET previous_hash = '${previousHash}', hash = '${hash}' WHERE id = '${row.id}'`
        previousHash = hash
        return statement
      })
      await withoutTriggers(own, () => statements.shift() ?? '')
      await own.database.write(async unit => {
        for (const statement of statements)
          await unit.rows(OperationEntity).manager.query(statement)
      })
      expect(await own.services.operations.verify()).toMatchObject({
        kind: 'unbroken',
        head: { number: rows.length },
      })
    } finally {
      await own.stop()
    }
  })

  it('is unbroken if nobody changed it', async () => {
    await server.services.operations.idle()
    const verdict = await server.services.operations.verify()
    expect(verdict).toMatchObject({ kind: 'unbroken', head: { number: 6 } })
  })

  it.each([
    [
      'a changed row',
      (table: string) => `UPDATE ${table} SET outcome = 'DONE' WHERE number = 3`,
      3,
    ],
    ['a changed time', (table: string) => `UPDATE ${table} SET at = at + 1 WHERE number = 2`, 2],
    [
      'an added token prefix',
      (table: string) => `UPDATE ${table} SET api_token_prefix = 'rk_live_Ab3dEf' WHERE number = 3`,
      3,
    ],
    [
      'a changed id',
      (table: string) => `UPDATE ${table} SET id = 'f' || substr(id, 2) WHERE number = 4`,
      4,
    ],
    ['a removed row', (table: string) => `DELETE FROM ${table} WHERE number = 4`, 4],
    ['a changed number', (table: string) => `UPDATE ${table} SET number = 99 WHERE number = 2`, 2],
  ])('is broken by %s', async (_what, statement, number) => {
    const own = await fresh(6)
    try {
      await withoutTriggers(own, statement)
      expect(await own.services.operations.verify()).toMatchObject({ kind: 'broken', number })
    } finally {
      await own.stop()
    }
  })

  it('is verified by the command verify-operations, which also reports unchained operations', async () => {
    const own = await fresh(2)
    const verify = () => runBuilt(own, 'verify-operations')
    try {
      expect(await verify()).toMatch(
        /^Chained operations: 2, unchanged\.\nStore this value elsewhere, .* --noted 2:[0-9a-f]{64}\n$/,
      )
      await own.services.operations.stop()
      await own.client().logIn('nobody@rekey.example', 'x')
      expect(await verify()).toMatch(
        /^Chained operations: 2, unchanged\.\nNot chained yet, so not verified: 1\.\nStore /,
      )
      await withoutTriggers(own, table => `DELETE FROM ${table} WHERE number = 1`)
      await expect(verify()).rejects.toMatchObject({
        code: 1,
        stderr: 'Operation 1 is missing.\n',
      })
    } finally {
      await own.stop()
    }
  })

  it('is found broken by a head noted elsewhere, if its end was cut off or written again', async () => {
    const own = await fresh(6)
    try {
      const noted = await own.services.operations.head()
      await withoutTriggers(own, table => `DELETE FROM ${table} WHERE number > 4`)
      expect(await own.services.operations.verify()).toMatchObject({ kind: 'unbroken' })
      if (noted === null) throw new Error('There is no head.')
      expect(await own.services.operations.verify(noted)).toMatchObject({
        kind: 'broken',
        number: 5,
        problem: 'missing',
      })
      for (const _ of [5, 6]) await own.client().logIn('nobody@rekey.example', 'x')
      await own.services.operations.idle()
      expect(await own.services.operations.verify(noted)).toMatchObject({
        kind: 'broken',
        number: 6,
      })
    } finally {
      await own.stop()
    }
  })
})
