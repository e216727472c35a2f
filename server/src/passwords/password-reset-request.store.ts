import SQL from 'sql-template-tag'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { PasswordResetRequestEntity } from './password-reset-request.entity.js'

/** Keeps a request. */
export const insertRequest = async (
  unit: WritingUnitOfWork,
  request: PasswordResetRequestEntity,
): Promise<void> => {
  await unit.rows(PasswordResetRequestEntity).insert(request)
}

/** Whether any request waits. */
export const hasRequests = (unit: UnitOfWork): Promise<boolean> =>
  unit.rows(PasswordResetRequestEntity).exists()

/**
 * Takes the oldest request out, or null when there is none. Should the transaction
 * fail, it is there again; those that another instance is just taking are passed over.
 */
export const takeOldest = async (
  unit: WritingUnitOfWork,
): Promise<PasswordResetRequestEntity | null> => {
  // SQLite knows no locks on rows, and needs none: it has one writer.
  const lock = unit.engine === 'postgres' ? SQL`FOR UPDATE SKIP LOCKED` : SQL``
  const [oldest] = await unit.query<{ id: string }>(
    SQL`SELECT id FROM password_reset_requests ORDER BY id LIMIT 1 ${lock}`,
  )
  if (oldest === undefined) return null
  const request = await unit.rows(PasswordResetRequestEntity).findOneBy({ id: oldest.id })
  await unit.rows(PasswordResetRequestEntity).delete({ id: oldest.id })
  return request
}
