import type { AccessGuard } from '../access/access-guard.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import { AccountLookResolver } from './account-look.resolver.js'
import { UpdateAccountLookService } from './update-account-look.service.js'

interface Needs {
  readonly settings: SettingsService
  readonly operations: OperationService
  readonly guard: AccessGuard
}

/** Reads and changes the account's name, logo and accent colour in the API. */
export const accountLookModule = {
  create: ({ settings, operations, guard }: Needs) => {
    const updating = new UpdateAccountLookService(settings, operations, guard)
    return { resolvers: [new AccountLookResolver(settings, updating)] }
  },
}
