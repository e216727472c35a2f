import type { PasswordRuleSetting } from '@rekey/shared/password-policy'
import type { ApiTokenService } from '../api-tokens/api-token.service.js'
import type { Database } from '../database/database.js'
import { rateLimited } from '../graphql/api-error.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { IpAuthorizationService } from '../ip-authorization/ip-authorization.service.js'
import type { MailService } from '../mail/mail.service.js'
import type { OneTimeLinkEntity } from '../one-time-links/one-time-link.entity.js'
import type {
  OneTimeLinkLookup,
  OneTimeLinkService,
} from '../one-time-links/one-time-link.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { SessionService } from '../sessions/session.service.js'
import type { ThrottleService } from '../throttle/throttle.service.js'
import type { UserEntity } from '../users/user.entity.js'
import type { NewPasswordService } from './new-password.service.js'
import { passwordChangedMail } from './password-changed.mail.js'
import type { PasswordHasher } from './password-hasher.js'

/** A reset as it is asked for. */
export interface PasswordReset {
  /** Of the link that was sent by mail. */
  readonly token: string
  readonly newPassword: string
}

/** What became of a reset. */
export type PasswordResetResult =
  | { readonly kind: 'reset'; readonly user: UserEntity }
  | {
      readonly kind: 'linkInvalid'
      readonly status: Exclude<OneTimeLinkLookup['status'], 'VALID'>
    }
  | { readonly kind: 'addressNotAllowed' }
  | { readonly kind: 'policyViolated'; readonly violations: readonly PasswordRuleSetting[] }

/** A link that works, as {@link OneTimeLinkService.lookUp} finds it. */
interface WorkingLink {
  readonly link: OneTimeLinkEntity
  readonly user: UserEntity
}

/** Replaces a forgotten password for whoever holds the link that was sent by mail. */
export class ResetPasswordService {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionService,
    private readonly ipAuthorization: IpAuthorizationService,
    private readonly operations: OperationService,
    private readonly links: OneTimeLinkService,
    private readonly mail: MailService,
    private readonly throttle: ThrottleService,
    private readonly hasher: PasswordHasher,
    private readonly newPasswords: NewPasswordService,
    private readonly apiTokens: ApiTokenService,
    private readonly publicUrl: URL,
  ) {}

  /**
   * @throws RATE_LIMITED when too many hashes wait, or too many passwords were tried
   * with this link.
   */
  async reset(reset: PasswordReset, origin: RequestOrigin): Promise<PasswordResetResult> {
    // Before anything costly: without the link there is nothing here to be had.
    const found = await this.links.read(reset.token, 'PASSWORD_RESET')
    if (found.status !== 'VALID') return { kind: 'linkInvalid', status: found.status }
    // As at sign-in. The link stays good.
    if (!(await this.ipAuthorization.allows(origin.ip))) {
      await this.recordRefusal(found.user, 'ADDRESS_NOT_ALLOWED', origin)
      return { kind: 'addressNotAllowed' }
    }
    const violations = await this.judge(found, reset.newPassword)
    if (violations.length > 0) {
      await this.recordRefusal(found.user, 'POLICY_VIOLATED', origin)
      return { kind: 'policyViolated', violations }
    }
    const newHash = await this.hasher.hash(reset.newPassword)
    const result = await this.replace(found, reset, newHash, origin)
    // Their hash was renewed by a sign-in: judged anew by that one.
    return result === 'hashChanged' ? this.reset(reset, origin) : result
  }

  private recordRefusal(user: UserEntity, reason: string, origin: RequestOrigin): Promise<void> {
    const record = {
      action: 'RESET_PASSWORD',
      reason,
      actorId: user.id,
      subjectId: user.id,
    } as const
    return this.operations.recordRefusal(origin, record)
  }

  private async judge(
    { link, user }: WorkingLink,
    newPassword: string,
  ): Promise<readonly PasswordRuleSetting[]> {
    const violations = await this.newPasswords.violationsOf(user, newPassword)
    if (violations.length > 0) return violations
    // Or a link would be good for guessing the passwords its owner has had.
    const wait = await this.throttle.beginReset(link.id)
    if (wait !== null) {
      throw rateLimited(wait.retryAfterSeconds, 'Too many attempts. Wait before you try again.')
    }
    return this.newPasswords.reuseOf(user, newPassword)
  }

  private replace(
    judged: WorkingLink,
    { token }: PasswordReset,
    newHash: string,
    origin: RequestOrigin,
  ): Promise<PasswordResetResult | 'hashChanged'> {
    return this.database.write(async (unit): Promise<PasswordResetResult | 'hashChanged'> => {
      // All that was found above was read before this transaction began.
      const found = await this.links.lookUp(unit, token, 'PASSWORD_RESET')
      if (found.status !== 'VALID') return { kind: 'linkInvalid', status: found.status }
      if (found.user.passwordHash !== judged.user.passwordHash) return 'hashChanged'

      await this.links.redeem(unit, found.link)
      const user = await this.newPasswords.replace(unit, found.user, newHash, false)
      await this.sessions.endAll(unit, user.id, null, 'PASSWORD_RESET')
      await this.throttle.forget(unit, { ip: origin.ip, login: user.loginKey })
      await this.operations.record(unit, origin, {
        action: 'RESET_PASSWORD',
        outcome: 'DONE',
        actorId: user.id,
        subjectId: user.id,
      })
      const notice = passwordChangedMail({
        firstName: user.firstName,
        at: new Date(),
        ip: origin.ip,
        userAgent: origin.userAgent,
        changedBy: null,
        viaResetLink: true,
        viaApiToken: null,
        apiTokens: await this.apiTokens.countUnexpired(unit, user.id),
        url: this.publicUrl.origin,
      })
      await this.mail.send(unit, user.login, notice)
      return { kind: 'reset', user }
    })
  }
}
