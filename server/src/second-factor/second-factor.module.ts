import type { AccessGuard } from '../access/access-guard.service.js'
import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { MailService } from '../mail/mail.service.js'
import type { OperationService } from '../operations/operation.service.js'
import { sealedColumn } from '../secrets/sealed-data.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { KnownOriginService } from '../throttle/known-origin.service.js'
import type { ThrottleService } from '../throttle/throttle.service.js'
import type { TrustedDeviceService } from '../trusted-devices/trusted-device.service.js'
import type { UserService } from '../users/user.service.js'
import { EnrolmentResolver } from './enrolment.resolver.js'
import { EnrolmentService } from './enrolment.service.js'
import { PasskeyCeremonies } from './passkey-ceremonies.js'
import { RecoveryCodeEntity } from './recovery-code.entity.js'
import { SecondFactorEntity } from './second-factor.entity.js'
import { SecondFactorResolver } from './second-factor.resolver.js'
import { SecondFactorService } from './second-factor.service.js'
import { SecondFactorEnrolmentEntity } from './second-factor-enrolment.entity.js'
import { SecondFactorVerifier, totpSecretOf } from './second-factor-verifier.js'
import { SignInChallengeEntity } from './sign-in-challenge.entity.js'
import { SignInChallengeService } from './sign-in-challenge.service.js'
import { SmsGateway } from './sms-gateway.js'
import { SmsSender } from './sms-sender.js'

interface Needs {
  readonly config: Config
  readonly database: Database
  readonly guard: AccessGuard
  readonly users: UserService
  readonly settings: SettingsService
  readonly trustedDevices: TrustedDeviceService
  readonly operations: OperationService
  readonly throttle: ThrottleService
  readonly knownOrigins: KnownOriginService
  readonly mail: MailService
  readonly secrets: SecretBox
}

/** Second factors: enrolment, verification, recovery codes and challenges. */
export const secondFactorModule = {
  entities: [
    SecondFactorEntity,
    SecondFactorEnrolmentEntity,
    RecoveryCodeEntity,
    SignInChallengeEntity,
  ],
  sealed: [
    sealedColumn(SecondFactorEntity, 'secret', ({ userId }) => totpSecretOf(userId)),
    sealedColumn(SecondFactorEnrolmentEntity, 'secret', ({ userId }) => totpSecretOf(userId)),
  ],
  create: (needs: Needs) => {
    const { config, database, guard, users, settings, trustedDevices } = needs
    const { operations, throttle, knownOrigins, mail, secrets } = needs
    const { publicUrl, smsGatewayUrl } = config
    const passkeys = new PasskeyCeremonies(publicUrl)
    const gateway = smsGatewayUrl === null ? null : new SmsGateway(smsGatewayUrl)
    const sms = new SmsSender(gateway, publicUrl)
    const verifier = new SecondFactorVerifier(secrets, passkeys)
    const secondFactors = new SecondFactorService(
      database,
      guard,
      users,
      settings,
      trustedDevices,
      operations,
      mail,
      secrets,
      { publicUrl, smsAvailable: sms.isAvailable },
    )
    const challenges = new SignInChallengeService(
      database,
      users,
      settings,
      secondFactors,
      trustedDevices,
      verifier,
      throttle,
      knownOrigins,
      secrets,
      passkeys,
      sms,
    )
    const enrolments = new EnrolmentService(
      database,
      users,
      settings,
      secondFactors,
      operations,
      throttle,
      secrets,
      passkeys,
      sms,
    )
    return {
      services: { passkeys, sms, verifier, secondFactors, challenges, enrolments },
      resolvers: [new SecondFactorResolver(secondFactors), new EnrolmentResolver(enrolments)],
      jobs: [{ work: sms, failureMessage: 'sending a code by SMS failed' }],
      sweeps: [() => secondFactors.sweep()],
    }
  },
}
