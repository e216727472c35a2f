import type { AccessGuard } from '../access/access-guard.service.js'
import type { Config } from '../config/config.js'
import type { MailService } from '../mail/mail.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { ImportedWorkService } from '../password-hashing/imported-work.service.js'
import type { PasswordHasher } from '../password-hashing/password-hasher.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { ThrottleService } from '../throttle/throttle.service.js'
import type { UserService } from '../users/user.service.js'
import { ImportUsersResolver } from './import-users.resolver.js'
import { ImportUsersService } from './import-users.service.js'

interface Needs {
  readonly config: Config
  readonly guard: AccessGuard
  readonly users: UserService
  readonly operations: OperationService
  readonly mail: MailService
  readonly throttle: ThrottleService
  readonly settings: SettingsService
  readonly hasher: PasswordHasher
  readonly importedWork: ImportedWorkService
}

/** Imports users from another system, with their password hashes. */
export const userImportModule = {
  create: (needs: Needs) => {
    const { config, guard, users, operations, mail, throttle, settings } = needs
    const { hasher, importedWork } = needs
    const imports = new ImportUsersService(
      guard,
      users,
      operations,
      mail,
      throttle,
      settings,
      hasher,
      importedWork,
      config.publicUrl,
    )
    return { resolvers: [new ImportUsersResolver(imports)] }
  },
}
