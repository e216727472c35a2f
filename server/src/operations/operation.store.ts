import type { SelectQueryBuilder } from 'typeorm'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import type { Stretch } from '../graphql/keyset-page.js'
import { type OperationAction, OperationEntity, type OperationOutcome } from './operation.entity.js'

/** What a list of operations may be narrowed to; what is left out does not narrow it. */
export interface OperationSelection {
  readonly actorId?: string
  readonly subjectId?: string
  readonly actions?: readonly OperationAction[]
  readonly outcomes?: readonly OperationOutcome[]
  readonly ip?: string
  /** From this point in time on. */
  readonly from?: Date
  /** Before this point in time. */
  readonly until?: Date
}

/** Adds one operation. There is no way to change or remove one. */
export const insertOperation = async (
  unit: WritingUnitOfWork,
  operation: OperationEntity,
): Promise<void> => {
  await unit.rows(OperationEntity).insert(operation)
}

/** Number and hash of the newest operation, or null when there is none. */
export const findHead = async (
  unit: UnitOfWork,
): Promise<Pick<OperationEntity, 'number' | 'hash'> | null> => {
  const [head] = await unit
    .rows(OperationEntity)
    .find({ select: { number: true, hash: true }, order: { number: 'DESC' }, take: 1 })
  return head ?? null
}

const select = (
  unit: UnitOfWork,
  selection: OperationSelection,
): SelectQueryBuilder<OperationEntity> => {
  const query = unit.rows(OperationEntity).createQueryBuilder('operation')
  for (const column of ['actorId', 'subjectId', 'ip'] as const) {
    const value = selection[column]
    if (value !== undefined) query.andWhere(`operation.${column} = :${column}`, { [column]: value })
  }
  const { actions, outcomes, from, until } = selection
  if (actions?.length) query.andWhere('operation.action IN (:...actions)', { actions })
  if (outcomes?.length) query.andWhere('operation.outcome IN (:...outcomes)', { outcomes })
  if (from) query.andWhere('operation.at >= :from', { from: from.getTime() })
  if (until) query.andWhere('operation.at < :until', { until: until.getTime() })
  return query
}

/** How many operations the selection has. */
export const countOperations = (unit: UnitOfWork, selection: OperationSelection): Promise<number> =>
  select(unit, selection).getCount()

/** A stretch of the selection, ordered by number. */
export const listOperations = (
  unit: UnitOfWork,
  selection: OperationSelection,
  stretch: Stretch<number>,
): Promise<OperationEntity[]> => {
  const query = select(unit, selection)
  const { above, below } = stretch
  if (above !== undefined) query.andWhere('operation.number > :above', { above })
  if (below !== undefined) query.andWhere('operation.number < :below', { below })
  return query
    .orderBy('operation.number', stretch.descending ? 'DESC' : 'ASC')
    .limit(stretch.limit)
    .getMany()
}
