import type { Database } from '../database/database.js'
import type { OperationService } from '../operations/operation.service.js'
import type { UserService } from '../users/user.service.js'
import { UserSelectionService } from '../users/user-selection.service.js'
import { AccessResolver } from './access.resolver.js'
import { AccessService } from './access.service.js'
import { AccessGuard } from './access-guard.service.js'

interface Needs {
  readonly database: Database
  readonly users: UserService
  readonly operations: OperationService
}

/** Roles and permissions: checking them, and changing them. */
export const accessModule = {
  create: ({ database, users, operations }: Needs) => {
    const guard = new AccessGuard(database, users, operations)
    const selection = new UserSelectionService(guard, users, operations)
    const access = new AccessService(guard, selection, users, operations)
    return { services: { guard, selection, access }, resolvers: [new AccessResolver(access)] }
  },
}
