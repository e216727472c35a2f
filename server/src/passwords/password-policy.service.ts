import {
  loadCommonPasswords,
  type PasswordContext,
  type PasswordPolicy,
  type PasswordRuleSetting,
  violationsOf,
} from '@rekey/shared/password-policy'
import { changePolicy } from '../config/password-policy-model.js'
import type { UnitOfWork } from '../database/unit-of-work.js'
import type { SettingsService } from '../settings/settings.service.js'

/** The user for whom a password is judged, as far as they are known. */
export interface PasswordUser {
  readonly login: string
  readonly firstName: string
  readonly lastName: string
}

/** The password policy, with the list of commonly used passwords. */
export class PasswordPolicyService {
  constructor(
    private readonly settings: SettingsService,
    /** The policy of the configuration, which applies until someone saves another one. */
    private readonly configured: PasswordPolicy,
    /** Whether the policy of the configuration always applies. */
    readonly locked: boolean,
    /** The words that no user may use in a password: the names of the product and of the server. */
    readonly contextWords: readonly string[],
  ) {}

  /**
   * The policy that applies now. A change by another instance takes effect within a second.
   */
  async readPolicy(): Promise<PasswordPolicy> {
    if (this.locked) return this.configured
    return changePolicy(this.configured, await this.settings.readPasswordPolicy())
  }

  /** As {@link readPolicy}, read in a unit of work. */
  async policyIn(unit: UnitOfWork): Promise<PasswordPolicy> {
    if (this.locked) return this.configured
    return changePolicy(this.configured, await this.settings.passwordPolicyIn(unit))
  }

  /**
   * The rules that a new password breaks, without those that need a stored hash; in the
   * policy's order.
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
      contextWords: [...this.contextWords, firstName, lastName],
      commonPasswords: await loadCommonPasswords(policy),
    })
  }

  /** Loads the list of commonly used passwords, so that the first request does not wait for it. */
  async warmUp(): Promise<void> {
    await loadCommonPasswords(await this.readPolicy())
  }
}
