import { mayChangePasswordOf } from '@rekey/shared/access'
import type { PasswordRuleSetting } from '@rekey/shared/password-policy'
import { requirePermission } from '../access/require-permission.js'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { badInput, forbiddenOn, passwordChangeRequired } from '../graphql/api-error.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OperationRecord, OperationService } from '../operations/operation.service.js'
import type { OperationChange } from '../operations/operation-change.js'
import { requireRecentProof } from '../reauthentication/recent-proof.js'
import type { SecondFactorService } from '../second-factor/second-factor.service.js'
import type { DeviceTokenService } from '../throttle/device-token.service.js'
import type { PasswordAttempt, ThrottleService, Wait } from '../throttle/throttle.service.js'
import type { Caller } from '../users/caller.js'
import { hasPasswordExpired } from '../users/password-age.js'
import { isSamePassword } from '../users/same-password.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import {
  maxSaveTries,
  type PasswordService,
  type PasswordVerdict,
  passwordKeepsChanging,
} from './password.service.js'

/** A request to change a password. */
export interface PasswordChange {
  /** The user whose password to change; undefined means the caller. */
  readonly userId?: string | undefined
  /**
   * The caller's own password, also when they change another user's. May be left out right after the
   * sign-in if someone else requires the change, because the caller has just typed it.
   */
  readonly currentPassword?: string | undefined
  readonly newPassword: string
  /** Whether the user must choose another password at the next sign-in. Ignored for the caller's own. */
  readonly requireChangeAtNextSignIn: boolean
}

/** Why a change was refused; several reasons can hold at once. */
export type PasswordChangeRefusal =
  | { readonly kind: 'currentPasswordIncorrect' | 'passwordExpired' | 'userNotFound' }
  | { readonly kind: 'policyViolated'; readonly violations: readonly PasswordRuleSetting[] }
  | { readonly kind: 'tooManyAttempts'; readonly retryAfterSeconds: number }

/** A change that was refused. */
interface RefusedChange {
  readonly kind: 'refused'
  readonly refusals: readonly PasswordChangeRefusal[]
}

/** The result of a request to change a password. */
export type PasswordChangeResult =
  | {
      readonly kind: 'changed'
      readonly user: UserEntity
      /** Whether the user was invited before, and is active now. */
      readonly activated: boolean
      /** The fresh token of the caller's own session; null if they call with an API token. */
      readonly sessionToken: string | null
      /** A fresh device token, because the old one ended; null if the browser's token stays valid. */
      readonly deviceToken: string | null
    }
  | RefusedChange

/** A change that the caller may attempt. */
interface AuthorizedChange {
  readonly kind: 'authorized'
  readonly caller: Caller
  /** The user whose password to change, as last read. */
  readonly target: UserEntity
  readonly change: PasswordChange
  /** The throttle's count of this attempt. */
  readonly attempt: PasswordAttempt
  readonly origin: RequestOrigin
}

/** A change that was saved, or refused. */
type SaveResult =
  | Omit<Extract<PasswordChangeResult, { kind: 'changed' }>, 'deviceToken'>
  | RefusedChange

/** The target's stored password is no longer the one that the new password was judged by. */
interface TargetChanged {
  readonly kind: 'targetChanged'
  readonly target: UserEntity
}

