import SQL from 'sql-template-tag'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { OperationCutEntity, onlyCut } from './operation-cut.entity.js'

/** Where the list begins; null if no operation was deleted. */
export const findCut = (unit: UnitOfWork): Promise<OperationCutEntity | null> =>
  unit.rows(OperationCutEntity).findOneBy({ id: onlyCut })

/** Saves where the list begins, and replaces the earlier place. */
export const saveCut = async (unit: WritingUnitOfWork, cut: OperationCutEntity): Promise<void> => {
  await unit.rows(OperationCutEntity).upsert(cut, ['id'])
}

/**
 * Deletes the oldest operations up to this number, which a stored cut covers.
 *
 * @param limit how many to delete at most.
 * @returns whether there were any.
 */
export const deleteUpTo = async (
  unit: WritingUnitOfWork,
  number: number,
  limit: number,
): Promise<boolean> => {
  const rows = await unit.query<{ number: number }>(
    SQL`SELECT number FROM operations WHERE number <= ${number} ORDER BY number LIMIT ${limit}`,
  )
  const last = rows.at(-1)
  if (last === undefined) return false
  await unit.query(SQL`DELETE FROM operations WHERE number <= ${last.number}`)
  return true
}
