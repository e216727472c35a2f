import SQL from 'sql-template-tag'
import { In, IsNull, MoreThan } from 'typeorm'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { IdempotencyRecordEntity } from './idempotency-record.entity.js'

/** Finds the unexpired record with this id, or null. */
export const findRecord = (
  unit: UnitOfWork,
  id: string,
  now: Date,
): Promise<IdempotencyRecordEntity | null> =>
  unit.rows(IdempotencyRecordEntity).findOneBy({ id, expiresAt: MoreThan(now) })

/** The number of records and when the first one expires; null if there are none. */
export interface Kept {
  readonly count: number
  readonly firstEnd: Date | null
}

/**
 * Counts the records of all API tokens of a user, and those of one credential: one token, or all
 * sessions of the user.
 */
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

/** Saves a record and replaces an earlier one with the same id. */
export const saveRecord = async (
  unit: WritingUnitOfWork,
  record: IdempotencyRecordEntity,
): Promise<void> => {
  await unit.rows(IdempotencyRecordEntity).upsert(record, ['id'])
}

/** Identifies the request that holds a claim on a record. */
type ClaimOf = Pick<IdempotencyRecordEntity, 'id' | 'claimId'>

/**
 * Records that work was done, in the transaction that does it.
 *
 * @param answer the encrypted tokens; undefined keeps the stored ones.
 * @returns false if another request has taken over.
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
 * Finds the transaction that did the last work of a request; null if there is none, undefined if
 * the record no longer exists. If an open transaction has marked the record, waits until it ends.
 */
export const findWork = async (
  unit: WritingUnitOfWork,
  id: string,
): Promise<string | null | undefined> => {
  // An UPDATE waits for the lock of the other transaction. A plain read would see the earlier
  // state.
  await unit.rows(IdempotencyRecordEntity).update({ id }, { id })
  return (await unit.rows(IdempotencyRecordEntity).findOneBy({ id }))?.workId
}

/** Extends the claims of running requests. */
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

/** Saves the answer, unless another request has taken over. */
export const settleRecord = async (
  unit: WritingUnitOfWork,
  { id, claimId }: ClaimOf,
  answer: string,
  settledAt: Date,
): Promise<void> => {
  await unit.rows(IdempotencyRecordEntity).update({ id, claimId }, { answer, settledAt })
}

/**
 * Deletes the record, unless another request has taken over. If work was done, the record stays,
 * without an answer.
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

/** Deletes expired records. */
export const deleteExpired = async (unit: WritingUnitOfWork, now: Date): Promise<void> => {
  await unit.query(SQL`DELETE FROM idempotency_records WHERE expires_at <= ${now.getTime()}`)
}
