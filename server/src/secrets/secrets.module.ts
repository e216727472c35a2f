import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import { SecretBox } from './secret-box.service.js'
import { ServerSecretEntity } from './server-secret.entity.js'

/** Encrypts secrets that the server must read again. */
export const secretsModule = {
  entities: [ServerSecretEntity],
  create: ({ config, database }: { config: Config; database: Database }) => ({
    services: { secrets: new SecretBox(database, config.secrets) },
  }),
}
