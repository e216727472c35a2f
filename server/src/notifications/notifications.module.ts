import type { ApiTokenService } from '../api-tokens/api-token.service.js'
import type { Database } from '../database/database.js'
import type { OperationService } from '../operations/operation.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { UserService } from '../users/user.service.js'
import { NotificationEntity } from './notification.entity.js'
import { NotificationResolver } from './notification.resolver.js'
import { NotificationService } from './notification.service.js'

interface Needs {
  readonly database: Database
  readonly users: UserService
  readonly operations: OperationService
  readonly apiTokens: ApiTokenService
  readonly settings: SettingsService
}

/** What concerned a user since they last looked. */
export const notificationsModule = {
  entities: [NotificationEntity],
  create: ({ database, users, operations, apiTokens, settings }: Needs) => {
    const notifications = new NotificationService(database, users, operations, apiTokens, settings)
    operations.addObserver(notifications)
    return {
      services: { notifications },
      resolvers: [new NotificationResolver(notifications)],
      sweeps: [() => notifications.sweep()],
    }
  },
}
