import {
  loadCommonPasswords,
  type PasswordContext,
  type PasswordPolicy,
  type PasswordRuleSetting,
  violationsOf,
} from '@rekey/shared/password-policy'

/** The configured policy, with the list of commonly used passwords. */
export class PasswordPolicyService {
  private common: Promise<ReadonlySet<string>> | undefined

  constructor(readonly policy: PasswordPolicy) {}

  /**
   * The rules that a new password breaks, without those that need a stored hash; in the
   * policy's order.
   */
  async findViolations(
    password: string,
    context: Pick<PasswordContext, 'currentPassword' | 'login'> = {},
  ): Promise<PasswordRuleSetting[]> {
    const commonPasswords = await this.commonPasswords()
    return violationsOf(this.policy, password, { ...context, commonPasswords })
  }

  /** Loads the list of commonly used passwords, so that the first request does not wait for it. */
  async warmUp(): Promise<void> {
    await this.commonPasswords()
  }

  private commonPasswords(): Promise<ReadonlySet<string>> {
    this.common ??= loadCommonPasswords(this.policy)
    return this.common
  }
}
