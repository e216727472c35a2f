import SQL from 'sql-template-tag'
import { In, IsNull, MoreThan, Not, type SelectQueryBuilder } from 'typeorm'
import { idStretch } from '../database/id-stretch.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import type { Stretch } from '../graphql/keyset-page.js'
import { UserEntity } from '../users/user.entity.js'
import { ApiTokenEntity } from './api-token.entity.js'

/** When and from where a token was used. */
export interface ApiTokenUse {
  readonly id: string
  readonly at: Date
  readonly ip: string
}

/** The token with this hash and its owner, or null. */
export const findWithUser = async (
  unit: UnitOfWork,
  tokenHash: string,
): Promise<{ apiToken: ApiTokenEntity; user: UserEntity } | null> => {
  const apiToken = (await unit
    .rows(ApiTokenEntity)
    .createQueryBuilder('token')
    .innerJoinAndMapOne('token.user', UserEntity, 'user', 'user.id = token.userId')
    .where({ tokenHash })
    .getOne()) as (ApiTokenEntity & { user: UserEntity }) | null
  return apiToken && { apiToken, user: apiToken.user }
}

/** A token and its owner. */
export interface OwnedApiToken {
  readonly apiToken: ApiTokenEntity
  readonly user: UserEntity
}

/** Which of everybody's tokens to list. With a time, only unexpired ones. */
export interface OwnedSelection {
  readonly userId: string | undefined
  readonly now: number
  readonly expiresWithinMs: number | undefined
  readonly unusedForMs: number | undefined
  readonly lifetimeOverMs: number | undefined
}

const ownedTokens = (
  unit: UnitOfWork,
  { userId, now, expiresWithinMs, unusedForMs, lifetimeOverMs }: OwnedSelection,
): SelectQueryBuilder<ApiTokenEntity> => {
  const tokens = unit.rows(ApiTokenEntity).createQueryBuilder('token').where('1 = 1')
  if (userId !== undefined) tokens.andWhere('token.user_id = :userId', { userId })
  const times = [expiresWithinMs, unusedForMs, lifetimeOverMs]
  if (times.some(ms => ms !== undefined)) tokens.andWhere('token.expires_at > :now', { now })
  if (expiresWithinMs !== undefined) {
    tokens.andWhere('token.expires_at <= :end', { end: now + expiresWithinMs })
  }
  if (unusedForMs !== undefined) {
    // A new token is not yet an unused one.
    tokens.andWhere('COALESCE(token.last_used_at, token.created_at) <= :unusedSince', {
      unusedSince: now - unusedForMs,
    })
  }
  if (lifetimeOverMs !== undefined) {
    tokens.andWhere('token.expires_at - token.created_at > :lifetimeOverMs', { lifetimeOverMs })
  }
  return tokens
}

/** A stretch of everybody's tokens with their owners, ordered by id. */
export const listOwned = async (
  unit: UnitOfWork,
  selection: OwnedSelection,
  { descending, limit, above, below }: Stretch<string>,
): Promise<OwnedApiToken[]> => {
  const tokens = ownedTokens(unit, selection)
  if (above !== undefined) tokens.andWhere('token.id > :above', { above })
  if (below !== undefined) tokens.andWhere('token.id < :below', { below })
  const rows = (await tokens
    .innerJoinAndMapOne('token.user', UserEntity, 'user', 'user.id = token.userId')
    .orderBy('token.id', descending ? 'DESC' : 'ASC')
    .limit(limit)
    .getMany()) as (ApiTokenEntity & { user: UserEntity })[]
  return rows.map(apiToken => ({ apiToken, user: apiToken.user }))
}

/** The number of these tokens. */
export const countOwned = (unit: UnitOfWork, selection: OwnedSelection): Promise<number> =>
  ownedTokens(unit, selection).getCount()

/**
 * Lets tokens end `maxMs` after they were created, but not before `soonest`. Returns how
 * many end earlier than before.
 */
export const shortenLives = async (
  unit: WritingUnitOfWork,
  { maxMs, soonest }: { maxMs: number; soonest: number },
): Promise<number> => {
  const longer = SQL`expires_at > ${soonest} AND expires_at > created_at + ${maxMs}`
  const [row] = await unit.query<{ count: number | string }>(
    SQL`SELECT COUNT(*) AS count FROM api_tokens WHERE ${longer}`,
  )
  await unit.query(SQL`UPDATE api_tokens
    SET expires_at = CASE WHEN created_at + ${maxMs} > ${soonest} THEN created_at + ${maxMs} ELSE ${soonest} END
    WHERE ${longer}`)
  return Number(row?.count ?? 0)
}

/** The token with this id, or null. */
export const findToken = (unit: UnitOfWork, id: string): Promise<ApiTokenEntity | null> =>
  unit.rows(ApiTokenEntity).findOneBy({ id })

/** A stretch of a user's tokens, ordered by id. */
export const listTokens = (
  unit: UnitOfWork,
  userId: string,
  stretch: Stretch<string>,
): Promise<ApiTokenEntity[]> => {
  const { ids, page } = idStretch(stretch)
  return unit.rows(ApiTokenEntity).find({ where: { userId, ...ids }, ...page })
}

