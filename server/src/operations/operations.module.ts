import type { Database } from '../database/database.js'
import type { NodeSource } from '../nodes/node-source.js'
import { sealedColumn } from '../secrets/sealed-data.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import type { UserService } from '../users/user.service.js'
import { OperationEntity } from './operation.entity.js'
import { OperationResolver } from './operation.resolver.js'
import { OperationService } from './operation.service.js'
import { Operation } from './operation.type.js'
import { OperationCutEntity } from './operation-cut.entity.js'
import { cutPurpose } from './operation-cut.js'
import { OperationCutService } from './operation-cut.service.js'

/** The operation list: who did what to whom, when and with which outcome. */
export const operationsModule = {
  entities: [OperationEntity, OperationCutEntity],
  sealed: [sealedColumn(OperationCutEntity, 'sealed', () => cutPurpose)],
  create: ({ database, secrets }: { database: Database; secrets: SecretBox }) => {
    const operations = new OperationService(database, secrets)
    return {
      services: {
        operations,
        operationCuts: new OperationCutService(database, secrets, operations),
      },
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
    nodes: [
      {
        type: Operation,
        find: async (ids, caller) =>
          (await operations.findMany(caller, ids)).map(found => new Operation(found)),
      },
    ] satisfies NodeSource[],
  }),
}
