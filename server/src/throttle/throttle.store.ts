import { LessThanOrEqual, MoreThan } from 'typeorm'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { ServerSecretEntity } from './server-secret.entity.js'
import { ThrottleEntity } from './throttle.entity.js'

/** The count of a key whose window still runs, or null. */
export const findCount = (
  unit: UnitOfWork,
  key: string,
  now: Date,
): Promise<ThrottleEntity | null> =>
  unit.rows(ThrottleEntity).findOneBy({ key, expiresAt: MoreThan(now) })

/** Adds points to the window that runs, or begins a new one. */
export const addPoints = async (
  unit: WritingUnitOfWork,
  key: string,
  points: number,
  msDuration: number,
  restart: boolean,
  now: Date,
): Promise<ThrottleEntity> => {
  const running = restart ? null : await findCount(unit, key, now)
  const count: ThrottleEntity =
    running === null
      ? { key, points: Math.max(points, 0), expiresAt: new Date(now.getTime() + msDuration) }
      : { ...running, points: Math.max(running.points + points, 0) }
  await unit.rows(ThrottleEntity).upsert(count, ['key'])
  return count
}

/** Forgets a key; false when there was none. */
export const deleteCount = async (unit: WritingUnitOfWork, key: string): Promise<boolean> => {
  const { affected } = await unit.rows(ThrottleEntity).delete({ key })
  return (affected ?? 0) > 0
}

/** Removes every count whose window has ended. */
export const deleteExpired = async (unit: WritingUnitOfWork, now: Date): Promise<void> => {
  await unit.rows(ThrottleEntity).delete({ expiresAt: LessThanOrEqual(now) })
}

/** The secret of that name, or null while there is none. */
export const findSecret = async (unit: UnitOfWork, name: string): Promise<string | null> => {
  const found = await unit.rows(ServerSecretEntity).findOneBy({ name })
  return found?.value ?? null
}

/** Keeps a secret. */
export const insertSecret = async (
  unit: WritingUnitOfWork,
  name: string,
  value: string,
): Promise<void> => {
  await unit.rows(ServerSecretEntity).insert({ name, value })
}
