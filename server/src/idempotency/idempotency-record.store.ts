import SQL from 'sql-template-tag'
import { MoreThan } from 'typeorm'
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

/** Puts the answer down, unless another request has taken over. */
export const settleRecord = async (
  unit: WritingUnitOfWork,
  { id, claimId }: Pick<IdempotencyRecordEntity, 'id' | 'claimId'>,
  answer: string | null,
  settledAt: Date,
): Promise<void> => {
  await unit.rows(IdempotencyRecordEntity).update({ id, claimId }, { answer, settledAt })
}

/** Forgets the record, unless another request has taken over. */
export const releaseRecord = async (
  unit: WritingUnitOfWork,
  { id, claimId }: Pick<IdempotencyRecordEntity, 'id' | 'claimId'>,
): Promise<void> => {
  await unit.rows(IdempotencyRecordEntity).delete({ id, claimId })
}

/** Removes the records that no longer count. */
export const deleteExpired = async (unit: WritingUnitOfWork, now: Date): Promise<void> => {
  await unit.query(SQL`DELETE FROM idempotency_records WHERE expires_at <= ${now.getTime()}`)
}
