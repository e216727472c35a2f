import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import SQL from 'sql-template-tag'
import { OperationEntity } from '../operations/operation.entity.js'
import { OperationCutEntity } from '../operations/operation-cut.entity.js'
import { proofLastsMs } from '../reauthentication/recent-proof.js'
import { SessionEntity } from '../sessions/session.entity.js'
import { apiTokenOf, dayMs } from '../testing/api-token-client.js'
import { runBuilt } from '../testing/built-program.js'
import { type TestClient, TestServer } from '../testing/test-server.js'
import type { Caller } from '../users/caller.js'
import { deleteBefore } from './operation-retention.service.js'

let server: TestServer
let admin: Caller
let client: TestClient

/** Adds operations of these ages to an empty list. */
const addOld = (ages: readonly number[]) =>
  server.database.write(async unit => {
    for (const [index, age] of ages.entries()) {
      await unit.rows(OperationEntity).insert({
        // Before all ids that the server creates.
        id: `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`,
        at: new Date(Date.now() - age * dayMs),
        action: 'LOG_IN',
        outcome: 'REFUSED',
        reason: 'INVALID_CREDENTIALS',
        actorId: null,
        subjectId: null,
        ip: '203.0.113.7',
        userAgent: 'curl/8',
        requestId: `old-${index}`,
        apiTokenPrefix: null,
        changes: [],
        number: null,
        previousHash: null,
        hash: null,
      })
    }
  })

const idle = async () => {
  await server.services.operations.idle()
  await server.services.operationRetention.idle()
  await server.services.operations.idle()
}

const update = async (keepDays: number | null, by = client) => {
  const { data, errors } = await by.query(
    `mutation ($input: UpdateOperationRetentionInput!) {
      updateOperationRetention(input: $input) {
        retention { keepDays }
        errors { __typename ... on UserError { message path } }
      }
    }`,
    { input: { keepDays } },
  )
  await idle()
  return data?.updateOperationRetention ?? errors
}

const read = async (by = client) => {
  const { data, errors } = await by.query(
    '{ operationRetention { keepDays deletedUpTo deletedAt } }',
  )
  return data?.operationRetention ?? errors
}

const numbers = async () => {
  const rows = await server.database.read(unit =>
    unit.rows(OperationEntity).find({ order: { number: 'ASC' } }),
  )
  return rows.map(({ number }) => number)
}

const withAction = (action: OperationEntity['action']) =>
  server.database.read(unit =>
    unit.rows(OperationEntity).find({ where: { action }, order: { id: 'ASC' } }),
  )

/** Runs statements without the triggers, as a person with access to the database can. */
const tamper = (...statements: string[]) =>
  server.database.write(async unit => {
    const { manager } = unit.rows(OperationEntity)
    const on = (table: string) => (server.database.engine === 'postgres' ? ` ON ${table}` : '')
    for (const name of ['update', 'update_of_changes', 'delete']) {
      await manager.query(`DROP TRIGGER IF EXISTS operations_refuse_${name}${on('operations')}`)
    }
    for (const name of ['update', 'delete', 'change']) {
      await manager.query(
        `DROP TRIGGER IF EXISTS operation_cut_refuse_${name}${on('operation_cut')}`,
      )
    }
    for (const statement of statements) await manager.query(statement)
  })

const start = async (ages: readonly number[]) => {
  server = await TestServer.start()
  await addOld(ages)
  admin = await server.addUser({ role: 'ADMIN' })
  client = await server.signedIn(admin)
  await idle()
}
afterEach(() => server.stop())