/** The tokens of a user with these ids, in no order. */
export const findTokensOf = (
  unit: UnitOfWork,
  userId: string,
  ids: readonly string[],
): Promise<ApiTokenEntity[]> => unit.rows(ApiTokenEntity).findBy({ userId, id: In([...ids]) })

/**
 * The tokens of a user that expire between two times and live longer than given, the first to
 * expire first. Without suspended ones.
 */
export const listExpiring = (
  unit: UnitOfWork,
  userId: string,
  { after, before, minLifeMs }: { after: Date; before: Date; minLifeMs: number },
  limit: number,
): Promise<ApiTokenEntity[]> =>
  unit
    .rows(ApiTokenEntity)
    .createQueryBuilder('token')
    .where({ userId, suspendedAt: IsNull() })
    .andWhere('token.expires_at > :after AND token.expires_at <= :before', {
      after: after.getTime(),
      before: before.getTime(),
    })
    .andWhere('token.expires_at - token.created_at > :minLifeMs', { minLifeMs })
    .orderBy('token.expiresAt')
    .addOrderBy('token.id')
    .limit(limit)
    .getMany()

/** All stored tokens of a user, including expired ones, oldest first. */
export const listAllOf = (unit: UnitOfWork, userId: string): Promise<ApiTokenEntity[]> =>
  unit.rows(ApiTokenEntity).find({ where: { userId }, order: { id: 'ASC' } })

/** The number of a user's tokens. */
export const countTokens = (unit: UnitOfWork, userId: string): Promise<number> =>
  unit.rows(ApiTokenEntity).countBy({ userId })

/** The number of a user's tokens that are neither expired nor suspended. */
export const countValid = (unit: UnitOfWork, userId: string, now: Date): Promise<number> =>
  unit.rows(ApiTokenEntity).countBy({ userId, expiresAt: MoreThan(now), suspendedAt: IsNull() })

/** Saves a new token. */
export const insertToken = async (
  unit: WritingUnitOfWork,
  token: ApiTokenEntity,
): Promise<void> => {
  await unit.rows(ApiTokenEntity).insert(token)
}

/** Records when tokens were last used, unless a later use is already recorded. */
export const recordUses = async (
  unit: WritingUnitOfWork,
  uses: readonly ApiTokenUse[],
): Promise<void> => {
  for (const { id, at, ip } of uses) {
    await unit.query(SQL`UPDATE api_tokens SET last_used_at = ${at.getTime()}, last_used_ip = ${ip}
      WHERE id = ${id} AND COALESCE(last_used_at, 0) < ${at.getTime()}`)
  }
}

/** Deletes a user's token and returns it; null if the user has no token with this id. */
export const deleteToken = async (
  unit: WritingUnitOfWork,
  userId: string,
  id: string,
): Promise<ApiTokenEntity | null> => {
  const token = await unit.rows(ApiTokenEntity).findOneBy({ userId, id })
  if (token !== null) await unit.rows(ApiTokenEntity).delete({ userId, id })
  return token
}

/** Deletes the tokens with these ids. */
export const deleteTokens = async (
  unit: WritingUnitOfWork,
  ids: readonly string[],
): Promise<void> => {
  if (ids.length > 0) await unit.rows(ApiTokenEntity).delete({ id: In([...ids]) })
}

const suspendedOf = (userIds: readonly string[]) => ({
  userId: In([...userIds]),
  suspendedAt: Not(IsNull()),
})

/** The suspended tokens of these users, oldest first. */
export const listSuspendedOf = async (
  unit: UnitOfWork,
  userIds: readonly string[],
): Promise<ApiTokenEntity[]> =>
  userIds.length === 0
    ? []
    : unit.rows(ApiTokenEntity).find({ where: suspendedOf(userIds), order: { id: 'ASC' } })

/** Suspends the tokens of these users that are not suspended yet. */
export const suspendTokensOf = async (
  unit: WritingUnitOfWork,
  userIds: readonly string[],
  suspendedAt: Date,
): Promise<void> => {
  if (userIds.length === 0) return
  const valid = { userId: In([...userIds]), suspendedAt: IsNull() }
  await unit.rows(ApiTokenEntity).update(valid, { suspendedAt })
}

/** Makes suspended tokens valid again. */
export const resumeTokens = async (
  unit: WritingUnitOfWork,
  ids: readonly string[],
): Promise<void> => {
  if (ids.length > 0) {
    await unit.rows(ApiTokenEntity).update({ id: In([...ids]) }, { suspendedAt: null })
  }
}

/** Deletes the suspended tokens of these users. */
export const deleteSuspendedOf = async (
  unit: WritingUnitOfWork,
  userIds: readonly string[],
): Promise<void> => {
  if (userIds.length > 0) await unit.rows(ApiTokenEntity).delete(suspendedOf(userIds))
}

/** Deletes tokens that expired before this time. */
export const deleteExpired = async (unit: WritingUnitOfWork, before: Date): Promise<void> => {
  await unit.query(SQL`DELETE FROM api_tokens WHERE expires_at < ${before.getTime()}`)
}
