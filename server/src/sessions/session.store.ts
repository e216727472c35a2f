import SQL from 'sql-template-tag'
import { type FindOptionsWhere, In, IsNull, MoreThan, Not } from 'typeorm'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import type { Stretch } from '../graphql/keyset-page.js'
import { UserEntity } from '../users/user.entity.js'
import { type SessionEndReason, SessionEntity } from './session.entity.js'

/** Finds the session whose token has this hash, with its user, or null. */
export const findWithUser = async (
  unit: UnitOfWork,
  tokenHash: string,
): Promise<{ session: SessionEntity; user: UserEntity } | null> => {
  const session = (await unit
    .rows(SessionEntity)
    .createQueryBuilder('session')
    .innerJoinAndMapOne('session.user', UserEntity, 'user', 'user.id = session.userId')
    .where({ tokenHash })
    .getOne()) as (SessionEntity & { user: UserEntity }) | null
  return session && { session, user: session.user }
}

/** Adds a session. */
export const insertSession = async (
  unit: WritingUnitOfWork,
  session: SessionEntity,
): Promise<void> => {
  await unit.rows(SessionEntity).insert(session)
}

/** Updates columns of a session that has not ended; returns false if it has. */
export const updateSession = async (
  unit: WritingUnitOfWork,
  id: string,
  columns: Partial<SessionEntity>,
): Promise<boolean> => {
  const { affected } = await unit.rows(SessionEntity).update({ id, endReason: IsNull() }, columns)
  return (affected ?? 0) > 0
}

/** Deletes a session. */
export const deleteSession = async (unit: WritingUnitOfWork, id: string): Promise<void> => {
  await unit.rows(SessionEntity).delete({ id })
}

/** Deletes the session whose token has this hash, if there is one. */
export const deleteByTokenHash = async (
  unit: WritingUnitOfWork,
  tokenHash: string,
): Promise<void> => {
  await unit.rows(SessionEntity).delete({ tokenHash })
}

/** Selects the valid sessions of a user. */
export interface ValidSessions {
  readonly userId: string
  readonly now: Date
  /** A session that was not used since then has expired. */
  readonly unusedSince: Date
}

/** A place in the list of sessions: when the session was last seen, and its id. */
export type SessionPlace = readonly [lastSeenAt: number, id: string]

const validSessions = ({
  userId,
  now,
  unusedSince,
}: ValidSessions): FindOptionsWhere<SessionEntity> => ({
  userId,
  endReason: IsNull(),
  expiresAt: MoreThan(now),
  lastSeenAt: MoreThan(unusedSince),
})

/** A part of a user's valid sessions, in the order of their last use. */
export const listValid = (
  unit: UnitOfWork,
  selection: ValidSessions,
  { above, below, descending, limit }: Stretch<SessionPlace>,
): Promise<SessionEntity[]> => {
  const query = unit
    .rows(SessionEntity)
    .createQueryBuilder('session')
    .setFindOptions({ where: validSessions(selection) })
  const place = '(session.lastSeenAt, session.id)'
  if (above) {
    query.andWhere(`${place} > (:aboveAt, :aboveId)`, { aboveAt: above[0], aboveId: above[1] })
  }
  if (below) {
    query.andWhere(`${place} < (:belowAt, :belowId)`, { belowAt: below[0], belowId: below[1] })
  }
  const direction = descending ? 'DESC' : 'ASC'
  return query
    .orderBy('session.lastSeenAt', direction)
    .addOrderBy('session.id', direction)
    .limit(limit)
    .getMany()
}

/** Counts the valid sessions of a user. */
export const countValid = (unit: UnitOfWork, selection: ValidSessions): Promise<number> =>
  unit.rows(SessionEntity).countBy(validSessions(selection))

/** Finds a valid session of a user, or null. */
export const findValid = (
  unit: UnitOfWork,
  selection: ValidSessions,
  id: string,
): Promise<SessionEntity | null> =>
  unit.rows(SessionEntity).findOneBy({ ...validSessions(selection), id })

/** The sessions of the selection with these ids, in no order. */
export const findAllValid = (
  unit: UnitOfWork,
  selection: ValidSessions,
  ids: readonly string[],
): Promise<SessionEntity[]> =>
  unit.rows(SessionEntity).findBy({ ...validSessions(selection), id: In([...ids]) })

/** Whether a session with this id exists and has not ended. */
export const hasNotEnded = (unit: UnitOfWork, id: string): Promise<boolean> =>
  unit.rows(SessionEntity).existsBy({ id, endReason: IsNull() })

/** All stored sessions of a user, including ended ones, oldest first. */
export const listAllOf = (unit: UnitOfWork, userId: string): Promise<SessionEntity[]> =>
  unit.rows(SessionEntity).find({ where: { userId }, order: { id: 'ASC' } })

/** Ends all sessions of a user except the kept one. */
export const endSessionsOf = async (
  unit: WritingUnitOfWork,
  userId: string,
  keptId: string | null,
  endReason: SessionEndReason,
): Promise<void> => {
  const others = keptId === null ? { userId } : { userId, id: Not(keptId) }
  await unit.rows(SessionEntity).update({ ...others, endReason: IsNull() }, { endReason })
}

/** Ends all sessions of these users. */
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

/** Which of these users have a session that has not ended. */
export const listUsersWithSession = async (
  unit: UnitOfWork,
  userIds: readonly string[],
  now: Date,
): Promise<string[]> => {
  const sessions = await unit.rows(SessionEntity).find({
    select: { userId: true },
    where: { userId: In([...userIds]), endReason: IsNull(), expiresAt: MoreThan(now) },
  })
  return sessions.map(({ userId }) => userId)
}

/** Deletes expired sessions. */
export const deleteEnded = async (
  unit: WritingUnitOfWork,
  now: Date,
  unusedSince: Date,
): Promise<void> => {
  await unit.query(SQL`DELETE FROM sessions
    WHERE expires_at <= ${now.getTime()} OR last_seen_at <= ${unusedSince.getTime()}`)
}
