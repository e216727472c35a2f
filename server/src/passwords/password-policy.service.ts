import {
  loadCommonPasswords,
  type PasswordContext,
  type PasswordPolicy,
  type PasswordRuleSetting,
  violationsOf,
} from '@rekey/shared/password-policy'

/** The configured policy, with the list of commonly used passwords at hand. */
export class PasswordPolicyService {
  private common: Promise<ReadonlySet<string>> | undefined

  constructor(readonly policy: PasswordPolicy) {}

  /**
   * The rules a new password breaks, of those that need no stored hash; in the
   * policy's order.
   */
  async violationsOf(
    password: string,
    context: Pick<PasswordContext, 'currentPassword' | 'login'> = {},
  ): Promise<PasswordRuleSetting[]> {
    const commonPasswords = await this.commonPasswords()
    return violationsOf(this.policy, password, { ...context, commonPasswords })
  }

  /** Makes ready what the first judgement would otherwise wait for. */
  async warmUp(): Promise<void> {
    await this.commonPasswords()
  }

  private commonPasswords(): Promise<ReadonlySet<string>> {
    this.common ??= loadCommonPasswords(this.policy)
    return this.common
  }
}
