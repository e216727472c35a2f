import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { OneTimeLinkService } from '../one-time-links/one-time-link.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { SecondFactorService } from '../second-factor/second-factor.service.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { UserService } from '../users/user.service.js'
import { OperatorService } from './operator.service.js'

interface Needs {
  readonly config: Config
  readonly database: Database
  readonly settings: SettingsService
  readonly users: UserService
  readonly links: OneTimeLinkService
  readonly secondFactors: SecondFactorService
  readonly operations: OperationService
  readonly secrets: SecretBox
}

/** The commands of `npm run rekey`. */
export const operatorModule = {
  create: ({
    config,
    database,
    settings,
    users,
    links,
    secondFactors,
    operations,
    secrets,
  }: Needs) => ({
    services: {
      operator: new OperatorService(
        database,
        settings,
        users,
        links,
        secondFactors,
        operations,
        secrets,
        config,
      ),
    },
  }),
}
