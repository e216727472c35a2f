import type { Database } from '../database/database.js'
import type { OperationService } from '../operations/operation.service.js'
import type { PasswordHasher } from '../password-hashing/password-hasher.js'
import type { SignInChallengeService } from '../second-factor/sign-in-challenge.service.js'
import type { SessionService } from '../sessions/session.service.js'
import type { KnownOriginService } from '../throttle/known-origin.service.js'
import type { ThrottleService } from '../throttle/throttle.service.js'
import type { UserService } from '../users/user.service.js'
import { ReauthenticationResolver } from './reauthentication.resolver.js'
import { ReauthenticationService } from './reauthentication.service.js'

interface Needs {
  readonly database: Database
  readonly users: UserService
  readonly sessions: SessionService
  readonly operations: OperationService
  readonly throttle: ThrottleService
  readonly knownOrigins: KnownOriginService
  readonly hasher: PasswordHasher
  readonly challenges: SignInChallengeService
}

/** A recent proof of identity, for sensitive actions. */
export const reauthenticationModule = {
  create: (needs: Needs) => {
    const { database, users, sessions, operations, throttle, knownOrigins, hasher, challenges } =
      needs
    const reauthentication = new ReauthenticationService(
      database,
      users,
      sessions,
      operations,
      throttle,
      knownOrigins,
      hasher,
      challenges,
    )
    return {
      services: { reauthentication },
      resolvers: [new ReauthenticationResolver(reauthentication)],
    }
  },
}
