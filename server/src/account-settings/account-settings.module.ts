import type { AccessGuard } from '../access/access-guard.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import { AccountSettingsResolver } from './account-settings.resolver.js'
import { UpdateAccountSettingsService } from './update-account-settings.service.js'

interface Needs {
  readonly settings: SettingsService
  readonly operations: OperationService
  readonly guard: AccessGuard
}

/** Reads and changes the account's defaults in the API. */
export const accountSettingsModule = {
  create: ({ settings, operations, guard }: Needs) => {
    const updating = new UpdateAccountSettingsService(settings, operations, guard)
    return { resolvers: [new AccountSettingsResolver(settings, updating)] }
  },
}
