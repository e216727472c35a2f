import SQL, { type Sql } from 'sql-template-tag'
import { In, IsNull, MoreThan } from 'typeorm'
import { idStretch } from '../database/id-stretch.js'
import { insertMany } from '../database/insert-many.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import type { Stretch } from '../graphql/keyset-page.js'
import { BulkJobEntity } from './bulk-job.entity.js'
import { BulkJobUserEntity, type BulkOutcome, type BulkReason } from './bulk-job-user.entity.js'

/** Whose jobs to read: those of a user, or only those started with one of their API tokens. */
export interface BulkJobOwner {
  readonly starterId: string
  readonly apiTokenId?: string
}

/** The outcome for the user at a position of a job. */
export interface BulkResult {
  readonly position: number
  readonly outcome: BulkOutcome
  readonly reason: BulkReason | null
}

/** Saves a new job, without its users. */
export const insertJob = async (unit: WritingUnitOfWork, job: BulkJobEntity): Promise<void> => {
  await unit.rows(BulkJobEntity).insert(job)
}

/** Saves the users of a job, in this order. */
export const insertUsers = (
  unit: WritingUnitOfWork,
  jobId: string,
  userIds: readonly string[],
): Promise<void> =>
  insertMany(
    unit.rows(BulkJobUserEntity),
    userIds.map((userId, index) => ({
      jobId,
      position: index + 1,
      userId,
      outcome: null,
      reason: null,
    })),
  )

/** How many rows a query finds; one more than the maximum if there are more. */
export const countUpTo = async (unit: UnitOfWork, query: Sql, max: number): Promise<number> => {
  const [row] = await unit.query<{ count: number | string }>(
    SQL`SELECT COUNT(*) AS count FROM (SELECT 1 FROM (${query}) AS found LIMIT ${max + 1}) AS counted`,
  )
  return Number(row?.count ?? 0)
}

/** Saves the users of a job from a query with the columns `id` and `position`, without reading them. */
export const insertSelected = async (
  unit: WritingUnitOfWork,
  jobId: string,
  query: Sql,
): Promise<void> => {
  await unit.query(SQL`INSERT INTO bulk_job_users (job_id, position, user_id)
    SELECT ${jobId}, position, id FROM (${query}) AS selected`)
}

/** How many unfinished jobs a user has. */
export const countUnfinished = (unit: UnitOfWork, starterId: string): Promise<number> =>
  unit.rows(BulkJobEntity).countBy({ starterId, finishedAt: IsNull() })

/** The ids of all unfinished jobs, oldest first. */
export const listUnfinished = async (unit: UnitOfWork): Promise<string[]> => {
  const jobs = await unit
    .rows(BulkJobEntity)
    .find({ select: { id: true }, where: { finishedAt: IsNull() }, order: { id: 'ASC' } })
  return jobs.map(({ id }) => id)
}

/** The unfinished jobs of these users, oldest first. */
export const listUnfinishedOf = (
  unit: UnitOfWork,
  starterIds: readonly string[],
): Promise<BulkJobEntity[]> =>
  unit.rows(BulkJobEntity).find({
    where: { starterId: In([...starterIds]), finishedAt: IsNull() },
    order: { id: 'ASC' },
  })

/** Locks an unfinished job; null if it has ended, or another instance is working on it. */
export const lockUnfinished = async (
  unit: WritingUnitOfWork,
  id: string,
): Promise<BulkJobEntity | null> => {
  // SQLite has no row locks. It needs none, because it has one writer.
  const lock = unit.engine === 'postgres' ? SQL`FOR UPDATE SKIP LOCKED` : SQL``
  const [locked] = await unit.query<{ id: string }>(
    SQL`SELECT id FROM bulk_jobs WHERE id = ${id} AND finished_at IS NULL ${lock}`,
  )
  return locked === undefined ? null : unit.rows(BulkJobEntity).findOneBy({ id })
}

/** The users of a job after a position, in order. */
export const listNext = (
  unit: UnitOfWork,
  jobId: string,
  position: number,
  limit: number,
): Promise<BulkJobUserEntity[]> =>
  unit.rows(BulkJobUserEntity).find({
    where: { jobId, position: MoreThan(position) },
    order: { position: 'ASC' },
    take: limit,
  })

