import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { ServerSecretEntity } from './server-secret.entity.js'

const keyCheck = 'secrets-key-check'

/** The check that identifies the database's secrets key; null if nothing was sealed yet. */
export const findKeyCheck = (unit: UnitOfWork): Promise<string | null> => findValue(unit, keyCheck)

/** Saves the check, unless another instance was first. Returns the stored check. */
export const keepKeyCheck = (unit: WritingUnitOfWork, value: string): Promise<string> =>
  replaceValue(unit, keyCheck, null, value)

/** The value of this name, or null if there is none. */
export const findValue = async (unit: UnitOfWork, name: string): Promise<string | null> => {
  const found = await unit.rows(ServerSecretEntity).findOneBy({ name })
  return found?.value ?? null
}

/**
 * Replaces the value of this name, unless another instance did so since it was read.
 *
 * @param read the value that was read; null if there was none.
 * @returns the value that is stored now.
 */
export const replaceValue = async (
  unit: WritingUnitOfWork,
  name: string,
  read: string | null,
  value: string,
): Promise<string> => {
  const stored = await findValue(unit, name)
  if (stored !== null && stored !== read) return stored
  await unit.rows(ServerSecretEntity).upsert({ name, value }, ['name'])
  return value
}

/** Every value with its name. */
export const listValues = (unit: UnitOfWork): Promise<ServerSecretEntity[]> =>
  unit.rows(ServerSecretEntity).find()

/** Saves a value. Replaces the one with the same name. */
export const saveValue = async (
  unit: WritingUnitOfWork,
  name: string,
  value: string,
): Promise<void> => {
  await unit.rows(ServerSecretEntity).upsert({ name, value }, ['name'])
}

/** Saves the check of a new key. */
export const saveKeyCheck = (unit: WritingUnitOfWork, value: string): Promise<void> =>
  saveValue(unit, keyCheck, value)
