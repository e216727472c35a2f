import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { ServerSecretEntity } from './server-secret.entity.js'

const name = 'secrets-key-check'

/** What tells whether a key is the database's, or null while nothing was sealed. */
export const findKeyCheck = async (unit: UnitOfWork): Promise<string | null> => {
  const found = await unit.rows(ServerSecretEntity).findOneBy({ name })
  return found?.value ?? null
}

/** Keeps it, unless another instance was first; gives what is kept. */
export const keepKeyCheck = async (unit: WritingUnitOfWork, value: string): Promise<string> => {
  const kept = await findKeyCheck(unit)
  if (kept !== null) return kept
  await unit.rows(ServerSecretEntity).insert({ name, value })
  return value
}
