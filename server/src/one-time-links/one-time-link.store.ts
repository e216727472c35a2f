import SQL, { join } from 'sql-template-tag'
import { In, IsNull, MoreThan } from 'typeorm'
import { insertMany } from '../database/insert-many.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { UserEntity } from '../users/user.entity.js'
import {
  type OneTimeLinkEndReason,
  OneTimeLinkEntity,
  type OneTimeLinkPurpose,
} from './one-time-link.entity.js'

/** Adds a link. */
export const insertLink = async (
  unit: WritingUnitOfWork,
  link: OneTimeLinkEntity,
): Promise<void> => {
  await unit.rows(OneTimeLinkEntity).insert(link)
}

/** Adds links. */
export const insertLinks = (
  unit: WritingUnitOfWork,
  links: readonly OneTimeLinkEntity[],
): Promise<void> => insertMany(unit.rows(OneTimeLinkEntity), links)

/** Finds the link whose token has this hash, or null. */
export const findByTokenHash = (
  unit: UnitOfWork,
  tokenHash: string,
): Promise<OneTimeLinkEntity | null> => unit.rows(OneTimeLinkEntity).findOneBy({ tokenHash })

/** A link with its user. */
export interface LinkOfUser {
  readonly link: OneTimeLinkEntity
  readonly user: UserEntity
  /** The user who was given the link; null if nobody was, or if they were deleted. */
  readonly creator: UserEntity | null
}

/** Finds the link whose token has this hash, with its user; null if it has no user. */
export const findWithUser = async (
  unit: UnitOfWork,
  tokenHash: string,
): Promise<LinkOfUser | null> => {
  const link = (await unit
    .rows(OneTimeLinkEntity)
    .createQueryBuilder('link')
    .innerJoinAndMapOne('link.user', UserEntity, 'user', 'user.id = link.userId')
    .where({ tokenHash })
    .getOne()) as (OneTimeLinkEntity & { user: UserEntity }) | null
  if (link === null) return null
  const { createdBy, user } = link
  const creator =
    createdBy === null ? null : await unit.rows(UserEntity).findOneBy({ id: createdBy })
  return { link, user, creator }
}

/** The newest link of each of these users for a purpose, in no order. */
export const listNewestLinks = async (
  unit: UnitOfWork,
  purpose: OneTimeLinkPurpose,
  userIds: readonly string[],
): Promise<OneTimeLinkEntity[]> => {
  if (userIds.length === 0) return []
  const newest = `SELECT MAX(id) FROM one_time_links
    WHERE purpose = :purpose AND user_id IN (:...userIds) GROUP BY user_id`
  return unit
    .rows(OneTimeLinkEntity)
    .createQueryBuilder('link')
    .where(`link.id IN (${newest})`, { purpose, userIds })
    .getMany()
}

/** All links of a user, oldest first. */
export const listLinksOf = (unit: UnitOfWork, userId: string): Promise<OneTimeLinkEntity[]> =>
  unit.rows(OneTimeLinkEntity).find({ where: { userId }, order: { id: 'ASC' } })

/** The ids of a user's valid links for a purpose. */
export const listWorkingIds = async (
  unit: UnitOfWork,
  purpose: OneTimeLinkPurpose,
  userId: string | null,
  now: Date,
): Promise<string[]> => {
  const links = await unit.rows(OneTimeLinkEntity).find({
    select: { id: true },
    where: {
      purpose,
      userId: userId ?? IsNull(),
      endReason: IsNull(),
      expiresAt: MoreThan(now),
    },
  })
  return links.map(({ id }) => id)
}

/** Ends links. */
export const endLinks = async (
  unit: WritingUnitOfWork,
  ids: readonly string[],
  endReason: OneTimeLinkEndReason,
): Promise<void> => {
  if (ids.length === 0) return
  await unit.rows(OneTimeLinkEntity).update({ id: In([...ids]) }, { endReason })
}

/** Ends the valid links of users, for one purpose or for all. */
export const endLinksOf = async (
  unit: WritingUnitOfWork,
  userIds: readonly string[],
  endReason: OneTimeLinkEndReason,
  now: Date,
  purpose?: OneTimeLinkPurpose,
): Promise<void> => {
  if (userIds.length === 0) return
  const ofPurpose = purpose === undefined ? SQL`` : SQL`AND purpose = ${purpose}`
  await unit.query(SQL`UPDATE one_time_links SET end_reason = ${endReason}
    WHERE user_id IN (${join([...userIds])}) AND end_reason IS NULL
      AND expires_at > ${now.getTime()} ${ofPurpose}`)
}

/** Revokes the valid links that were given to these users to hand them over. */
export const revokeLinksBy = async (
  unit: WritingUnitOfWork,
  creatorIds: readonly string[],
  now: Date,
): Promise<void> => {
  if (creatorIds.length === 0) return
  await unit.query(SQL`UPDATE one_time_links SET end_reason = 'REVOKED'
    WHERE created_by IN (${join([...creatorIds])}) AND end_reason IS NULL
      AND expires_at > ${now.getTime()}`)
}

/** Which of these users were given links to hand over that are still valid. */
export const listCreators = async (
  unit: UnitOfWork,
  creatorIds: readonly string[],
  now: Date,
): Promise<string[]> => {
  if (creatorIds.length === 0) return []
  const rows = await unit.query<{ id: string }>(SQL`SELECT DISTINCT created_by AS id
    FROM one_time_links WHERE created_by IN (${join([...creatorIds])}) AND end_reason IS NULL
      AND expires_at > ${now.getTime()}`)
  return rows.map(({ id }) => id)
}

/**
 * How many links of invitations work now and expire before the given time, if there is one; stops
 * at the maximum.
 */
export const countInvitations = async (
  unit: UnitOfWork,
  now: Date,
  until: Date | null,
  max: number,
): Promise<number> => {
  const before = until === null ? SQL`` : SQL`AND expires_at <= ${until.getTime()}`
  // The condition of the index one_time_links_open_invitations.
  const [row] = await unit.query<{ count: number | string }>(SQL`SELECT COUNT(*) AS count FROM (
    SELECT 1 FROM one_time_links WHERE purpose = 'INVITATION' AND end_reason IS NULL
      AND expires_at > ${now.getTime()} ${before} LIMIT ${max}) AS counted`)
  return Number(row?.count ?? 0)
}

/** Deletes links that expired before the given time. */
export const deleteExpired = async (unit: WritingUnitOfWork, before: Date): Promise<void> => {
  await unit.query(SQL`DELETE FROM one_time_links WHERE expires_at < ${before.getTime()}`)
}
