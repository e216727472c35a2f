import type { Database } from '../database/database.js'
import type { OperationService } from '../operations/operation.service.js'
import type { UserService } from '../users/user.service.js'
import { AccessGuard } from './access-guard.service.js'
import { RefusedReadService } from './refused-read.service.js'

interface Needs {
  readonly database: Database
  readonly users: UserService
  readonly operations: OperationService
}

/** Checks of roles and permissions. */
export const accessModule = {
  create: ({ database, users, operations }: Needs) => ({
    services: {
      guard: new AccessGuard(database, users, operations),
      refusedReads: new RefusedReadService(operations),
    },
  }),
}
