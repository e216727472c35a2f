import SQL from '@nearform/sql'
import { In, IsNull, MoreThan } from 'typeorm'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { UserEntity } from '../users/user.entity.js'
import {
  type OneTimeLinkEndReason,
  OneTimeLinkEntity,
  type OneTimeLinkPurpose,
} from './one-time-link.entity.js'

/** Keeps a new link. */
export const insertLink = async (
  unit: WritingUnitOfWork,
  link: OneTimeLinkEntity,
): Promise<void> => {
  await unit.rows(OneTimeLinkEntity).insert(link)
}

/** The link whose token has this hash, or null. */
export const findByTokenHash = (
  unit: UnitOfWork,
  tokenHash: string,
): Promise<OneTimeLinkEntity | null> => unit.rows(OneTimeLinkEntity).findOneBy({ tokenHash })

/** The link whose token has this hash, with whose it is; null also when it is nobody's. */
export const findWithUser = async (
  unit: UnitOfWork,
  tokenHash: string,
): Promise<{ link: OneTimeLinkEntity; user: UserEntity } | null> => {
  const [found] = await unit.selectPairs(
    OneTimeLinkEntity,
    UserEntity,
    SQL`FROM one_time_links JOIN users ON users.id = one_time_links.user_id
      WHERE one_time_links.token_hash = ${tokenHash}`,
  )
  return found === undefined ? null : { link: found[0], user: found[1] }
}

/** The links of these users for a purpose, oldest first. */
export const listLinks = (
  unit: UnitOfWork,
  purpose: OneTimeLinkPurpose,
  userIds: readonly string[],
): Promise<OneTimeLinkEntity[]> =>
  unit
    .rows(OneTimeLinkEntity)
    .find({ where: { purpose, userId: In([...userIds]) }, order: { id: 'ASC' } })

/** Every link of a user, oldest first. */
export const listLinksOf = (unit: UnitOfWork, userId: string): Promise<OneTimeLinkEntity[]> =>
  unit.rows(OneTimeLinkEntity).find({ where: { userId }, order: { id: 'ASC' } })

/** The ids of a user's links for a purpose that still work. */
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

/** Removes links whose time ended before that. */
export const deleteExpired = async (unit: WritingUnitOfWork, before: Date): Promise<void> => {
  await unit.query(SQL`DELETE FROM one_time_links WHERE expires_at < ${before.getTime()}`)
}
