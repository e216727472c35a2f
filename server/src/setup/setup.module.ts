import type { Database } from '../database/database.js'
import type { OneTimeLinkService } from '../one-time-links/one-time-link.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { PasswordHasher } from '../password-hashing/password-hasher.js'
import type { PasswordPolicyService } from '../passwords/password-policy.service.js'
import type { SessionService } from '../sessions/session.service.js'
import type { DeviceTokenService } from '../throttle/device-token.service.js'
import type { UserService } from '../users/user.service.js'
import { SetupResolver } from './setup.resolver.js'
import { SetupService } from './setup.service.js'

interface Needs {
  readonly database: Database
  readonly users: UserService
  readonly sessions: SessionService
  readonly devices: DeviceTokenService
  readonly operations: OperationService
  readonly links: OneTimeLinkService
  readonly hasher: PasswordHasher
  readonly policy: PasswordPolicyService
}

/** Creates the first owner of an empty account. */
export const setupModule = {
  create: (needs: Needs) => {
    const { database, users, sessions, devices, operations, links, hasher, policy } = needs
    const setup = new SetupService(
      database,
      users,
      sessions,
      devices,
      operations,
      links,
      hasher,
      policy,
    )
    return { services: { setup }, resolvers: [new SetupResolver(setup)] }
  },
}
