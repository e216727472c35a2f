import type { AccessGuard } from '../access/access-guard.service.js'
import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { MailService } from '../mail/mail.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { UserService } from '../users/user.service.js'
import { OwnDeletionEntity } from './own-deletion.entity.js'
import { OwnDeletionResolver } from './own-deletion.resolver.js'
import { OwnDeletionService } from './own-deletion.service.js'
import { UpdateOwnDeletionService } from './update-own-deletion.service.js'

interface Needs {
  readonly config: Config
  readonly database: Database
  readonly users: UserService
  readonly settings: SettingsService
  readonly operations: OperationService
  readonly guard: AccessGuard
  readonly mail: MailService
}

/** Lets users delete their own accounts, after a wait in which they can undo it. */
export const ownDeletionModule = {
  entities: [OwnDeletionEntity],
  create: ({ config, database, users, settings, operations, guard, mail }: Needs) => {
    const ownDeletions = new OwnDeletionService(
      database,
      users,
      settings,
      operations,
      mail,
      config.publicUrl,
    )
    const updating = new UpdateOwnDeletionService(settings, operations, guard)
    return {
      services: { ownDeletions },
      resolvers: [new OwnDeletionResolver(settings, ownDeletions, updating)],
      jobs: [
        {
          work: ownDeletions,
          failureMessage: 'users who requested it were not deleted; will retry',
        },
      ],
    }
  },
}
