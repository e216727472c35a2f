import type { PasswordRuleSetting } from '@rekey/shared/password-policy'
import type { Database } from '../database/database.js'
import { rateLimited } from '../graphql/api-error.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { IpAuthorizationService } from '../ip-authorization/ip-authorization.service.js'
import type { OneTimeLinkEntity } from '../one-time-links/one-time-link.entity.js'
import type {
  OneTimeLinkLookup,
  OneTimeLinkService,
} from '../one-time-links/one-time-link.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { DeviceTokenService } from '../throttle/device-token.service.js'
import type { ThrottleService } from '../throttle/throttle.service.js'
import { isSamePassword } from '../users/same-password.js'
import type { UserEntity } from '../users/user.entity.js'
import {
  maxSaveTries,
  type PasswordService,
  type PasswordVerdict,
  passwordKeepsChanging,
} from './password.service.js'

/** A request to reset a forgotten password. */
export interface PasswordReset {
  /** The token of the link that was sent by mail. */
  readonly token: string
  readonly newPassword: string
}

/** A reset that was refused. */
type RefusedReset =
  | {
      readonly kind: 'linkInvalid'
      readonly status: Exclude<OneTimeLinkLookup['status'], 'VALID'>
    }
  | { readonly kind: 'addressNotAllowed' }
  | { readonly kind: 'policyViolated'; readonly violations: readonly PasswordRuleSetting[] }

/** The result of a request to reset a password. */
export type PasswordResetResult =
  | {
      readonly kind: 'reset'
      readonly user: UserEntity
      /** Marks the browser as known, so that no stranger makes the next sign-in in it wait. */
      readonly deviceToken: string
    }
  | RefusedReset

/** The result of the last step. */
type SaveResult =
  | { readonly kind: 'reset'; readonly user: UserEntity }
  | { readonly kind: 'userChanged' }
  | RefusedReset

/** A reset that may be attempted, because its link is valid. */
interface AuthorizedReset {
  readonly kind: 'authorized'
  readonly link: OneTimeLinkEntity
  /** The user of the link, as last read. */
  readonly user: UserEntity
  readonly reset: PasswordReset
  readonly origin: RequestOrigin
}

/** Replaces forgotten passwords, by a link that was sent by mail. */
export class ResetPasswordService {
  constructor(
    private readonly database: Database,
    private readonly ipAuthorization: IpAuthorizationService,
    private readonly operations: OperationService,
    private readonly links: OneTimeLinkService,
    private readonly throttle: ThrottleService,
    private readonly devices: DeviceTokenService,
    private readonly passwords: PasswordService,
  ) {}

  /**
   * Resets a password in three steps: authorizes the link, judges the new password, and saves
   * it in one transaction with all its effects. Starts again if the stored password changed in
   * the meantime, for example because a sign-in renewed its hash.
   *
   * @throws RATE_LIMITED when too many hashes are waiting, too many passwords were tried with
   * this link, or the stored password keeps changing.
   */
  async resetPassword(reset: PasswordReset, origin: RequestOrigin): Promise<PasswordResetResult> {
    for (let tries = 0; tries < maxSaveTries; tries += 1) {
      const authorized = await this.authorizeReset(reset, origin)
      if (authorized.kind !== 'authorized') return authorized
      const verdict = await this.judgeResetPassword(authorized)
      if (verdict.kind === 'policyViolated') return verdict
      const result = await this.saveResetPassword(authorized, verdict)
      if (result.kind === 'reset') {
        return { ...result, deviceToken: await this.devices.issue(result.user) }
      }
      if (result.kind !== 'userChanged') return result
    }
    throw passwordKeepsChanging()
  }

  /** Step 1: checks the link and the caller's address. A refused address leaves the link valid. */
  private async authorizeReset(
    reset: PasswordReset,
    origin: RequestOrigin,
  ): Promise<AuthorizedReset | RefusedReset> {
    // The link comes first: without one, a caller must not cause any costly work.
    const found = await this.links.read(reset.token, 'PASSWORD_RESET')
    if (found.status !== 'VALID') return { kind: 'linkInvalid', status: found.status }
    const { link, user } = found
    if (!(await this.ipAuthorization.allows(origin.ip))) {
      await this.recordRefusal(user, 'ADDRESS_NOT_ALLOWED', origin)
      return { kind: 'addressNotAllowed' }
    }
    return { kind: 'authorized', link, user, reset, origin }
  }

  /** Step 2: judges the new password and hashes it. */
  private async judgeResetPassword({
    link,
    user,
    reset,
    origin,
  }: AuthorizedReset): Promise<PasswordVerdict> {
    const violations = await this.passwords.findViolations(user, reset.newPassword)
    let verdict: PasswordVerdict = { kind: 'policyViolated', violations }
    if (violations.length === 0) {
      // Counted, because the comparison with stored hashes lets a thief with the link guess
      // earlier passwords.
      const wait = await this.throttle.beginReset(link.id)
      if (wait !== null) {
        throw rateLimited(wait.retryAfterSeconds, 'Too many attempts. Wait before you try again.')
      }
      verdict = await this.passwords.judgePassword(user, reset.newPassword)
    }
    if (verdict.kind === 'policyViolated') {
      await this.recordRefusal(user, 'POLICY_VIOLATED', origin)
    }
    return verdict
  }

  /**
   * Step 3: saves the new password and its effects in one transaction, unless the link or the
   * stored password changed since they were read.
   */
  private saveResetPassword(
    { user: judged, reset, origin }: AuthorizedReset,
    { passwordHash, operationChanges }: Extract<PasswordVerdict, { kind: 'accepted' }>,
  ): Promise<SaveResult> {
    return this.database.write(async (unit): Promise<SaveResult> => {
      const found = await this.links.lookUp(unit, reset.token, 'PASSWORD_RESET')
      if (found.status !== 'VALID') return { kind: 'linkInvalid', status: found.status }
      if (!isSamePassword(found.user, judged)) return { kind: 'userChanged' }

      await this.links.redeem(unit, found.link)
      const source = { kind: 'reset', linkSentToLogin: found.link.sentToLogin } as const
      const { user } = await this.passwords.savePassword(
        unit,
        found.user,
        { passwordHash, source },
        origin,
      )
      await this.operations.record(unit, origin, {
        action: 'RESET_PASSWORD',
        outcome: 'DONE',
        actorId: user.id,
        subjectId: user.id,
        changes: operationChanges,
      })
      return { kind: 'reset', user }
    })
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
}
