import { type PasswordRuleSetting, settingOf } from '@rekey/shared/password-policy'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { type ApiError, rateLimited } from '../graphql/api-error.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OperationChange } from '../operations/operation-change.js'
import type { PasswordHasher } from '../password-hashing/password-hasher.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import type { PasswordEffectsService, ReplacementSource } from './password-effects.service.js'
import * as history from './password-history.store.js'
import type { PasswordPolicyService } from './password-policy.service.js'

/** The verdict on a new password: the hash to save, or the rules that the password breaks. */
export type PasswordVerdict =
  | {
      readonly kind: 'accepted'
      readonly passwordHash: string
      /** What the operation must say about checks that failed. */
      readonly operationChanges: readonly OperationChange[]
    }
  | { readonly kind: 'policyViolated'; readonly violations: readonly PasswordRuleSetting[] }

/** A password to save. */
export interface NewPassword {
  readonly passwordHash: string
  /** How the user gets the password, which decides what else happens. */
  readonly source:
    | ReplacementSource
    | {
        readonly kind: 'invitation'
        /** Whether the link was sent to the login, so that its use verifies the login. */
        readonly linkSentToLogin: boolean
      }
}

/** What saving a password returns. */
export interface SavedPassword {
  /** The user after the save. */
  readonly user: UserEntity
  /** The fresh token of the caller's session; null if there is no such session. */
  readonly sessionToken: string | null
  /** Whether the user was invited before, and is active now. */
  readonly activated: boolean
}

/**
 * How often a change or a reset tries to save. Each new try needs someone else to have saved
 * a password of the same user in the meantime, so even two are rare.
 */
export const maxSaveTries = 5

/** The answer when other changes came first in each of {@link maxSaveTries}. */
export const passwordKeepsChanging = (): ApiError =>
  rateLimited(1, 'Others are changing this password at the same time. Try again in a moment.')

