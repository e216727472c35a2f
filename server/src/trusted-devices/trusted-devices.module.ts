import type { Database } from '../database/database.js'
import type { NodeSource } from '../nodes/node-source.js'
import type { OperationService } from '../operations/operation.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { UserService } from '../users/user.service.js'
import { TrustedDeviceEntity } from './trusted-device.entity.js'
import { TrustedDeviceResolver } from './trusted-device.resolver.js'
import { TrustedDeviceService } from './trusted-device.service.js'
import { isSameDevice, TrustedDevice } from './trusted-device.type.js'

interface Needs {
  readonly database: Database
  readonly users: UserService
  readonly settings: SettingsService
  readonly operations: OperationService
}

/** Trusted devices: browsers that need no second step at sign-in for a while. */
export const trustedDevicesModule = {
  entities: [TrustedDeviceEntity],
  create: ({ database, users, settings, operations }: Needs) => {
    const trustedDevices = new TrustedDeviceService(database, users, settings, operations)
    return {
      services: { trustedDevices },
      resolvers: [new TrustedDeviceResolver(trustedDevices)],
      nodes: [
        {
          type: TrustedDevice,
          sessionOnly: true,
          find: async (ids, caller, { trustedDeviceToken }) =>
            (await trustedDevices.findMany(caller, ids)).map(
              found => new TrustedDevice(found, isSameDevice(trustedDeviceToken)(found)),
            ),
        },
      ] satisfies NodeSource[],
    }
  },
}
