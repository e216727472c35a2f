import { In, LessThanOrEqual } from 'typeorm'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { OwnDeletionEntity } from './own-deletion.entity.js'

/** The request of a user, or null. */
export const findRequest = (unit: UnitOfWork, userId: string): Promise<OwnDeletionEntity | null> =>
  unit.rows(OwnDeletionEntity).findOneBy({ userId })

/** The requests of these users, in no order. */
export const listRequests = (
  unit: UnitOfWork,
  userIds: readonly string[],
): Promise<OwnDeletionEntity[]> => unit.rows(OwnDeletionEntity).findBy({ userId: In([...userIds]) })

/** The first requests whose wait has ended, oldest first. */
export const listDue = (unit: UnitOfWork, now: Date, limit: number): Promise<OwnDeletionEntity[]> =>
  unit.rows(OwnDeletionEntity).find({
    where: { dueAt: LessThanOrEqual(now) },
    order: { dueAt: 'ASC', userId: 'ASC' },
    take: limit,
  })

/** When the wait of the first request ends; null if there is none. */
export const findNextDue = async (unit: UnitOfWork): Promise<Date | null> => {
  const [first] = await unit.rows(OwnDeletionEntity).find({ order: { dueAt: 'ASC' }, take: 1 })
  return first?.dueAt ?? null
}

/** Adds a request. */
export const insertRequest = async (
  unit: WritingUnitOfWork,
  request: OwnDeletionEntity,
): Promise<void> => {
  await unit.rows(OwnDeletionEntity).insert(request)
}

/** Removes the request of a user, if there is one. */
export const deleteRequest = async (unit: WritingUnitOfWork, userId: string): Promise<void> => {
  await unit.rows(OwnDeletionEntity).delete({ userId })
}