/** Judges and saves the passwords of users, for changes, resets and invitations alike. */
export class PasswordService {
  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly hasher: PasswordHasher,
    private readonly policy: PasswordPolicyService,
    private readonly effects: PasswordEffectsService,
    private readonly settings: SettingsService,
  ) {}

  /**
   * Whether this is the user's current password.
   *
   * @throws RATE_LIMITED when too many hashes are waiting.
   */
  isCurrentPassword(user: UserEntity, password: string): Promise<boolean> {
    return this.hasher.verifyPassword(user.passwordHash, password)
  }

  /**
   * The rules that a new password breaks, without BREACHED and those that need a stored hash.
   *
   * @param currentPassword as the user typed it; left out if they did not have to.
   */
  findViolations(
    user: UserEntity,
    newPassword: string,
    currentPassword?: string,
  ): Promise<PasswordRuleSetting[]> {
    const context = currentPassword === undefined ? {} : { currentPassword }
    return this.policy.findViolations(newPassword, user, context)
  }

  /**
   * Judges a new password by every rule, and hashes it if it breaks none. The comparison with
   * stored hashes costs one hash each and reveals something about earlier passwords. Call this
   * only for a caller who has proved that they may set the password.
   *
   * @param currentPassword the user's verified current password; left out if they did not have
   * to type it. The new password is then compared with the current hash instead.
   * @throws RATE_LIMITED when too many hashes are waiting.
   */
  async judgePassword(
    user: UserEntity,
    newPassword: string,
    currentPassword?: string,
  ): Promise<PasswordVerdict> {
    const violations = await this.findViolations(user, newPassword, currentPassword)
    if (violations.length > 0) return { kind: 'policyViolated', violations }
    const reuse = await this.findReuse(user, newPassword, currentPassword === undefined)
    if (reuse !== undefined) return { kind: 'policyViolated', violations: [reuse] }
    return this.hashUnlessBreached(newPassword)
  }

  /**
   * As {@link judgePassword}, for the first password of a user, who has no earlier ones.
   *
   * @throws RATE_LIMITED when too many hashes are waiting.
   */
  async judgeFirstPassword(user: UserEntity, password: string): Promise<PasswordVerdict> {
    const violations = await this.findViolations(user, password)
    if (violations.length > 0) return { kind: 'policyViolated', violations }
    return this.hashUnlessBreached(password)
  }

  /**
   * Saves a judged password: remembers the earlier one and updates the user. An invited user becomes
   * active. Except after an invitation, ends sessions and links and sends the notice.
   *
   * @throws UNAUTHENTICATED when the caller's session has ended in the meantime.
   */
  async savePassword(
    unit: WritingUnitOfWork,
    user: UserEntity,
    { passwordHash, source }: NewPassword,
    origin: RequestOrigin,
  ): Promise<SavedPassword> {
    await this.rememberPassword(unit, user)
    const mustChange = source.kind === 'change' && source.mustChangeAtNextSignIn
    const password = {
      passwordHash,
      mustChange,
      expiresAt: mustChange ? await this.endOfTemporaryPassword(unit) : null,
      verifiesLogin: source.kind !== 'change' && source.linkSentToLogin,
    }
    if (source.kind === 'invitation') {
      const active = await this.users.activate(unit, user, password, true)
      return { user: active, sessionToken: null, activated: true }
    }
    const activated = user.status === 'INVITED'
    const saved = activated
      ? await this.users.activate(unit, user, password, false)
      : await this.users.replacePassword(unit, user, password)
    const sessionToken = await this.effects.applyEffects(unit, saved, source, activated, origin)
    return { user: saved, sessionToken, activated }
  }

  /**
   * Removes a user's password and remembers it, whatever the policy says, so that the user cannot
   * choose it again. Nobody can sign in to the account until the user has a new password.
   *
   * @returns the updated user.
   */
  async removePassword(unit: WritingUnitOfWork, user: UserEntity): Promise<UserEntity> {
    await this.rememberPassword(unit, user, 1)
    return this.users.removePassword(unit, user)
  }

  /** When each of the user's remembered passwords was replaced, newest first. */
  async listReplacements(userId: string): Promise<Date[]> {
    return this.database.read(unit => history.listReplacements(unit, userId))
  }

  /** The last step of a verdict, for a password that breaks no other rule. */
  private async hashUnlessBreached(password: string): Promise<PasswordVerdict> {
    const { violations, operationChanges } = await this.policy.findBreach(password)
    if (violations.length > 0) return { kind: 'policyViolated', violations }
    const passwordHash = await this.hasher.hashPassword(password)
    return { kind: 'accepted', passwordHash, operationChanges }
  }

  /** The rule that forbids the new password because of a stored hash, if there is one. */
  private async findReuse(
    user: UserEntity,
    newPassword: string,
    compareWithCurrent: boolean,
  ): Promise<PasswordRuleSetting | undefined> {
    const policy = await this.policy.readPolicy()
    const same = settingOf(policy, 'SAME_AS_CURRENT')
    const reused = settingOf(policy, 'REUSED')
    // The current password is one of the last ones; the history has the others.
    const last = await this.listLastHashes(user, reused?.last ?? 1)
    const current = last.slice(0, 1)
    if (same && compareWithCurrent && (await this.matchesAny(current, newPassword))) return same
    if (!reused) return undefined
    const hashes = same ? last.slice(1) : last
    return (await this.matchesAny(hashes, newPassword)) ? reused : undefined
  }

  /** The hashes of the last passwords, newest first. A removed password counts as the current one. */
  private async listLastHashes(user: UserEntity, limit: number): Promise<string[]> {
    const current = user.passwordHash === null ? [] : [user.passwordHash]
    const earlier = await this.database.read(unit =>
      history.listEarlierHashes(unit, user.id, limit - current.length),
    )
    return [...current, ...earlier]
  }

  private async matchesAny(hashes: readonly string[], password: string): Promise<boolean> {
    for (const hash of hashes) {
      if (await this.hasher.isEarlierPassword(hash, password)) return true
    }
    return false
  }

  /** When a temporary password that is saved now stops working; null if never. */
  private async endOfTemporaryPassword(unit: WritingUnitOfWork): Promise<Date | null> {
    const { temporaryPasswordHours } = await this.settings.passwordAgeIn(unit)
    if (temporaryPasswordHours === null) return null
    return new Date(Date.now() + temporaryPasswordHours * 60 * 60 * 1000)
  }

  private async rememberPassword(
    unit: WritingUnitOfWork,
    { id, passwordHash }: UserEntity,
    minEntries = 0,
  ): Promise<void> {
    if (passwordHash === null) return
    const reused = settingOf(await this.policy.policyIn(unit), 'REUSED')
    const maxEntries = Math.max((reused?.last ?? 0) - 1, minEntries)
    await history.rememberHash(unit, id, passwordHash, maxEntries)
  }
}
