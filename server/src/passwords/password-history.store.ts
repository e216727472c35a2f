import { In } from 'typeorm'
import { uuidv7 } from 'uuidv7'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { PasswordHistoryEntity } from './password-history.entity.js'

/** The hashes of a user's earlier passwords, newest first; without the current one. */
export const listEarlierHashes = async (
  unit: UnitOfWork,
  userId: string,
  limit: number,
): Promise<string[]> => {
  if (limit === 0) return []
  const rows = await unit
    .rows(PasswordHistoryEntity)
    .find({ where: { userId }, order: { id: 'DESC' }, take: limit })
  return rows.map(row => row.passwordHash)
}

/** When each of a user's earlier passwords was replaced, newest first. */
export const listReplacements = async (unit: UnitOfWork, userId: string): Promise<Date[]> => {
  const rows = await unit.rows(PasswordHistoryEntity).find({
    select: { id: true, replacedAt: true },
    where: { userId },
    order: { id: 'DESC' },
  })
  return rows.map(row => row.replacedAt)
}

/** Remembers the hash of a password that is being replaced, and deletes all but the newest ones. */
export const rememberHash = async (
  unit: WritingUnitOfWork,
  userId: string,
  passwordHash: string,
  maxEntries: number,
): Promise<void> => {
  const rows = unit.rows(PasswordHistoryEntity)
  await rows.insert({ id: uuidv7(), userId, passwordHash, replacedAt: new Date() })
  const tooOld = await rows.find({
    select: { id: true },
    where: { userId },
    order: { id: 'DESC' },
    skip: maxEntries,
    take: 100,
  })
  if (tooOld.length > 0) await rows.delete({ id: In(tooOld.map(row => row.id)) })
}
