import type { Database } from '../database/database.js'
import type { UserService } from '../users/user.service.js'
import { OperationEntity } from './operation.entity.js'
import { OperationResolver } from './operation.resolver.js'
import { OperationService } from './operation.service.js'

/** The operation list: who did what to whom, when and with which outcome. */
export const operationsModule = {
  entities: [OperationEntity],
  create: ({ database }: { database: Database }) => {
    const operations = new OperationService(database)
    return {
      services: { operations },
      jobs: [
        {
          work: operations,
          failureMessage: 'chaining operations failed; it will be retried',
        },
      ],
    }
  },
}

/** The operation list in the API, with the names of the users. */
export const operationListModule = {
  create: ({ operations, users }: { operations: OperationService; users: UserService }) => ({
    resolvers: [new OperationResolver(operations, users)],
  }),
}
