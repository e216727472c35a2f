import SQL, { join } from 'sql-template-tag'
import { IsNull, MoreThan, type SelectQueryBuilder } from 'typeorm'
import { insertMany } from '../database/insert-many.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import type { Stretch } from '../graphql/keyset-page.js'
import { type OperationAction, OperationEntity, type OperationOutcome } from './operation.entity.js'
import type { ChainHead, ChainLink } from './operation-chain.js'

/** Filters for a list of operations. A filter that is left out has no effect. */
export interface OperationSelection {
  readonly actorId?: string
  readonly subjectId?: string
  readonly actions?: readonly OperationAction[]
  readonly outcomes?: readonly OperationOutcome[]
  readonly ip?: string
  /** The prefix of an API token, complete as it is stored. */
  readonly apiTokenPrefix?: string
  /** At this time or later. */
  readonly from?: Date
  /** Before this time. */
  readonly until?: Date
  /** Only operations that this user did, or that were done while nobody was signed in. */
  readonly byThemselves?: string
}

/**
 * Adds operations, in the order of their ids. Nothing removes an operation or changes its
 * content.
 */
export const insertOperations = (
  unit: WritingUnitOfWork,
  operations: readonly OperationEntity[],
): Promise<void> => insertMany(unit.rows(OperationEntity), operations)

/** Number and hash of the last chained operation; null if none is chained. */
export const findHead = async (unit: UnitOfWork): Promise<ChainHead | null> => {
  const [head] = await unit.query<ChainHead>(
    SQL`SELECT number, hash FROM operations WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1`,
  )
  return head ?? null
}

/** Operations that are not chained yet, oldest first. */
export const listUnchained = (unit: UnitOfWork, limit: number): Promise<OperationEntity[]> =>
  unit
    .rows(OperationEntity)
    .find({ where: { number: IsNull() }, order: { id: 'ASC' }, take: limit })

/** The number of operations that are not chained yet. */
export const countUnchained = (unit: UnitOfWork): Promise<number> =>
  unit.rows(OperationEntity).countBy({ number: IsNull() })

/** Chains operations. This is the only update of an operation, and happens once. */
export const chainOperations = async (
  unit: WritingUnitOfWork,
  links: readonly ChainLink[],
): Promise<void> => {
  const given = JSON.stringify(links)
  const rows =
    unit.engine === 'postgres'
      ? SQL`json_to_recordset(${given}::json)
          AS link (id varchar, number integer, "previousHash" varchar, hash varchar)`
      : SQL`(SELECT value ->> 'id' AS id, value ->> 'number' AS number,
            value ->> 'previousHash' AS "previousHash", value ->> 'hash' AS hash
          FROM json_each(${given})) AS link`
  await unit.query(SQL`UPDATE operations
    SET number = link.number, previous_hash = link."previousHash", hash = link.hash
    FROM ${rows} WHERE operations.id = link.id`)
}

/** A stretch of the chain after this number, in order. */
export const listChained = (
  unit: UnitOfWork,
  after: number,
  limit: number,
): Promise<OperationEntity[]> =>
  unit.rows(OperationEntity).find({
    where: { number: MoreThan(after) },
    order: { number: 'ASC' },
    take: limit,
  })

/** The sign-ins of a day. */
export interface DayOfSignIns {
  /** The number of days since 1970, in UTC. */
  readonly day: number
  readonly succeeded: number
  readonly failed: number
}

/** Counts the sign-ins among the operations after a number and up to another, by day. */
export const countSignIns = async (
  unit: UnitOfWork,
  after: number,
  to: number,
): Promise<DayOfSignIns[]> => {
  const rows = await unit.query<Record<keyof DayOfSignIns, number | string>>(
    SQL`SELECT at / 86400000 AS day,
        SUM(CASE WHEN outcome = 'DONE' THEN 1 ELSE 0 END) AS succeeded,
        SUM(CASE WHEN outcome = 'DONE' THEN 0 ELSE 1 END) AS failed
      FROM operations WHERE number > ${after} AND number <= ${to}
        -- Not the action itself: its index would find the sign-ins of all time.
        AND action || '' = 'LOG_IN'
      GROUP BY 1`,
  )
  return rows.map(({ day, succeeded, failed }) => ({
    day: Number(day),
    succeeded: Number(succeeded),
    failed: Number(failed),
  }))
}

/** Refused sign-ins of a user, for the same reason. */
export interface RefusedSignInCount {
  readonly userId: string
  readonly reason: string
  readonly count: number
  readonly firstAt: Date
  readonly lastAt: Date
}