describe('the retention of operations', () => {
  beforeEach(() => start([400, 100, 40, 20]))

  it('keeps all operations until someone sets a number of days', async () => {
    expect(await read()).toEqual({ keepDays: null, deletedUpTo: null, deletedAt: null })
    server.services.operationRetention.wake()
    await idle()
    expect(await numbers()).toEqual([1, 2, 3, 4, 5])
  })

  it('deletes older operations at once, and records the change and the deletion', async () => {
    const [, , last] = await server.database.read(unit =>
      unit.rows(OperationEntity).find({ order: { number: 'ASC' } }),
    )
    expect(await update(30)).toEqual({ retention: { keepDays: 30 }, errors: [] })
    expect(await numbers()).toEqual([4, 5, 6, 7])
    expect(await read()).toEqual({ keepDays: 30, deletedUpTo: 3, deletedAt: expect.any(String) })
    expect(await withAction('UPDATE_OPERATION_RETENTION')).toMatchObject([
      { actorId: admin.id, changes: [{ name: 'keepDays', from: null, to: '30' }] },
    ])
    expect(await withAction('DELETE_OPERATIONS')).toMatchObject([
      {
        number: 7,
        actorId: null,
        ip: 'server',
        changes: [
          { name: 'deletedUpTo', from: null, to: '3' },
          { name: 'deletedUpToHash', from: null, to: last?.hash },
          { name: 'keepDays', from: '30', to: '30' },
        ],
      },
    ])
  })

  it('continues after the last deletion, and records nothing if nothing is old', async () => {
    await update(200)
    expect(await numbers()).toEqual([2, 3, 4, 5, 6, 7])
    await update(50)
    expect((await withAction('DELETE_OPERATIONS')).map(({ changes }) => changes[0])).toEqual([
      { name: 'deletedUpTo', from: null, to: '1' },
      { name: 'deletedUpTo', from: '1', to: '2' },
    ])
    server.services.operationRetention.wake()
    await update(null)
    expect(await withAction('DELETE_OPERATIONS')).toHaveLength(2)
    expect(await read()).toMatchObject({ keepDays: null, deletedUpTo: 2 })
  })

  it('accepts only 30 to 3650 days, or none', async () => {
    for (const days of [0, 29, 3651, -1]) {
      expect(await update(days)).toEqual({
        retention: null,
        errors: [
          {
            __typename: 'InvalidField',
            message: expect.stringContaining('30'),
            path: ['keepDays'],
          },
        ],
      })
    }
    expect(await numbers()).toEqual([1, 2, 3, 4, 5])
  })

  it('requires settings.manage to change, and an attempt is recorded', async () => {
    const by = await server.signedIn(await server.addUser())
    const forbidden = [{ extensions: { code: 'FORBIDDEN' } }]
    expect(await update(30, by)).toMatchObject(forbidden)
    expect(await read(by)).toMatchObject(forbidden)
    const { client: token } = await apiTokenOf(server, admin, ['operations.read'])
    expect(await read(token)).toMatchObject({ keepDays: null })
    expect(await update(30, token)).toMatchObject(forbidden)
    expect(await withAction('UPDATE_OPERATION_RETENTION')).toMatchObject([
      { outcome: 'REFUSED' },
      { outcome: 'REFUSED' },
    ])
  })

  it('requires a recent proof to change', async () => {
    await server.database.write(unit =>
      unit.rows(SessionEntity).updateAll({ provedAt: new Date(Date.now() - proofLastsMs - 1) }),
    )
    expect(await update(30)).toMatchObject([{ extensions: { code: 'REAUTHENTICATION_REQUIRED' } }])
    expect(await numbers()).toEqual([1, 2, 3, 4, 5])
  })

  it('still refuses to delete an operation that no deletion covers, or to undo a deletion', async () => {
    await update(30)
    await expect(
      server.database.write(unit => unit.rows(OperationEntity).delete({ number: 4 })),
    ).rejects.toThrow('only ever added')
    for (const statement of [
      SQL`UPDATE operation_cut SET number = 2`,
      SQL`DELETE FROM operation_cut`,
    ]) {
      await expect(server.database.write(unit => unit.query(statement))).rejects.toThrow(
        'never moves back',
      )
    }
  })
})

describe('the chain after a deletion', () => {
  beforeEach(() => start([400, 100, 40, 20]))

  it('is verified from the last deleted operation', async () => {
    await update(30)
    expect(await server.services.operations.verify()).toMatchObject({
      kind: 'unbroken',
      head: { number: 7 },
      cut: { number: 3, keepDays: 30 },
    })
    expect(await runBuilt(server, 'verify-operations')).toMatch(
      /^Operations 1 to 3 were deleted on \S+Z, because the account kept operations for 30 days\. They are not verified\.\nChained operations from 4 to 7, unchanged\.\nStore /,
    )
  })

  it('continues with the next number if every operation was deleted', async () => {
    await update(30)
    // The clock of a server cannot be moved here.
    await server.services.operationCuts.cutBefore(new Date(Date.now() + dayMs), 30)
    while (await server.services.operationCuts.deleteSome());
    await idle()
    expect(await numbers()).toEqual([8])
    expect(await server.services.operations.verify()).toMatchObject({
      kind: 'unbroken',
      head: { number: 8 },
    })
  })

  it('is compared with a noted head only if that operation was not deleted', async () => {
    const rows = await server.database.read(unit =>
      unit.rows(OperationEntity).find({ order: { number: 'ASC' } }),
    )
    await update(30)
    const verify = (number: number, hash = rows[number - 1]?.hash ?? '') =>
      server.services.operations.verify({ number, hash })
    expect(await verify(5)).toMatchObject({ kind: 'unbroken' })
    expect(await verify(3)).toMatchObject({ kind: 'unbroken' })
    expect(await verify(3, 'f'.repeat(64))).toMatchObject({
      kind: 'broken',
      number: 3,
      problem: 'different from the noted one',
    })
    expect(await verify(2)).toMatchObject({
      kind: 'broken',
      number: 2,
      problem: 'deleted, so it cannot be compared with the noted one',
    })
  })

  it('is broken if the operation after the deleted ones is missing or changed', async () => {
    await update(30)
    await tamper('DELETE FROM operations WHERE number = 4')
    expect(await server.services.operations.verify()).toMatchObject({
      kind: 'broken',
      number: 4,
      problem: 'missing',
    })
  })

  it('stays verifiable after the secrets key was replaced', async () => {
    await update(30)
    const { sealed } = await import('../app/features.js')
    await server.services.operator.rotateSecretsKey(sealed)
    await idle()
    expect(await server.services.operations.verify()).toMatchObject({
      kind: 'unbroken',
      cut: { number: 3 },
    })
  })
})

