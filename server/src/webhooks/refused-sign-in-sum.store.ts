import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { onlySum, RefusedSignInSumEntity } from './refused-sign-in-sum.entity.js'

/** Up to where refused sign-ins are summed up; null if they never were. */
export const findSum = (unit: UnitOfWork): Promise<RefusedSignInSumEntity | null> =>
  unit.rows(RefusedSignInSumEntity).findOneBy({ id: onlySum })

/** Saves up to where refused sign-ins are summed up. */
export const saveSum = async (
  unit: WritingUnitOfWork,
  summedTo: number,
  summedAt: Date,
): Promise<void> => {
  await unit.rows(RefusedSignInSumEntity).upsert({ id: onlySum, summedTo, summedAt }, ['id'])
}