/** Saves outcomes, with one statement for each reason. A reason implies the outcome. */
export const saveResults = async (
  unit: WritingUnitOfWork,
  jobId: string,
  results: readonly BulkResult[],
): Promise<void> => {
  const positions = new Map<BulkReason | null, number[]>()
  const outcomes = new Map(results.map(({ outcome, reason }) => [reason, outcome]))
  for (const { position, reason } of results) {
    positions.set(reason, [...(positions.get(reason) ?? []), position])
  }
  for (const [reason, group] of positions) {
    await unit
      .rows(BulkJobUserEntity)
      .update({ jobId, position: In(group) }, { outcome: outcomes.get(reason) ?? null, reason })
  }
}

/** Changes columns of a job. */
export const updateJob = async (
  unit: WritingUnitOfWork,
  id: string,
  columns: Partial<BulkJobEntity>,
): Promise<void> => {
  await unit.rows(BulkJobEntity).update({ id }, columns)
}

/** A job of this owner, or null. */
export const findJob = (
  unit: UnitOfWork,
  owner: BulkJobOwner,
  id: string,
): Promise<BulkJobEntity | null> => unit.rows(BulkJobEntity).findOneBy({ ...owner, id })

/** The jobs of an owner with these ids, in no order. */
export const findJobs = (
  unit: UnitOfWork,
  owner: BulkJobOwner,
  ids: readonly string[],
): Promise<BulkJobEntity[]> => unit.rows(BulkJobEntity).findBy({ ...owner, id: In([...ids]) })

/** A stretch of an owner's jobs, ordered by id. */
export const listJobs = (
  unit: UnitOfWork,
  owner: BulkJobOwner,
  stretch: Stretch<string>,
): Promise<BulkJobEntity[]> => {
  const { ids, page } = idStretch(stretch)
  return unit.rows(BulkJobEntity).find({ where: { ...owner, ...ids }, ...page })
}

/** All jobs that a user started, oldest first. */
export const listAllOf = (unit: UnitOfWork, starterId: string): Promise<BulkJobEntity[]> =>
  unit.rows(BulkJobEntity).find({ where: { starterId }, order: { id: 'ASC' } })

/** How many jobs an owner has. */
export const countJobs = (unit: UnitOfWork, owner: BulkJobOwner): Promise<number> =>
  unit.rows(BulkJobEntity).countBy({ ...owner })

/**
 * A stretch of the users of a job, ordered by position.
 *
 * @param outcomes only users with one of these outcomes; empty for all users.
 */
export const listUsers = (
  unit: UnitOfWork,
  jobId: string,
  outcomes: readonly BulkOutcome[],
  { above, below, descending, limit }: Stretch<number>,
): Promise<BulkJobUserEntity[]> => {
  const query = unit.rows(BulkJobUserEntity).createQueryBuilder('users').where({ jobId })
  if (outcomes.length > 0) query.andWhere({ outcome: In([...outcomes]) })
  if (above !== undefined) query.andWhere('users.position > :above', { above })
  if (below !== undefined) query.andWhere('users.position < :below', { below })
  return query
    .orderBy('users.position', descending ? 'DESC' : 'ASC')
    .limit(limit)
    .getMany()
}

/** The id of a job that ended before this time; null if there is none. */
export const findEndedBefore = async (unit: UnitOfWork, before: Date): Promise<string | null> => {
  const [job] = await unit.query<{ id: string }>(
    SQL`SELECT id FROM bulk_jobs WHERE finished_at < ${before.getTime()} LIMIT 1`,
  )
  return job?.id ?? null
}

/**
 * Deletes up to this many users of a job, the last ones first.
 *
 * @returns whether users are left.
 */
export const deleteSomeUsers = async (
  unit: WritingUnitOfWork,
  jobId: string,
  limit: number,
): Promise<boolean> => {
  const [last] = await unit
    .rows(BulkJobUserEntity)
    .find({ where: { jobId }, order: { position: 'DESC' }, take: 1 })
  if (last === undefined) return false
  const above = Math.max(last.position - limit, 0)
  await unit.rows(BulkJobUserEntity).delete({ jobId, position: MoreThan(above) })
  return above > 0
}

/** Deletes a job, and its users with it. */
export const deleteJob = async (unit: WritingUnitOfWork, id: string): Promise<void> => {
  await unit.rows(BulkJobEntity).delete({ id })
}