/**
 * Counts the refused sign-ins among the operations after a number and up to another, by user and
 * reason. Refusals of an unknown login are not counted.
 */
export const countRefusedSignIns = async (
  unit: UnitOfWork,
  after: number,
  to: number,
): Promise<RefusedSignInCount[]> => {
  const rows = await unit.query<{
    userId: string
    reason: string
    count: number | string
    firstAt: number | string
    lastAt: number | string
  }>(
    SQL`SELECT subject_id AS "userId", reason, COUNT(*) AS count,
        MIN(at) AS "firstAt", MAX(at) AS "lastAt"
      FROM operations WHERE number > ${after} AND number <= ${to}
        -- Not the action itself: see above.
        AND action || '' = 'LOG_IN' AND outcome || '' = 'REFUSED' AND subject_id IS NOT NULL
      GROUP BY subject_id, reason`,
  )
  return rows.map(({ userId, reason, count, firstAt, lastAt }) => ({
    userId,
    reason,
    count: Number(count),
    firstAt: new Date(Number(firstAt)),
    lastAt: new Date(Number(lastAt)),
  }))
}

const select = (
  unit: UnitOfWork,
  selection: OperationSelection,
): SelectQueryBuilder<OperationEntity> => {
  const query = unit.rows(OperationEntity).createQueryBuilder('operation')
  for (const column of ['actorId', 'subjectId', 'ip', 'apiTokenPrefix'] as const) {
    const value = selection[column]
    if (value !== undefined) query.andWhere(`operation.${column} = :${column}`, { [column]: value })
  }
  const { actions, outcomes, from, until, byThemselves } = selection
  if (actions?.length) query.andWhere('operation.action IN (:...actions)', { actions })
  if (outcomes?.length) query.andWhere('operation.outcome IN (:...outcomes)', { outcomes })
  if (byThemselves !== undefined) {
    query.andWhere('(operation.actorId IS NULL OR operation.actorId = :byThemselves)', {
      byThemselves,
    })
  }
  if (from) query.andWhere('operation.at >= :from', { from: from.getTime() })
  if (until) query.andWhere('operation.at < :until', { until: until.getTime() })
  return query
}

const selectChained = (unit: UnitOfWork, selection: OperationSelection) =>
  select(unit, selection).andWhere('operation.number IS NOT NULL')

const listStretch = <Place>(
  query: SelectQueryBuilder<OperationEntity>,
  column: 'operation.id' | 'operation.number',
  { above, below, descending, limit }: Stretch<Place>,
): Promise<OperationEntity[]> => {
  if (above !== undefined) query.andWhere(`${column} > :above`, { above })
  if (below !== undefined) query.andWhere(`${column} < :below`, { below })
  return query
    .orderBy(column, descending ? 'DESC' : 'ASC')
    .limit(limit)
    .getMany()
}

/** The operations of the selection with these ids, in no order. */
export const findOperations = (
  unit: UnitOfWork,
  selection: OperationSelection,
  ids: readonly string[],
): Promise<OperationEntity[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : select(unit, selection).andWhere('operation.id IN (:...ids)', { ids }).getMany()

/** The number of operations in the selection. */
export const countOperations = (unit: UnitOfWork, selection: OperationSelection): Promise<number> =>
  select(unit, selection).getCount()

/** A stretch of the selection, ordered by id. */
export const listOperations = (
  unit: UnitOfWork,
  selection: OperationSelection,
  stretch: Stretch<string>,
): Promise<OperationEntity[]> => listStretch(select(unit, selection), 'operation.id', stretch)

/** The number of chained operations in the selection. */
export const countChainedOperations = (
  unit: UnitOfWork,
  selection: OperationSelection,
): Promise<number> => selectChained(unit, selection).getCount()

/** A stretch of the chained operations in the selection, ordered by number. */
export const listChainedOperations = (
  unit: UnitOfWork,
  selection: OperationSelection,
  stretch: Stretch<number>,
): Promise<OperationEntity[]> =>
  listStretch(selectChained(unit, selection), 'operation.number', stretch)

/** Who last did one of these actions to each of these users; users without one are left out. */
export const listLastActors = (
  unit: UnitOfWork,
  actions: readonly OperationAction[],
  subjectIds: readonly string[],
): Promise<{ subjectId: string; actorId: string | null }[]> =>
  unit.query(SQL`SELECT subject_id AS "subjectId", actor_id AS "actorId" FROM operations
    WHERE id IN (SELECT MAX(id) FROM operations
      WHERE subject_id IN (${join([...subjectIds])}) AND action IN (${join([...actions])})
        AND outcome = 'DONE' GROUP BY subject_id)`)
