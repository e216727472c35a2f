import { inspect } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import type { EntityManager } from 'typeorm'
import { CommitOutcomeUnknown, mayBeCommitted } from './commit-outcome-unknown.js'
import { WritingUnitOfWork } from './unit-of-work.js'

describe('a failed COMMIT', () => {
  it.each(['40001', '40P01', '23505', '57014', '25P02'])(
    'was rolled back if PostgreSQL answers %s',
    code => {
      expect(mayBeCommitted(Object.assign(new Error(), { code }))).toBe(false)
    },
  )

  it.each([
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    '08006',
    '08007',
    '40003',
    '57P01',
    '57P02',
    'XX000',
  ])('may have succeeded if it ended with %s', code => {
    expect(mayBeCommitted(Object.assign(new Error(), { code }))).toBe(true)
  })

  it('may have succeeded if the error has no code', () => {
    expect(mayBeCommitted(new Error('Connection terminated unexpectedly'))).toBe(true)
  })
})

describe('a COMMIT with an unknown outcome', () => {
  const result = { token: 'a-fresh-token' }
  const cause = new Error('Connection terminated unexpectedly')
  const unitWith = (found: boolean | undefined) => {
    const unit = new WritingUnitOfWork({} as EntityManager, 'postgres')
    unit.witnessedBy(async () => found)
    return unit
  }

  it('returns the result and runs the work after the commit if its witness finds that it succeeded', async () => {
    const unit = unitWith(true)
    const followed: string[] = []
    unit.afterCommit(() => followed.push('done'))
    expect(await new CommitOutcomeUnknown(unit, result, cause).resolve()).toBe(result)
    expect(followed).toEqual(['done'])
  })

  it('fails with its cause if its witness finds that it did not succeed', async () => {
    const failure = new CommitOutcomeUnknown(unitWith(false), result, cause)
    await expect(failure.resolve()).rejects.toBe(cause)
  })

  it('stays unknown without a witness, or if the witness does not know', async () => {
    for (const unit of [
      unitWith(undefined),
      new WritingUnitOfWork({} as EntityManager, 'postgres'),
    ]) {
      const failure = new CommitOutcomeUnknown(unit, result, cause)
      await expect(failure.resolve()).rejects.toBe(failure)
    }
  })

  it('reveals nothing of the result to a log', () => {
    const failure = new CommitOutcomeUnknown(unitWith(true), result, cause)
    expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain(result.token)
    expect(JSON.stringify(failure)).not.toContain(result.token)
  })
})
