import type { Database } from '../database/database.js'
import type { OperationService } from '../operations/operation.service.js'
import type { SecondFactorService } from '../second-factor/second-factor.service.js'
import type { UserSearchService } from '../user-search/user-search.service.js'
import type { UserService } from '../users/user.service.js'
import { UserExportService } from './user-export.service.js'

interface Needs {
  readonly database: Database
  readonly users: UserService
  readonly userSearch: UserSearchService
  readonly secondFactors: SecondFactorService
  readonly operations: OperationService
}

/** The download of users as CSV. */
export const userExportModule = {
  create: ({ database, users, userSearch, secondFactors, operations }: Needs) => ({
    services: {
      userExport: new UserExportService(database, users, userSearch, secondFactors, operations),
    },
  }),
}
