import { hasPermission, mayChangePasswordOf } from '@rekey/shared/access'
import type { PasswordRuleSetting } from '@rekey/shared/password-policy'
import type { ApiTokenService } from '../api-tokens/api-token.service.js'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { forbidden, passwordChangeRequired, unauthenticated } from '../graphql/api-error.js'
import type { Caller } from '../graphql/context.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { MailService } from '../mail/mail.service.js'
import type { OperationRecord, OperationService } from '../operations/operation.service.js'
import { requireRecentProof } from '../reauthentication/recent-proof.js'
import type { SecondFactorService } from '../second-factor/second-factor.service.js'
import type { SessionService } from '../sessions/session.service.js'
import type { PasswordAttempt, ThrottleService } from '../throttle/throttle.service.js'
import type { Actor } from '../users/actor.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import { fullNameOf } from '../users/user-keys.js'
import type { NewPasswordService } from './new-password.service.js'
import { passwordChangedMail } from './password-changed.mail.js'
import type { PasswordHasher } from './password-hasher.js'

/** A change as it is asked for. */
export interface PasswordChange {
  /** Whose password; undefined means the caller's own. */
  readonly userId?: string | undefined
  /** The caller's own password, whoever's is changed. */
  readonly currentPassword: string
  readonly newPassword: string
  /** Whether the next sign-in asks for yet another one. Only for another's password. */
  readonly requireChangeAtNextSignIn: boolean
}

/** Why a change was refused; several reasons can hold at once. */
export type PasswordChangeRefusal =
  | { readonly kind: 'currentPasswordIncorrect' | 'userNotFound' }
  | { readonly kind: 'policyViolated'; readonly violations: readonly PasswordRuleSetting[] }
  | { readonly kind: 'tooManyAttempts'; readonly retryAfterSeconds: number }

/** What became of a change. */
export type PasswordChangeResult =
  | {
      readonly kind: 'changed'
      readonly user: UserEntity
      /** The fresh token of the caller's own session; null when they call by an API token. */
      readonly sessionToken: string | null
    }
  | { readonly kind: 'refused'; readonly refusals: readonly PasswordChangeRefusal[] }

/** What is put in place of a password. */
interface Replacement {
  readonly newHash: string
  readonly mustChange: boolean
  readonly attempt: PasswordAttempt
}

/**
 * Changes a password: the caller proves who they are with their own current
 * password, the new one is judged, and one transaction puts it in place with all
 * that follows from it (OWASP ASVS 5.0, 6.2 and 7.4).
 */
