import type { ApiTokenService } from '../api-tokens/api-token.service.js'
import type { BreachedPasswordsService } from '../breached-passwords/breached-passwords.service.js'
import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { IpAuthorizationService } from '../ip-authorization/ip-authorization.service.js'
import type { MailService } from '../mail/mail.service.js'
import type { OneTimeLinkService } from '../one-time-links/one-time-link.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { PasswordHasher } from '../password-hashing/password-hasher.js'
import type { SecondFactorService } from '../second-factor/second-factor.service.js'
import type { SessionService } from '../sessions/session.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { DeviceTokenService } from '../throttle/device-token.service.js'
import type { ThrottleService } from '../throttle/throttle.service.js'
import type { UserService } from '../users/user.service.js'
import { ChangePasswordResolver } from './change-password.resolver.js'
import { ChangePasswordService } from './change-password.service.js'
import { contextWordsOf } from './context-words.js'
import { PasswordService } from './password.service.js'
import { PasswordEffectsService } from './password-effects.service.js'
import { PasswordHistoryEntity } from './password-history.entity.js'
import { PasswordMailService } from './password-mail.service.js'
import { PasswordPolicyResolver } from './password-policy.resolver.js'
import { PasswordPolicyService } from './password-policy.service.js'
import { PasswordResetRequestEntity } from './password-reset-request.entity.js'
import { RequestPasswordResetService } from './request-password-reset.service.js'
import { ResetPasswordResolver } from './reset-password.resolver.js'
import { ResetPasswordService } from './reset-password.service.js'

interface Needs {
  readonly config: Config
  readonly database: Database
  readonly hasher: PasswordHasher
  readonly breachedPasswords: BreachedPasswordsService
  readonly settings: SettingsService
  readonly users: UserService
  readonly sessions: SessionService
  readonly operations: OperationService
  readonly links: OneTimeLinkService
  readonly mail: MailService
  readonly throttle: ThrottleService
  readonly devices: DeviceTokenService
  readonly secondFactors: SecondFactorService
  readonly apiTokens: ApiTokenService
  readonly ipAuthorization: IpAuthorizationService
}

/** The password policy, password changes and password resets. */
export const passwordsModule = {
  entities: [PasswordHistoryEntity, PasswordResetRequestEntity],
  create: (needs: Needs) => {
    const { config, database, settings, hasher, users, sessions, operations, links, mail } = needs
    const { throttle, devices, secondFactors, apiTokens, ipAuthorization } = needs
    const policy = new PasswordPolicyService(
      settings,
      needs.breachedPasswords,
      config.passwordPolicy,
      config.passwordPolicyLocked,
      contextWordsOf(config.publicUrl),
    )
    const passwordMails = new PasswordMailService(mail, apiTokens, secondFactors, config.publicUrl)
    const passwordEffects = new PasswordEffectsService(sessions, links, passwordMails, throttle)
    const passwords = new PasswordService(
      database,
      users,
      hasher,
      policy,
      passwordEffects,
      settings,
    )
    const passwordChanges = new ChangePasswordService(
      database,
      users,
      operations,
      throttle,
      devices,
      secondFactors,
      passwords,
    )
    const resetRequests = new RequestPasswordResetService(
      database,
      users,
      operations,
      links,
      throttle,
      passwordMails,
    )
    const resets = new ResetPasswordService(
      database,
      ipAuthorization,
      operations,
      links,
      throttle,
      devices,
      passwords,
    )
    return {
      services: { policy, passwords, passwordMails, passwordChanges, resetRequests, resets },
      resolvers: [
        new PasswordPolicyResolver(policy),
        new ChangePasswordResolver(passwordChanges),
        new ResetPasswordResolver(resetRequests, resets),
      ],
      jobs: [
        {
          work: resetRequests,
          failureMessage: 'a password reset was not sent; it will be tried again',
        },
      ],
    }
  },
}
