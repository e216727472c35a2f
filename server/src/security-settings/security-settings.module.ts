import type { AccessGuard } from '../access/access-guard.service.js'
import type { ApiTokenService } from '../api-tokens/api-token.service.js'
import type { IpAuthorizationService } from '../ip-authorization/ip-authorization.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { SmsSender } from '../second-factor/sms-sender.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { UserService } from '../users/user.service.js'
import { SettingsResolver } from './settings.resolver.js'
import { UpdateSecuritySettingsService } from './update-security-settings.service.js'

interface Needs {
  readonly settings: SettingsService
  readonly ipAuthorization: IpAuthorizationService
  readonly users: UserService
  readonly operations: OperationService
  readonly guard: AccessGuard
  readonly apiTokens: ApiTokenService
  readonly sms: SmsSender
}

/** Reads and changes the security settings in the API. */
export const securitySettingsModule = {
  create: ({ settings, ipAuthorization, users, operations, guard, apiTokens, sms }: Needs) => ({
    resolvers: [
      new SettingsResolver(
        settings,
        new UpdateSecuritySettingsService(
          settings,
          ipAuthorization,
          users,
          operations,
          guard,
          apiTokens,
          sms.isAvailable,
        ),
      ),
    ],
  }),
}
