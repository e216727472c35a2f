import { Like } from 'typeorm'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { UserEntity } from '../users/user.entity.js'
import type { HashWork, WorkKind } from './hash-work.js'
import { prefixOfKind } from './imported-hash.js'
import { ImportedWorkEntity } from './imported-work.entity.js'

/** The most work of each kind, in the order of the kinds. */
export const listWork = (unit: UnitOfWork): Promise<HashWork[]> =>
  unit.rows(ImportedWorkEntity).find({ order: { kind: 'ASC' } })

/** Replaces the most work of these kinds. */
export const saveWork = async (
  unit: WritingUnitOfWork,
  work: readonly HashWork[],
): Promise<void> => {
  if (work.length > 0) await unit.rows(ImportedWorkEntity).upsert([...work], ['kind'])
}

/** Forgets a kind. */
export const deleteKind = async (unit: WritingUnitOfWork, kind: WorkKind): Promise<void> => {
  await unit.rows(ImportedWorkEntity).delete({ kind })
}

/** Whether a user still has an imported hash of this kind. Reads every user if there is none. */
export const isKindInUse = (unit: UnitOfWork, kind: WorkKind): Promise<boolean> =>
  unit.rows(UserEntity).existsBy({ passwordHash: Like(`${prefixOfKind(kind)}%`) })
