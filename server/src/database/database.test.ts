import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ThrottleEntity } from '../throttle/throttle.entity.js'
import { Database } from './database.js'
import type { UnitOfWork, WritingUnitOfWork } from './unit-of-work.js'

let dir: string
let database: Database
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rekey-database-'))
  database = await Database.open(join(dir, 'rekey.sqlite'))
})
afterEach(async () => {
  await database.close()
  await rm(dir, { recursive: true })
})

const put = (unit: WritingUnitOfWork, key: string, points: number) =>
  unit.rows(ThrottleEntity).upsert({ key, points, expiresAt: new Date(0) }, ['key'])

const get = async (unit: UnitOfWork, key: string) =>
  (await unit.rows(ThrottleEntity).findOneBy({ key }))?.points ?? 0

describe('writing', () => {
  it('fifty transactions at once that read, wait and write lose nothing', async () => {
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

  it('keeps nothing of a transaction that throws, and all of its neighbours', async () => {
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
    const kept = await database.read(unit => unit.rows(ThrottleEntity).find())
    expect(kept.map(row => Number(row.key.slice(3)) % 2)).toEqual(Array(10).fill(1))
  })

  it('is not seen by readers before it is whole', async () => {
    let seenMeanwhile: number | undefined
    await database.write(async unit => {
      await put(unit, 'key', 1)
      seenMeanwhile = await database.read(reader => get(reader, 'key'))
    })
    expect(seenMeanwhile).toBe(0)
    expect(await database.read(unit => get(unit, 'key'))).toBe(1)
  })

  it('can’t be done through a unit that reads', async () => {
    const smuggled = database.read(unit => put(unit as WritingUnitOfWork, 'key', 1))
    await expect(smuggled).rejects.toThrow(/readonly/)
  })

  it('outlives a restart', async () => {
    await database.write(unit => put(unit, 'key', 7))
    await database.close()
    database = await Database.open(join(dir, 'rekey.sqlite'))
    expect(await database.read(unit => get(unit, 'key'))).toBe(7)
  })
})
