import SQL, { join } from 'sql-template-tag'
import { In, MoreThan } from 'typeorm'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { ServerSecretEntity } from '../secrets/server-secret.entity.js'
import { ThrottleEntity } from './throttle.entity.js'

/** Finds the unexpired counts of these keys. */
export const findCounts = (
  unit: UnitOfWork,
  keys: readonly string[],
  now: Date,
): Promise<ThrottleEntity[]> =>
  unit.rows(ThrottleEntity).findBy({ key: In([...keys]), expiresAt: MoreThan(now) })

/** Saves counts and replaces earlier ones with the same keys. */
export const saveCounts = async (
  unit: WritingUnitOfWork,
  counts: readonly ThrottleEntity[],
): Promise<void> => {
  await unit.rows(ThrottleEntity).upsert([...counts], ['key'])
}

/** Deletes the counts of these keys. */
export const deleteCounts = async (
  unit: WritingUnitOfWork,
  keys: readonly string[],
): Promise<void> => {
  await unit.rows(ThrottleEntity).delete({ key: In([...keys]) })
}

/** Deletes the counts of these keys, and of all keys that begin with one of them and a space. */
export const deleteCountsUnder = async (
  unit: WritingUnitOfWork,
  keys: readonly string[],
): Promise<void> => {
  // As ranges of the primary key, because LIKE would read every row.
  const beneath = keys.map(key => SQL`key >= ${`${key} `} AND key < ${`${key} \u{10FFFF}`}`)
  await unit.query(SQL`DELETE FROM throttle_counts
    WHERE key IN (${join(keys)}) OR ${join(beneath, ' OR ')}`)
}

/** Deletes expired counts. */
export const deleteExpired = async (unit: WritingUnitOfWork, now: Date): Promise<void> => {
  await unit.query(SQL`DELETE FROM throttle_counts WHERE expires_at <= ${now.getTime()}`)
}

/**
 * The time since when device tokens depend on the password; null if they always did. In an earlier
 * version they depended only on the user.
 */
export const findDeviceTokensBoundSince = async (unit: UnitOfWork): Promise<Date | null> => {
  const name = 'device-tokens-bound-since'
  const found = await unit.rows(ServerSecretEntity).findOneBy({ name })
  return found === null ? null : new Date(Number(found.value))
}
