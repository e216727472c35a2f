import type { AccessGuard } from '../access/access-guard.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { PasswordPolicyService } from '../passwords/password-policy.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import { PasswordPolicySettingsResolver } from './password-policy-settings.resolver.js'
import { UpdatePasswordPolicyService } from './update-password-policy.service.js'

interface Needs {
  readonly settings: SettingsService
  readonly policy: PasswordPolicyService
  readonly operations: OperationService
  readonly guard: AccessGuard
}

/** Reads and changes the password policy in the API. */
export const passwordPolicySettingsModule = {
  create: ({ settings, policy, operations, guard }: Needs) => {
    const updating = new UpdatePasswordPolicyService(settings, policy, operations, guard)
    return { resolvers: [new PasswordPolicySettingsResolver(policy, updating)] }
  },
}
