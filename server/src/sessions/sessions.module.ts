import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { IpAuthorizationService } from '../ip-authorization/ip-authorization.service.js'
import type { NodeSource } from '../nodes/node-source.js'
import type { OperationService } from '../operations/operation.service.js'
import type { PasswordHasher } from '../password-hashing/password-hasher.js'
import type { PasskeyCeremonies } from '../second-factor/passkey-ceremonies.js'
import type { SecondFactorService } from '../second-factor/second-factor.service.js'
import type { SecondFactorVerifier } from '../second-factor/second-factor-verifier.js'
import type { SignInChallengeService } from '../second-factor/sign-in-challenge.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { SignInNoticeService } from '../sign-in-notices/sign-in-notice.service.js'
import type { DeviceTokenService } from '../throttle/device-token.service.js'
import type { KnownOriginService } from '../throttle/known-origin.service.js'
import type { ThrottleService } from '../throttle/throttle.service.js'
import type { TrustedDeviceService } from '../trusted-devices/trusted-device.service.js'
import type { UserService } from '../users/user.service.js'
import { SecondStepService } from './second-step.service.js'
import { SeenSessions } from './seen-sessions.js'
import { SessionEntity } from './session.entity.js'
import { SessionResolver } from './session.resolver.js'
import { SessionService } from './session.service.js'
import { Session } from './session-connection.type.js'
import { SignInChallengeResolver } from './sign-in-challenge.resolver.js'

interface Needs {
  readonly config: Config
  readonly database: Database
  readonly users: UserService
  readonly operations: OperationService
  readonly throttle: ThrottleService
  readonly devices: DeviceTokenService
  readonly knownOrigins: KnownOriginService
  readonly hasher: PasswordHasher
  readonly settings: SettingsService
  readonly secondFactors: SecondFactorService
  readonly challenges: SignInChallengeService
  readonly verifier: SecondFactorVerifier
  readonly passkeys: PasskeyCeremonies
  readonly trustedDevices: TrustedDeviceService
  readonly ipAuthorization: IpAuthorizationService
  readonly signInNotices: SignInNoticeService
}

/** Signing in, in one or two steps, signing out, and the sessions of a user. */
export const sessionsModule = {
  entities: [SessionEntity],
  create: (needs: Needs) => {
    const { config, database, users, operations, throttle, devices, knownOrigins } = needs
    const { hasher, settings } = needs
    const { secondFactors, challenges, verifier, passkeys, trustedDevices } = needs
    const { ipAuthorization, signInNotices } = needs
    const seenSessions = new SeenSessions(database, config.session.idleSeconds)
    const sessions = new SessionService(
      database,
      users,
      operations,
      throttle,
      devices,
      knownOrigins,
      hasher,
      challenges,
      ipAuthorization,
      signInNotices,
      seenSessions,
      config.session,
      settings,
    )
    const secondSteps = new SecondStepService(
      database,
      users,
      sessions,
      settings,
      challenges,
      secondFactors,
      verifier,
      trustedDevices,
      passkeys,
      operations,
      throttle,
      devices,
      knownOrigins,
      ipAuthorization,
    )
    return {
      services: { sessions, secondSteps, seenSessions },
      resolvers: [
        new SessionResolver(sessions),
        new SignInChallengeResolver(challenges, secondSteps),
      ],
      nodes: [
        {
          type: Session,
          sessionOnly: true,
          find: async (ids, { id, session }) =>
            (await sessions.findMany(id, ids)).map(
              found => new Session(found, session?.id ?? null),
            ),
        },
      ] satisfies NodeSource[],
      jobs: [
        {
          work: seenSessions,
          failureMessage: 'could not record when sessions were last seen; will retry',
        },
      ],
      sweeps: [() => sessions.sweep()],
    }
  },
}