describe('a person who can write to the database, without the secrets key,', () => {
  beforeEach(() => start([400, 100, 40, 20]))

  it('cannot hide a deletion by moving the beginning of the list', async () => {
    await update(30)
    const [row] = await server.database.read(unit =>
      unit.rows(OperationEntity).findBy({ number: 5 }),
    )
    await tamper(
      `UPDATE operation_cut SET number = 5, hash = '${row?.hash}'`,
      'DELETE FROM operations WHERE number <= 5',
    )
    const problem = 'recorded as deleted, but not by a server with this secrets key'
    expect(await server.services.operations.verify()).toMatchObject({
      kind: 'broken',
      number: 5,
      problem,
    })
    await expect(runBuilt(server, 'verify-operations')).rejects.toMatchObject({
      code: 1,
      stderr: `Operation 5 is ${problem}.\n`,
    })
    // A server does not seal a place that continues a false one.
    const result = await server.services.operationCuts.cutBefore(new Date(), 30)
    expect(result).toMatchObject({ kind: 'broken', number: 5 })
  })

  it('cannot make up a deletion in a list that has none', async () => {
    const [row] = await server.database.read(unit =>
      unit.rows(OperationEntity).findBy({ number: 2 }),
    )
    await tamper(
      `INSERT INTO operation_cut VALUES ('operations', 2, '${row?.hash}', 1, 30, 'v1.AAAA')`,
      'DELETE FROM operations WHERE number <= 2',
    )
    expect(await server.services.operations.verify()).toMatchObject({ kind: 'broken', number: 2 })
  })

  it.each([
    ['changed', `UPDATE operations SET outcome = 'DONE' WHERE number = 2`, 2],
    ['missing', 'DELETE FROM operations WHERE number = 1', 1],
  ])(
    'cannot let a server delete the traces of an operation that is %s',
    async (problem, statement, number) => {
      await tamper(statement)
      const before = await numbers()
      await update(30)
      expect((await numbers()).slice(0, before.length)).toEqual(before)
      expect(await server.database.read(unit => unit.rows(OperationCutEntity).count())).toBe(0)
      expect(await server.services.operations.verify()).toMatchObject({
        kind: 'broken',
        number,
        problem,
      })
    },
  )
})

describe('many old operations', () => {
  it('are deleted in several transactions, also if a server stopped between them', async () => {
    await start(Array.from({ length: 1200 }, () => 60))
    await server.services.operationRetention.stop()
    await server.services.operationCuts.cutBefore(deleteBefore(new Date(), 30), 30)
    expect(await server.services.operationCuts.deleteSome()).toBe(true)
    await server.services.operations.idle()
    expect((await numbers())[0]).toBe(501)
    // The rest may still be there while the list is verified.
    expect(await server.services.operations.verify()).toMatchObject({ kind: 'unbroken' })
    server.services.operationRetention.start(() => undefined)
    await idle()
    expect(await numbers()).toEqual([1201, 1202])
  })
})

describe('the time before which operations are deleted', () => {
  beforeEach(() => start([]))

  it('is the start of a day in UTC, so that there is one deletion a day', () => {
    const day = new Date('2026-03-31T00:00:00Z')
    expect(deleteBefore(new Date('2026-04-30T00:00:00Z'), 30)).toEqual(day)
    expect(deleteBefore(new Date('2026-04-30T23:59:59.999Z'), 30)).toEqual(day)
  })
})
