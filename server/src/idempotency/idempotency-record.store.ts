import SQL from 'sql-template-tag'
import { In, IsNull, MoreThan } from 'typeorm'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { IdempotencyRecordEntity } from './idempotency-record.entity.js'

/** The record with this id that still counts, or null. */
export const findRecord = (
  unit: UnitOfWork,
  id: string,
  now: Date,
): Promise<IdempotencyRecordEntity | null> =>
  unit.rows(IdempotencyRecordEntity).findOneBy({ id, expiresAt: MoreThan(now) })

/** How many records there are, and when the first of them ends; null when there are none. */
export interface Kept {
  readonly count: number
  readonly firstEnd: Date | null
}

/** What is kept of someone's API tokens, and of one credential: a token, or their sessions. */
export const countKept = async (
  unit: UnitOfWork,
  { userId, apiTokenId }: Pick<IdempotencyRecordEntity, 'userId' | 'apiTokenId'>,
  now: Date,
): Promise<{ ofTokens: Kept; ofCredential: Kept }> => {
  const rows = await unit.query<{
    apiTokenId: string | null
    count: number | string
    first: number | string
  }>(
    SQL`SELECT api_token_id AS "apiTokenId", COUNT(*) AS count, MIN(expires_at) AS first
      FROM idempotency_records
      WHERE user_id = ${userId} AND expires_at > ${now.getTime()} GROUP BY api_token_id`,
  )
  const sumOf = (some: typeof rows): Kept => ({
    count: some.reduce((count, row) => count + Number(row.count), 0),
    firstEnd:
      some.length === 0 ? null : new Date(Math.min(...some.map(({ first }) => Number(first)))),
  })
  return {
    ofTokens: sumOf(rows.filter(row => row.apiTokenId !== null)),
    ofCredential: sumOf(rows.filter(row => row.apiTokenId === apiTokenId)),
  }
}

/** Keeps a record, in place of the one its id had. */
export const saveRecord = async (
  unit: WritingUnitOfWork,
  record: IdempotencyRecordEntity,
): Promise<void> => {
  await unit.rows(IdempotencyRecordEntity).upsert(record, ['id'])
}

/** Which request is at work on a record. */
type ClaimOf = Pick<IdempotencyRecordEntity, 'id' | 'claimId'>

/**
 * Writes down that work was done, in the transaction that does it.
 *
 * @param answer the sealed tokens; undefined leaves those that are there.
 * @returns false when another request has taken over.
 */
export const markDone = async (
  unit: WritingUnitOfWork,
  { id, claimId }: ClaimOf,
  workId: string,
  answer: string | undefined,
): Promise<boolean> => {
  const columns = { workId, ...(answer === undefined ? {} : { answer }) }
  const { affected } = await unit.rows(IdempotencyRecordEntity).update({ id, claimId }, columns)
  return (affected ?? 0) > 0
}

/**
 * Which transaction did the last work of a request; null when none did. Waits for a transaction
 * that has marked the record and is not over yet. Undefined when the record is gone.
 */
export const findWork = async (
  unit: WritingUnitOfWork,
  id: string,
): Promise<string | null | undefined> => {
  // A change waits for the lock of the other transaction. A read would see what was before it.
  await unit.rows(IdempotencyRecordEntity).update({ id }, { id })
  return (await unit.rows(IdempotencyRecordEntity).findOneBy({ id }))?.workId
}

/** Lets requests at work keep their claims until then. */
export const renewClaims = async (
  unit: WritingUnitOfWork,
  claims: readonly ClaimOf[],
  claimedUntil: Date,
): Promise<void> => {
  await unit.rows(IdempotencyRecordEntity).update(
    {
      id: In(claims.map(({ id }) => id)),
      claimId: In(claims.map(({ claimId }) => claimId)),
      settledAt: IsNull(),
    },
    { claimedUntil },
  )
}

/** Puts the answer down, unless another request has taken over. */
export const settleRecord = async (
  unit: WritingUnitOfWork,
  { id, claimId }: ClaimOf,
  answer: string,
  settledAt: Date,
): Promise<void> => {
  await unit.rows(IdempotencyRecordEntity).update({ id, claimId }, { answer, settledAt })
}

/**
 * Forgets the record, unless another request has taken over. If work was done, it stays, without
 * its answer.
 */
export const releaseRecord = async (
  unit: WritingUnitOfWork,
  { id, claimId }: ClaimOf,
  now: Date,
): Promise<void> => {
  const records = unit.rows(IdempotencyRecordEntity)
  await records.delete({ id, claimId, workId: IsNull() })
  await records.update({ id, claimId, settledAt: IsNull() }, { settledAt: now })
}

/** Removes the records that no longer count. */
export const deleteExpired = async (unit: WritingUnitOfWork, now: Date): Promise<void> => {
  await unit.query(SQL`DELETE FROM idempotency_records WHERE expires_at <= ${now.getTime()}`)
}
