import SQL from 'sql-template-tag'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { IdempotencyRecordEntity } from './idempotency-record.entity.js'

/** The record with this id that still counts, or null. */
export const findRecord = async (
  unit: UnitOfWork,
  id: string,
  now: Date,
): Promise<IdempotencyRecordEntity | null> => {
  const [record] = await unit.select(
    IdempotencyRecordEntity,
    SQL`FROM idempotency_records WHERE id = ${id} AND expires_at > ${now.getTime()}`,
  )
  return record ?? null
}

/** When the first of someone's records ends, if they have so many; null when they have fewer. */
export const findFirstEnd = async (
  unit: UnitOfWork,
  userId: string,
  now: Date,
  least: number,
): Promise<Date | null> => {
  const [found] = await unit.query<{ count: number | string; first: number | string | null }>(
    SQL`SELECT COUNT(*) AS count, MIN(expires_at) AS first FROM idempotency_records
      WHERE user_id = ${userId} AND expires_at > ${now.getTime()}`,
  )
  if (found === undefined || found.first === null || Number(found.count) < least) return null
  return new Date(Number(found.first))
}

/** Keeps a record, in place of the one its id had. */
export const saveRecord = (
  unit: WritingUnitOfWork,
  record: IdempotencyRecordEntity,
): Promise<void> => unit.saveAll(IdempotencyRecordEntity, [record], 'id')

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
