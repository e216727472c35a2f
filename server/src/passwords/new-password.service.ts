import { type PasswordRuleSetting, settingOf } from '@rekey/shared/password-policy'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { OneTimeLinkService } from '../one-time-links/one-time-link.service.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import type { PasswordHasher } from './password-hasher.js'
import * as history from './password-history.store.js'
import type { PasswordPolicyService } from './password-policy.service.js'

/**
 * What a change and a reset have in common: the new password is judged, also by
 * those the profile has and had, and put in their place.
 */
export class NewPasswordService {
  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly links: OneTimeLinkService,
    private readonly hasher: PasswordHasher,
    private readonly policy: PasswordPolicyService,
  ) {}

  /**
   * The rules a new password breaks, of those that need no stored hash.
   *
   * @param currentPassword as it was typed, where it was.
   */
  violationsOf(
    user: UserEntity,
    newPassword: string,
    currentPassword?: string,
  ): Promise<PasswordRuleSetting[]> {
    return this.policy.violationsOf(newPassword, {
      login: user.login,
      ...(currentPassword === undefined ? {} : { currentPassword }),
    })
  }

  /**
   * The rules a new password breaks, of those that compare it with stored hashes. They
   * cost a hash each and tell something of other passwords, so they are to be asked
   * only when it is known who is asking and nothing else is wrong.
   *
   * @param current whether it may be the current password: false when that was ruled out.
   * @throws RATE_LIMITED when too many hashes wait already.
   */
  async reuseOf(
    user: UserEntity,
    newPassword: string,
    current = true,
  ): Promise<PasswordRuleSetting[]> {
    const same = settingOf(this.policy.policy, 'SAME_AS_CURRENT')
    if (same && current && (await this.matches(user.passwordHash, newPassword))) return [same]
    const reused = settingOf(this.policy.policy, 'REUSED')
    if (!reused) return []
    // The current password is one of the last ones; the rest is in the history.
    const earlier = await this.database.read(unit =>
      history.listEarlierHashes(unit, user.id, reused.last - 1),
    )
    if (!same) earlier.unshift(...(user.passwordHash === null ? [] : [user.passwordHash]))
    for (const hash of earlier) {
      if (await this.matches(hash, newPassword)) return [reused]
    }
    return []
  }

  /**
   * Puts a judged password in place: the old one is remembered, and links that could
   * replace it end.
   *
   * @param mustChange whether the next sign-in asks for another one.
   * @returns the user as they are now.
   */
  async replace(
    unit: WritingUnitOfWork,
    user: UserEntity,
    newHash: string,
    mustChange: boolean,
  ): Promise<UserEntity> {
    if (user.passwordHash !== null) {
      const reused = settingOf(this.policy.policy, 'REUSED')
      const keep = reused ? Math.max(reused.last - 1, 0) : 0
      await history.rememberHash(unit, user.id, user.passwordHash, keep)
    }
    await this.links.endPasswordResets(unit, user.id)
    return this.users.replacePassword(unit, user, newHash, mustChange)
  }

  /** When each of the passwords was replaced that are remembered, newest first. */
  async listReplacements(userId: string): Promise<Date[]> {
    return this.database.read(unit => history.listReplacements(unit, userId))
  }

  private matches(hash: string | null, password: string): Promise<boolean> {
    return hash === null ? Promise.resolve(false) : this.hasher.verify(hash, password)
  }
}
