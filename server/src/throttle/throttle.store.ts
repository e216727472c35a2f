import SQL, { join } from 'sql-template-tag'
import { In, MoreThan } from 'typeorm'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { ServerSecretEntity } from '../secrets/server-secret.entity.js'
import { ThrottleEntity } from './throttle.entity.js'

/** The counts of these keys whose windows still run. */
export const findCounts = (
  unit: UnitOfWork,
  keys: readonly string[],
  now: Date,
): Promise<ThrottleEntity[]> =>
  unit.rows(ThrottleEntity).findBy({ key: In([...keys]), expiresAt: MoreThan(now) })

/** Keeps counts, in place of those the keys had. */
export const saveCounts = async (
  unit: WritingUnitOfWork,
  counts: readonly ThrottleEntity[],
): Promise<void> => {
  await unit.rows(ThrottleEntity).upsert([...counts], ['key'])
}

/** Forgets keys. */
export const deleteCounts = async (
  unit: WritingUnitOfWork,
  keys: readonly string[],
): Promise<void> => {
  await unit.rows(ThrottleEntity).delete({ key: In([...keys]) })
}

/** Forgets keys, and all that begin with one of them and a space. */
export const deleteCountsUnder = async (
  unit: WritingUnitOfWork,
  keys: readonly string[],
): Promise<void> => {
  // As stretches of the primary key: LIKE would read every row.
  const beneath = keys.map(key => SQL`key >= ${`${key} `} AND key < ${`${key} \u{10FFFF}`}`)
  await unit.query(SQL`DELETE FROM throttle_counts
    WHERE key IN (${join(keys)}) OR ${join(beneath, ' OR ')}`)
}

/** Removes every count whose window has ended. */
export const deleteExpired = async (unit: WritingUnitOfWork, now: Date): Promise<void> => {
  await unit.query(SQL`DELETE FROM throttle_counts WHERE expires_at <= ${now.getTime()}`)
}

/**
 * Since when device tokens are bound to a password; null if they always were. An earlier
 * version issued them for a user alone.
 */
export const findDeviceTokensBoundSince = async (unit: UnitOfWork): Promise<Date | null> => {
  const name = 'device-tokens-bound-since'
  const found = await unit.rows(ServerSecretEntity).findOneBy({ name })
  return found === null ? null : new Date(Number(found.value))
}
