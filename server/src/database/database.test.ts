import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { entities } from '../app/features.js'
import { readConfig } from '../config/config.js'
import { type ThrowAwayDatabase, throwAwayDatabase } from '../testing/throw-away-database.js'
import { ThrottleEntity } from '../throttle/throttle.entity.js'
import type { Database } from './database.js'
import { insertMany } from './insert-many.js'
import { openDatabase } from './open-database.js'
import type { UnitOfWork, WritingUnitOfWork } from './unit-of-work.js'

let dir: string
let database: Database
let throwAway: ThrowAwayDatabase | null

const open = () =>
  openDatabase(
    readConfig({ DATABASE_URL: throwAway?.url ?? '', DATA_DIR: dir }, dir).database,
    entities,
  )

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rekey-database-'))
  throwAway = await throwAwayDatabase()
  database = await open()
})
afterEach(async () => {
  await database.close()
  await throwAway?.drop()
  await rm(dir, { recursive: true })
})

const put = (unit: WritingUnitOfWork, key: string, points: number) =>
  unit.rows(ThrottleEntity).upsert({ key, points, expiresAt: new Date(0) }, ['key'])

const get = async (unit: UnitOfWork, key: string) =>
  (await unit.rows(ThrottleEntity).findOneBy({ key }))?.points ?? 0

describe('writing', () => {
  it('loses nothing if fifty transactions read, wait and write at once', async () => {
    await Promise.all(
      Array.from({ length: 50 }, () =>
        database.write(async unit => {
          const points = await get(unit, 'count')
          await wait(1)
          await put(unit, 'count', points + 1)
        }),
      ),
    )
    expect(await database.read(unit => get(unit, 'count'))).toBe(50)
  })

  it('saves nothing of a transaction that throws, and everything of the others', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        database.write(async unit => {
          await put(unit, `key${index}`, 1)
          await wait(1)
          if (index % 2 === 0) throw new Error('refused')
        }),
      ),
    )
    expect(outcomes.filter(outcome => outcome.status === 'rejected')).toHaveLength(10)
    const stored = await database.read(unit => unit.rows(ThrottleEntity).find())
    expect(stored.map(row => Number(row.key.slice(3)) % 2)).toEqual(Array(10).fill(1))
  })

  it('hides a transaction from readers until it is committed', async () => {
    let seenMeanwhile: number | undefined
    await database.write(async unit => {
      await put(unit, 'key', 1)
      seenMeanwhile = await database.read(reader => get(reader, 'key'))
    })
    expect(seenMeanwhile).toBe(0)
    expect(await database.read(unit => get(unit, 'key'))).toBe(1)
  })

  it('isolates transactions that each write what the other read', async () => {
    // Each one checks whether the other row exists, and adds its own if not (write skew).
    const addUnless = (own: string, other: string) =>
      database.write(async unit => {
        const taken = await get(unit, other)
        await wait(20)
        if (taken === 0) await put(unit, own, 1)
      })
    await Promise.all([addUnless('one', 'two'), addUnless('two', 'one')])
    expect(await database.read(unit => unit.rows(ThrottleEntity).count())).toBe(1)
  })

  it('isolates transactions that insert the same key if it is missing', async () => {
    await Promise.all(
      Array.from({ length: 20 }, () =>
        database.write(async unit => {
          if ((await unit.rows(ThrottleEntity).count()) > 0) return
          await wait(5)
          await unit.rows(ThrottleEntity).insert({ key: 'one', points: 1, expiresAt: new Date(0) })
        }),
      ),
    )
    expect(await database.read(unit => get(unit, 'one'))).toBe(1)
  })

  it('runs the work after a commit once, however often the transaction ran', async () => {
    let calls = 0
    await Promise.all(
      Array.from({ length: 20 }, () =>
        database.write(async unit => {
          await put(unit, 'count', (await get(unit, 'count')) + 1)
          unit.afterCommit(() => {
            calls += 1
          })
        }),
      ),
    )
    expect(calls).toBe(20)
  })

  it('isolates background jobs that lock rows by name', async () => {
    await Promise.all(
      Array.from({ length: 30 }, () =>
        database.writeLocking(async unit => {
          await unit.lockFor('count')
          const points = await get(unit, 'count')
          await wait(1)
          await put(unit, 'count', points + 1)
        }),
      ),
    )
    expect(await database.read(unit => get(unit, 'count'))).toBe(30)
  })

  it('rejects writes through a unit that reads', async () => {
    const smuggled = database.read(unit => put(unit as WritingUnitOfWork, 'key', 1))
    await expect(smuggled).rejects.toThrow(/read-?only/)
  })

  it('keeps data after a restart', async () => {
    await database.write(unit => put(unit, 'key', 7))
    await database.close()
    database = await open()
    expect(await database.read(unit => get(unit, 'key'))).toBe(7)
  })
})

describe('the tables', () => {
  it('have the columns that the entities name, on both engines', async () => {
    for (const entity of entities) {
      await database.read(unit => unit.rows(entity as typeof ThrottleEntity).find({ take: 1 }))
    }
  })

  it('accept many rows at once, with all their types', async () => {
    const rows = Array.from({ length: 3_000 }, (_, index) => ({
      key: `key ${index} "'\\ ü`,
      points: index,
      expiresAt: new Date(1_790_000_000_000 + index),
    }))
    await database.write(unit => insertMany(unit.rows(ThrottleEntity), rows))
    const stored = await database.read(unit =>
      unit.rows(ThrottleEntity).find({ order: { points: 'ASC' } }),
    )
    expect(stored).toEqual(rows.map(row => Object.assign(new ThrottleEntity(), row)))
  })
})
