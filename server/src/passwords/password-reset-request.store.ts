import SQL from 'sql-template-tag'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { PasswordResetRequestEntity } from './password-reset-request.entity.js'

/** Stores a request. */
export const insertRequest = async (
  unit: WritingUnitOfWork,
  request: PasswordResetRequestEntity,
): Promise<void> => {
  await unit.rows(PasswordResetRequestEntity).insert(request)
}

/** Whether any request is waiting. */
export const hasRequests = (unit: UnitOfWork): Promise<boolean> =>
  unit.rows(PasswordResetRequestEntity).exists()

/**
 * Removes and returns the oldest request, or null if there is none. If the transaction fails, the
 * request stays. Skips requests that another instance is taking at the moment.
 */
export const takeOldest = async (
  unit: WritingUnitOfWork,
): Promise<PasswordResetRequestEntity | null> => {
  // SQLite has no row locks. It needs none, because it has one writer.
  const lock = unit.engine === 'postgres' ? SQL`FOR UPDATE SKIP LOCKED` : SQL``
  const [oldest] = await unit.query<{ id: string }>(
    SQL`SELECT id FROM password_reset_requests ORDER BY id LIMIT 1 ${lock}`,
  )
  if (oldest === undefined) return null
  const request = await unit.rows(PasswordResetRequestEntity).findOneBy({ id: oldest.id })
  await unit.rows(PasswordResetRequestEntity).delete({ id: oldest.id })
  return request
}
