import {
  loadCommonPasswords,
  type PasswordContext,
  type PasswordPolicy,
  type PasswordRuleSetting,
  settingOf,
  violationsOf,
} from '@rekey/shared/password-policy'
import type { BreachSourceKind } from '../breached-passwords/breach-source.js'
import type { BreachedPasswordsService } from '../breached-passwords/breached-passwords.service.js'
import { changePolicy } from '../config/password-policy-model.js'
import type { UnitOfWork } from '../database/unit-of-work.js'
import { changeOf, type OperationChange } from '../operations/operation-change.js'
import type { SettingsService } from '../settings/settings.service.js'

/** The user for whom a password is judged, as far as they are known. */
export interface PasswordUser {
  readonly login: string
  readonly firstName: string
  readonly lastName: string
}

/** The verdict of the rule BREACHED. */
export interface BreachVerdict {
  /** The rule, if the password breaks it. */
  readonly violations: readonly PasswordRuleSetting[]
  /** What the operation must say if the password is saved: the sources that failed. */
  readonly operationChanges: readonly OperationChange[]
}

/** The password policy, with the list of commonly used passwords. */
export class PasswordPolicyService {
  constructor(
    private readonly settings: SettingsService,
    private readonly breachedPasswords: BreachedPasswordsService,
    /** The policy of the configuration, which applies until someone saves another one. */
    private readonly configured: PasswordPolicy,
    /** Whether the policy of the configuration always applies. */
    readonly locked: boolean,
    /** The names of the product and of the server. */
    private readonly fixedContextWords: readonly string[],
  ) {}

  /**
   * The policy that applies now. A change by another instance takes effect within a second.
   */
  async readPolicy(): Promise<PasswordPolicy> {
    if (this.locked) return this.configured
    return changePolicy(this.configured, await this.settings.readPasswordPolicy())
  }

  /** The rules that have an effect: {@link readPolicy} without BREACHED if there is no source. */
  async readEffectivePolicy(): Promise<PasswordPolicy> {
    const policy = await this.readPolicy()
    return this.breachSources.length > 0 ? policy : policy.filter(({ rule }) => rule !== 'BREACHED')
  }

  /** The sources of breached passwords, in the order in which they are queried. */
  get breachSources(): readonly BreachSourceKind[] {
    return this.breachedPasswords.kinds
  }

  /** The words that no user may use in a password: the names of product, server and account. */
  async readContextWords(): Promise<readonly string[]> {
    const { name } = await this.settings.readLook()
    return name === null ? this.fixedContextWords : [...this.fixedContextWords, name]
  }

  /** As {@link readPolicy}, read in a unit of work. */
  async policyIn(unit: UnitOfWork): Promise<PasswordPolicy> {
    if (this.locked) return this.configured
    return changePolicy(this.configured, await this.settings.passwordPolicyIn(unit))
  }

  /**
   * The rules that a new password breaks, without BREACHED and those that need a stored hash; in
   * the policy's order.
   */
  async findViolations(
    password: string,
    { login, firstName, lastName }: PasswordUser,
    context: Pick<PasswordContext, 'currentPassword'> = {},
  ): Promise<PasswordRuleSetting[]> {
    const policy = await this.readPolicy()
    return violationsOf(policy, password, {
      ...context,
      login,
      contextWords: [...(await this.readContextWords()), firstName, lastName],
      commonPasswords: await loadCommonPasswords(policy),
    })
  }

  /**
   * Judges a password by the rule BREACHED. The look-up takes up to some seconds, and a part of the
   * hash may leave the server. Call this only if the password breaks no other rule, and only for a
   * caller who has proved that they may set it.
   */
  async findBreach(password: string): Promise<BreachVerdict> {
    const setting = settingOf(await this.readPolicy(), 'BREACHED')
    if (setting === undefined) return { violations: [], operationChanges: [] }
    const { isBreached, failed } = await this.breachedPasswords.check(password)
    return {
      violations: isBreached ? [setting] : [],
      operationChanges: failed.length === 0 ? [] : [changeOf('breachCheckFailed', null, failed)],
    }
  }

  /** Loads the list of commonly used passwords, so that the first request does not wait for it. */
  async warmUp(): Promise<void> {
    await loadCommonPasswords(await this.readPolicy())
  }
}
