import SQL, { join, raw, type Sql } from 'sql-template-tag'
import { In, IsNull, Not } from 'typeorm'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import type { Stretch } from '../graphql/keyset-page.js'
import { UserEntity } from '../users/user.entity.js'
import { type SessionEndReason, SessionEntity } from './session.entity.js'

/** The session whose token has this hash, with whose it is, or null. */
export const findWithUser = async (
  unit: UnitOfWork,
  tokenHash: string,
): Promise<{ session: SessionEntity; user: UserEntity } | null> => {
  const [found] = await unit.selectPairs(
    SessionEntity,
    UserEntity,
    SQL`FROM sessions JOIN users ON users.id = sessions.user_id
      WHERE sessions.token_hash = ${tokenHash}`,
  )
  return found === undefined ? null : { session: found[0], user: found[1] }
}

/** Keeps a new session. */
export const insertSession = (unit: WritingUnitOfWork, session: SessionEntity): Promise<void> =>
  unit.insertAll(SessionEntity, [session])

/** Changes columns of a session that lasts; false when it has ended meanwhile. */
export const updateSession = async (
  unit: WritingUnitOfWork,
  id: string,
  columns: Partial<SessionEntity>,
): Promise<boolean> => {
  const { affected } = await unit.rows(SessionEntity).update({ id, endReason: IsNull() }, columns)
  return (affected ?? 0) > 0
}

/** Ends one session. */
export const deleteSession = async (unit: WritingUnitOfWork, id: string): Promise<void> => {
  await unit.rows(SessionEntity).delete({ id })
}

/** Ends the session whose token has this hash, if there is one. */
export const deleteByTokenHash = async (
  unit: WritingUnitOfWork,
  tokenHash: string,
): Promise<void> => {
  await unit.query(SQL`DELETE FROM sessions WHERE token_hash = ${tokenHash}`)
}

/** Whose sessions, of those that last. */
export interface LastingSessions {
  readonly userId: string
  readonly now: Date
  /** One that was not used since has ended by itself. */
  readonly unusedSince: Date
}

/** A place in the list of sessions: when it was last seen, and its id. */
export type SessionPlace = readonly [lastSeenAt: number, id: string]

const lasting = ({ userId, now, unusedSince }: LastingSessions): Sql =>
  SQL`sessions.user_id = ${userId} AND sessions.end_reason IS NULL
    AND sessions.expires_at > ${now.getTime()} AND sessions.last_seen_at > ${unusedSince.getTime()}`

/** A stretch of someone's sessions that last, in the order of their last activity. */
export const listLasting = (
  unit: UnitOfWork,
  whose: LastingSessions,
  { above, below, descending, limit }: Stretch<SessionPlace>,
): Promise<SessionEntity[]> => {
  const bound = (comparison: '<' | '>', place: SessionPlace | undefined) =>
    place === undefined
      ? []
      : [SQL`(sessions.last_seen_at, sessions.id) ${raw(comparison)} (${join([...place])})`]
  const conditions = [lasting(whose), ...bound('>', above), ...bound('<', below)]
  const direction = raw(descending ? 'DESC' : 'ASC')
  return unit.select(
    SessionEntity,
    SQL`FROM sessions WHERE ${join(conditions, ' AND ')}
      ORDER BY sessions.last_seen_at ${direction}, sessions.id ${direction} LIMIT ${limit}`,
  )
}

/** How many sessions of someone last. */
export const countLasting = async (unit: UnitOfWork, whose: LastingSessions): Promise<number> => {
  const [row] = await unit.query<{ count: number | string }>(
    SQL`SELECT COUNT(*) AS count FROM sessions WHERE ${lasting(whose)}`,
  )
  return Number(row?.count ?? 0)
}

/** Someone's session that lasts, or null. */
export const findLasting = async (
  unit: UnitOfWork,
  whose: LastingSessions,
  id: string,
): Promise<SessionEntity | null> => {
  const [session] = await unit.select(
    SessionEntity,
    SQL`FROM sessions WHERE ${lasting(whose)} AND sessions.id = ${id}`,
  )
  return session ?? null
}

/** Whether there is a session with this id that was not ended. */
export const hasNotEnded = async (unit: UnitOfWork, id: string): Promise<boolean> => {
  const rows = await unit.query(
    SQL`SELECT 1 AS found FROM sessions WHERE id = ${id} AND end_reason IS NULL`,
  )
  return rows.length > 0
}

/** Every session kept of someone, ended ones too, the oldest first. */
export const listAllOf = (unit: UnitOfWork, userId: string): Promise<SessionEntity[]> =>
  unit.rows(SessionEntity).find({ where: { userId }, order: { id: 'ASC' } })

/** Ends every session of a user, but the one that is kept. */
export const endSessionsOf = async (
  unit: WritingUnitOfWork,
  userId: string,
  keptId: string | null,
  endReason: SessionEndReason,
): Promise<void> => {
  const others = keptId === null ? { userId } : { userId, id: Not(keptId) }
  await unit.rows(SessionEntity).update({ ...others, endReason: IsNull() }, { endReason })
}

/** Ends every session of these users. */
export const endSessionsOfUsers = async (
  unit: WritingUnitOfWork,
  userIds: readonly string[],
  endReason: SessionEndReason,
): Promise<void> => {
  if (userIds.length === 0) return
  await unit
    .rows(SessionEntity)
    .update({ userId: In([...userIds]), endReason: IsNull() }, { endReason })
}

/** Removes sessions that have ended by themselves. */
export const deleteEnded = async (
  unit: WritingUnitOfWork,
  now: Date,
  unusedSince: Date,
): Promise<void> => {
  await unit.query(SQL`DELETE FROM sessions
    WHERE expires_at <= ${now.getTime()} OR last_seen_at <= ${unusedSince.getTime()}`)
}
