import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import { ImportedWorkEntity } from './imported-work.entity.js'
import { ImportedWorkService } from './imported-work.service.js'
import { PasswordHasher } from './password-hasher.js'

/**
 * Hashes passwords with argon2id, a limited number at a time, and verifies the hashes of other
 * systems.
 */
export const passwordHashingModule = {
  entities: [ImportedWorkEntity],
  create: ({ config, database }: { config: Config; database: Database }) => {
    const importedWork = new ImportedWorkService(database)
    const hasher = new PasswordHasher(config.hashing, () => importedWork.read())
    return { services: { hasher, importedWork }, sweeps: [() => importedWork.sweep()] }
  },
}
