import type { AccessGuard } from '../access/access-guard.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { OperationCutService } from '../operations/operation-cut.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import { OperationRetentionResolver } from './operation-retention.resolver.js'
import { OperationRetentionService } from './operation-retention.service.js'
import { UpdateOperationRetentionService } from './update-operation-retention.service.js'

interface Needs {
  readonly settings: SettingsService
  readonly operations: OperationService
  readonly operationCuts: OperationCutService
  readonly guard: AccessGuard
}

/** How long operations are kept. */
export const operationRetentionModule = {
  create: ({ settings, operations, operationCuts, guard }: Needs) => {
    const operationRetention = new OperationRetentionService(settings, operationCuts)
    const updating = new UpdateOperationRetentionService(
      settings,
      operations,
      guard,
      operationRetention,
    )
    return {
      services: { operationRetention },
      resolvers: [new OperationRetentionResolver(settings, operations, updating)],
      jobs: [
        {
          work: operationRetention,
          failureMessage: 'old operations were not deleted; will retry',
        },
      ],
    }
  },
}
