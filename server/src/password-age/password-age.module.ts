import type { AccessGuard } from '../access/access-guard.service.js'
import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { MailService } from '../mail/mail.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import { PasswordAgeResolver } from './password-age.resolver.js'
import { PasswordReminderService } from './password-reminder.service.js'
import { UpdatePasswordAgeService } from './update-password-age.service.js'

interface Needs {
  readonly config: Config
  readonly database: Database
  readonly settings: SettingsService
  readonly operations: OperationService
  readonly guard: AccessGuard
  readonly mail: MailService
}

/** How old passwords may become, and the reminders of old ones. */
export const passwordAgeModule = {
  create: ({ config, database, settings, operations, guard, mail }: Needs) => {
    const passwordReminders = new PasswordReminderService(
      database,
      settings,
      mail,
      config.publicUrl,
    )
    const updating = new UpdatePasswordAgeService(settings, operations, guard, passwordReminders)
    return {
      services: { passwordReminders },
      resolvers: [new PasswordAgeResolver(settings, updating)],
      jobs: [
        {
          work: passwordReminders,
          failureMessage: 'users were not reminded of old passwords; will retry',
        },
      ],
    }
  },
}
