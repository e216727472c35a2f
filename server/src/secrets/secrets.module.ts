import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import { SecretBox } from './secret-box.service.js'

/** Encryption of what must be readable again. */
export const secretsModule = {
  create: ({ config, database }: { config: Config; database: Database }) => ({
    services: { secrets: new SecretBox(database, config.secrets) },
  }),
}
