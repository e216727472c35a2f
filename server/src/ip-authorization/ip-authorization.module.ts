import type { AccessGuard } from '../access/access-guard.service.js'
import type { Database } from '../database/database.js'
import type { NodeSource } from '../nodes/node-source.js'
import type { OperationService } from '../operations/operation.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { UserService } from '../users/user.service.js'
import { AllowedAddressEntity } from './allowed-address.entity.js'
import { IpAuthorizationResolver } from './ip-authorization.resolver.js'
import { IpAuthorizationService } from './ip-authorization.service.js'
import { AllowedAddress } from './ip-authorization.type.js'

interface Needs {
  readonly database: Database
  readonly settings: SettingsService
  readonly operations: OperationService
  readonly guard: AccessGuard
  readonly users: UserService
}

/** The addresses from which Rekey may be used. */
export const ipAuthorizationModule = {
  entities: [AllowedAddressEntity],
  create: ({ database, settings, operations, guard, users }: Needs) => {
    const ipAuthorization = new IpAuthorizationService(database, settings, operations, guard)
    return {
      services: { ipAuthorization },
      resolvers: [new IpAuthorizationResolver(ipAuthorization, users)],
      nodes: [
        {
          type: AllowedAddress,
          permission: 'settings.manage',
          find: async (ids, caller) =>
            (await ipAuthorization.findMany(caller, ids)).map(found => new AllowedAddress(found)),
        },
      ] satisfies NodeSource[],
    }
  },
}