/** Changes passwords (OWASP ASVS 5.0, 6.2 and 7.4). */
export class ChangePasswordService {
  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly operations: OperationService,
    private readonly throttle: ThrottleService,
    private readonly devices: DeviceTokenService,
    private readonly secondFactors: SecondFactorService,
    private readonly passwords: PasswordService,
  ) {}

  /**
   * Changes a password in four steps: authorizes the caller, verifies their own current
   * password, judges the new one, and saves it in one transaction with all its effects.
   *
   * @throws FORBIDDEN when the caller may not change this password; REAUTHENTICATION_REQUIRED
   * when it is another user's and the caller last used their second factor too long ago, or when the
   * current password was left out and the caller's last proof is too old; BAD_USER_INPUT when it was
   * left out for another change than one that someone else requires;
   * RATE_LIMITED when too many hashes are waiting, or others keep changing the same password;
   * UNAUTHENTICATED when the caller's session ends in the meantime.
   */
  async changePassword(
    caller: Caller,
    change: PasswordChange,
    origin: RequestOrigin,
  ): Promise<PasswordChangeResult> {
    const authorized = await this.authorizeChange(caller, change, origin)
    if (authorized.kind === 'refused') return authorized
    return this.throttle.attempt<PasswordChangeResult>(authorized.attempt, {
      verify: () => this.verifyAndSave(authorized),
      refuse: wait => this.refuseToWait(authorized, wait),
    })
  }

  /** Steps 2 to 4, for an attempt that is counted. */
  private async verifyAndSave(change: AuthorizedChange): Promise<PasswordChangeResult> {
    let authorized = change
    const verified = await this.verifyCurrentPassword(authorized)
    if (
      verified &&
      change.change.currentPassword !== undefined &&
      hasPasswordExpired(change.caller)
    ) {
      return this.refuseExpired(change)
    }
    for (let tries = 0; tries < maxSaveTries; tries += 1) {
      const verdict = await this.judgeNewPassword(authorized, verified)
      if (verdict.kind === 'refused') return verdict
      const result = await this.saveNewPassword(authorized, verdict)
      if (result.kind === 'changed') return await this.keepDevice(authorized.caller, result)
      if (result.kind === 'refused') return result
      authorized = { ...authorized, target: result.target }
    }
    throw passwordKeepsChanging()
  }

  private async refuseToWait(
    { caller, target, origin }: AuthorizedChange,
    { first, retryAfterSeconds }: Wait,
  ): Promise<RefusedChange> {
    if (first) await this.recordRefusal(caller, target, origin, 'TOO_MANY_ATTEMPTS')
    return refused({ kind: 'tooManyAttempts', retryAfterSeconds })
  }

  /** Refuses a change because the caller's own password was right, but no longer works. */
  private async refuseExpired({
    caller,
    target,
    attempt,
    origin,
  }: AuthorizedChange): Promise<RefusedChange> {
    await this.database.write(async unit => {
      await this.throttle.succeed(unit, attempt)
      await this.recordOutcome(unit, caller, target, origin, 'PASSWORD_EXPIRED')
    })
    return refused({ kind: 'passwordExpired' })
  }

  /** Step 1: checks that the caller may change this password now. */
  private async authorizeChange(
    caller: Caller,
    change: PasswordChange,
    origin: RequestOrigin,
  ): Promise<AuthorizedChange | RefusedChange> {
    const target = await this.findTarget(caller, change.userId, origin)
    if (target === null) return refused({ kind: 'userNotFound' })
    // For a caller with a second factor, the password is only half a proof. A thief with their
    // session and password could otherwise take over every user without a second factor.
    if (target.id !== caller.id && (await this.secondFactors.mustProve(caller))) {
      requireRecentProof(caller)
    }
    if (change.currentPassword === undefined) await this.requireProofInstead(caller, target)
    const attempt = {
      ip: origin.ip,
      of: { callerId: caller.id, sessionId: caller.session?.id ?? null },
    }
    return { kind: 'authorized', caller, target, change, attempt, origin }
  }

  /**
   * Requires a recent proof of identity in place of the current password. Only users for whom someone
   * else requires a change may give it: they have typed the old one seconds ago, at sign-in. The age
   * of a password is not enough. Otherwise a thief of a session who may change the settings could
   * require the change, and so choose a password without knowing the old one.
   */
  private async requireProofInstead(caller: Caller, target: UserEntity): Promise<void> {
    const stored = target.id === caller.id ? await this.users.find(caller.id) : null
    if (!stored?.mustChangePassword || caller.session === null) {
      throw badInput(
        'currentPassword is required, except right after signing in if someone requires another password.',
      )
    }
    requireRecentProof(caller)
  }

  /** Step 2: whether the caller has proved their identity with their own current password. */
  private async verifyCurrentPassword({ caller, change }: AuthorizedChange): Promise<boolean> {
    // Step 1 has checked that the caller has just proved their identity.
    if (change.currentPassword === undefined) return true
    return this.passwords.isCurrentPassword(caller, change.currentPassword)
  }

  /**
   * Step 3: judges the new password and hashes it. Refuses the change if the new password
   * breaks a rule or the current one was wrong. Reports both at once: nobody should have to
   * correct one field to learn about the other.
   */
  private async judgeNewPassword(
    { caller, target, change, attempt, origin }: AuthorizedChange,
    callerVerified: boolean,
  ): Promise<Extract<PasswordVerdict, { kind: 'accepted' }> | RefusedChange> {
    const typed = target.id === caller.id ? change.currentPassword : undefined
    if (callerVerified) {
      const verdict = await this.passwords.judgePassword(target, change.newPassword, typed)
      if (verdict.kind === 'accepted') return verdict
      await this.database.write(async unit => {
        // Without a current password, the attempt still counts as wrong: a thief of the session could
        // otherwise guess the current password as the new one, or clear the count of other guesses.
        if (change.currentPassword !== undefined) await this.throttle.succeed(unit, attempt)
        await this.recordOutcome(unit, caller, target, origin, 'POLICY_VIOLATED')
      })
      return refused(verdict)
    }
    const violations = await this.passwords.findViolations(target, change.newPassword, typed)
    await this.recordRefusal(caller, target, origin, 'CURRENT_PASSWORD_INCORRECT')
    return refused(
      { kind: 'currentPasswordIncorrect' },
      ...(violations.length === 0 ? [] : [{ kind: 'policyViolated', violations } as const]),
    )
  }

  /**
   * Step 4: saves the new password and its effects in one transaction, unless the stored data
   * changed since it was verified and judged.
   */
  private saveNewPassword(
    { caller, target, change, attempt, origin }: AuthorizedChange,
    { passwordHash, operationChanges }: Extract<PasswordVerdict, { kind: 'accepted' }>,
  ): Promise<SaveResult | TargetChanged> {
    const own = caller.id === target.id
    return this.database.write(async (unit): Promise<SaveResult | TargetChanged> => {
      const actor = await this.users.callerIn(unit, caller)
      const current = own ? actor : await this.users.findIn(unit, target.id)
      if (current === null) return refused({ kind: 'userNotFound' })
      if (!isSamePassword(actor, caller)) {
        await this.throttle.withdrawIn(unit, attempt)
        await this.recordOutcome(unit, actor, target, origin, 'CURRENT_PASSWORD_INCORRECT')
        return refused({ kind: 'currentPasswordIncorrect' })
      }
      if (!mayChangePasswordOf(actor, current)) throw forbiddenOn(actor, 'users.manage')
      if (!isSamePassword(current, target)) {
        return { kind: 'targetChanged', target: current }
      }

      if (change.currentPassword === undefined) await this.throttle.withdrawIn(unit, attempt)
      else await this.throttle.succeed(unit, attempt)
      const source = {
        kind: 'change',
        caller,
        callerFullyProved: !(await this.secondFactors.mustProveIn(unit, caller)),
        mustChangeAtNextSignIn: !own && change.requireChangeAtNextSignIn,
      } as const
      const saved = await this.passwords.savePassword(
        unit,
        current,
        { passwordHash, source },
        origin,
      )
      await this.recordOutcome(unit, actor, current, origin, null, operationChanges)
      if (saved.activated) {
        const activation = { ...operationOn(actor, current), action: 'ACTIVATE_USER' } as const
        await this.operations.record(unit, origin, { ...activation, outcome: 'DONE' })
      }
      return { kind: 'changed', ...saved }
    })
  }

  /**
   * Issues a device token for a browser in which someone changed their own password, which has
   * ended their device tokens.
   */
  private async keepDevice(
    caller: Caller,
    saved: Extract<SaveResult, { kind: 'changed' }>,
  ): Promise<PasswordChangeResult> {
    const ended = caller.session !== null && caller.id === saved.user.id
    return { ...saved, deviceToken: ended ? await this.devices.issue(saved.user) : null }
  }

  /**
   * The user whose password to change, or null if there is none with this id.
   *
   * @throws FORBIDDEN when the caller may not change it, or may not know whether it exists.
   */
  private async findTarget(
    actor: Caller,
    userId: string | undefined,
    origin: RequestOrigin,
  ): Promise<UserEntity | null> {
    if (userId === undefined || userId === actor.id) return actor
    if (actor.mustChangePassword) throw passwordChangeRequired()
    const target = await this.users.find(userId)
    if (target === null) {
      // Only a caller who may see every user may learn that an id does not exist.
      requirePermission(actor, 'users.manage')
      return null
    }
    if (!mayChangePasswordOf(actor, target)) {
      await this.recordRefusal(actor, target, origin, 'FORBIDDEN')
      throw forbiddenOn(actor, 'users.manage')
    }
    return target
  }

  /** Records the change, or its refusal if a reason is given. */
  private recordOutcome(
    unit: WritingUnitOfWork,
    actor: Caller,
    target: UserEntity,
    origin: RequestOrigin,
    refusalReason: string | null,
    changes: readonly OperationChange[] = [],
  ): Promise<void> {
    const outcome: Pick<OperationRecord, 'outcome' | 'reason'> =
      refusalReason === null ? { outcome: 'DONE' } : { outcome: 'REFUSED', reason: refusalReason }
    const operation = { ...operationOn(actor, target), ...outcome, changes }
    return this.operations.record(unit, origin, operation)
  }

  /** Records a refusal in a transaction of its own. */
  private recordRefusal(
    actor: Caller,
    target: UserEntity,
    origin: RequestOrigin,
    reason: string,
  ): Promise<void> {
    return this.operations.recordRefusal(origin, { ...operationOn(actor, target), reason })
  }
}

const operationOn = (actor: Caller, target: UserEntity) =>
  ({ action: 'CHANGE_PASSWORD', actorId: actor.id, subjectId: target.id }) as const

const refused = (...refusals: PasswordChangeRefusal[]): RefusedChange => ({
  kind: 'refused',
  refusals,
})