export class ChangePasswordService {
  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly sessions: SessionService,
    private readonly operations: OperationService,
    private readonly mail: MailService,
    private readonly throttle: ThrottleService,
    private readonly hasher: PasswordHasher,
    private readonly newPasswords: NewPasswordService,
    private readonly secondFactors: SecondFactorService,
    private readonly apiTokens: ApiTokenService,
    private readonly publicUrl: URL,
  ) {}

  /**
   * @throws FORBIDDEN for those who may not change this password; REAUTHENTICATION_REQUIRED
   * when it is another's and the caller's second factor was shown too long ago; RATE_LIMITED
   * when too many hashes wait; UNAUTHENTICATED when the caller's session ends meanwhile.
   */
  async change(
    caller: Caller,
    change: PasswordChange,
    origin: RequestOrigin,
  ): Promise<PasswordChangeResult> {
    const target = await this.targetOf(caller.user, change.userId, origin)
    if (target === null) return refused({ kind: 'userNotFound' })
    const own = target.id === caller.user.id
    // The password alone is half a proof of theirs: with it and a stolen session, one
    // would become anyone who has no second factor.
    if (!own && (await this.secondFactors.isAskedOf(caller.user))) requireRecentProof(caller)

    const attempt = {
      ip: origin.ip,
      of: { callerId: caller.user.id, apiTokenId: caller.user.apiTokenId },
    }
    const wait = await this.throttle.begin(attempt)
    if (wait !== null) {
      if (wait.first) await this.recordRefusal(caller.user, target, origin, 'TOO_MANY_ATTEMPTS')
      return refused({ kind: 'tooManyAttempts', retryAfterSeconds: wait.retryAfterSeconds })
    }
    try {
      return await this.verifyAndReplace(caller, target, change, attempt, origin)
    } catch (failure) {
      await this.throttle.withdraw(attempt)
      throw failure
    }
  }

  /** Verifies and judges a change whose attempt is counted, and makes it. */
  private async verifyAndReplace(
    caller: Caller,
    target: UserEntity,
    change: PasswordChange,
    attempt: PasswordAttempt,
    origin: RequestOrigin,
  ): Promise<PasswordChangeResult> {
    const own = target.id === caller.user.id
    const callerKnown = await this.hasher.verify(caller.user.passwordHash, change.currentPassword)
    // Both are told at once: nobody should have to mend one field to hear of the other.
    const violations = await this.judge(caller.user, target, change, callerKnown)
    const refusals: PasswordChangeRefusal[] = [
      ...(callerKnown ? [] : [{ kind: 'currentPasswordIncorrect' } as const]),
      ...(violations.length === 0 ? [] : [{ kind: 'policyViolated', violations } as const]),
    ]
    if (refusals.length > 0) {
      const reason = callerKnown ? 'POLICY_VIOLATED' : 'CURRENT_PASSWORD_INCORRECT'
      await this.database.write(async unit => {
        if (callerKnown) await this.throttle.succeed(unit, attempt)
        await this.record(unit, origin, caller.user, target, { outcome: 'REFUSED', reason })
      })
      return refused(...refusals)
    }

    const newHash = await this.hasher.hash(change.newPassword)
    const mustChange = !own && change.requireChangeAtNextSignIn
    const replacement = { newHash, mustChange, attempt }
    const result = await this.replace(caller, target, replacement, origin)
    if (result !== 'targetChanged') return result
    // Someone else came first: what was judged by the old password is judged by theirs.
    const fresh = await this.users.find(target.id)
    if (fresh === null) return refused({ kind: 'userNotFound' })
    return this.verifyAndReplace(caller, fresh, change, attempt, origin)
  }

  /** The profile to be changed, or null when there is none. */
  private async targetOf(
    actor: Actor,
    userId: string | undefined,
    origin: RequestOrigin,
  ): Promise<UserEntity | null> {
    if (userId === undefined || userId === actor.id) return actor
    if (actor.mustChangePassword) throw passwordChangeRequired()
    const target = await this.users.find(userId)
    if (target === null) {
      // Whether an id exists is for those to know who may see them all.
      if (!hasPermission(actor, 'users.manage')) throw forbidden()
      return null
    }
    if (!mayChangePasswordOf(actor, target)) {
      await this.recordRefusal(actor, target, origin, 'FORBIDDEN')
      throw forbidden()
    }
    return target
  }

  /** The rules the new password breaks. Stored hashes are asked once the caller is known. */
  private async judge(
    actor: Actor,
    target: UserEntity,
    { currentPassword, newPassword }: PasswordChange,
    callerKnown: boolean,
  ): Promise<PasswordRuleSetting[]> {
    const own = actor.id === target.id
    const typed = own ? currentPassword : undefined
    const violations = await this.newPasswords.violationsOf(target, newPassword, typed)
    if (violations.length > 0 || !callerKnown) return violations
    return this.newPasswords.reuseOf(target, newPassword, !own)
  }

  /** Puts it in place with all that follows from it, unless what was verified is so no more. */
  private replace(
    caller: Caller,
    target: UserEntity,
    { newHash, mustChange, attempt }: Replacement,
    origin: RequestOrigin,
  ): Promise<PasswordChangeResult | 'targetChanged'> {
    const own = caller.user.id === target.id
    return this.database.write(async (unit): Promise<PasswordChangeResult | 'targetChanged'> => {
      // All that was verified above was read before this transaction began.
      const actor = await this.users.callerIn(unit, caller.user)
      const current = own ? actor : await this.users.findIn(unit, target.id)
      if (current === null) return refused({ kind: 'userNotFound' })
      if (actor.passwordHash !== caller.user.passwordHash) {
        const reason = 'CURRENT_PASSWORD_INCORRECT'
        await this.record(unit, origin, actor, target, { outcome: 'REFUSED', reason })
        return refused({ kind: 'currentPasswordIncorrect' })
      }
      if (!mayChangePasswordOf(actor, current)) throw forbidden()
      if (current.passwordHash !== target.passwordHash) return 'targetChanged'

      await this.throttle.succeed(unit, attempt)
      const user = await this.newPasswords.replace(unit, current, newHash, mustChange)
      const kept = own ? (caller.session?.id ?? null) : null
      await this.sessions.endAll(unit, current.id, kept, 'PASSWORD_CHANGED')
      const sessionToken = await this.rotateSession(unit, caller)
      await this.record(unit, origin, actor, current, { outcome: 'DONE' })
      await this.sendNotice(unit, caller, user, origin)
      return { kind: 'changed', user, sessionToken }
    })
  }

  private async sendNotice(
    unit: WritingUnitOfWork,
    caller: Caller,
    user: UserEntity,
    origin: RequestOrigin,
  ): Promise<void> {
    const own = caller.user.id === user.id
    const notice = passwordChangedMail({
      firstName: user.firstName,
      at: new Date(),
      ip: origin.ip,
      userAgent: origin.userAgent,
      changedBy: own ? null : fullNameOf(caller.user),
      viaResetLink: false,
      viaApiToken: own ? (caller.apiToken?.prefix ?? null) : null,
      apiTokens: await this.apiTokens.countUnexpired(unit, user.id),
      url: this.publicUrl.origin,
    })
    await this.mail.send(unit, user.login, notice)
  }

  /** A fresh token for the caller's session; null when they call by an API token, and so have none. */
  private async rotateSession(
    unit: WritingUnitOfWork,
    { user, session }: Caller,
  ): Promise<string | null> {
    if (session === null) return null
    const proved = !(await this.secondFactors.isAskedOfIn(unit, user))
    const token = await this.sessions.rotate(unit, session.id, proved)
    // Ended by someone else meanwhile: then nothing of this may happen.
    if (token === null) throw unauthenticated()
    return token
  }

  private record(
    unit: WritingUnitOfWork,
    origin: RequestOrigin,
    actor: Actor,
    target: UserEntity,
    outcome: Pick<OperationRecord, 'outcome' | 'reason'>,
  ): Promise<void> {
    return this.operations.record(unit, origin, { ...changeBy(actor, target), ...outcome })
  }

  private recordRefusal(
    actor: Actor,
    target: UserEntity,
    origin: RequestOrigin,
    reason: string,
  ): Promise<void> {
    return this.operations.recordRefusal(origin, { ...changeBy(actor, target), reason })
  }
}

const changeBy = (actor: Actor, target: UserEntity) =>
  ({ action: 'CHANGE_PASSWORD', actorId: actor.id, subjectId: target.id }) as const

const refused = (...refusals: PasswordChangeRefusal[]): PasswordChangeResult => ({
  kind: 'refused',
  refusals,
})
