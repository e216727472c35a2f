import {
  loadCommonPasswords,
  type PasswordContext,
  type PasswordPolicy,
  type PasswordRuleSetting,
  violationsOf,
} from '@rekey/shared/password-policy'

/** The user for whom a password is judged, as far as they are known. */
export interface PasswordUser {
  readonly login: string
  readonly firstName: string
  readonly lastName: string
}

/** The configured policy, with the list of commonly used passwords. */
export class PasswordPolicyService {
  private common: Promise<ReadonlySet<string>> | undefined

  constructor(
    readonly policy: PasswordPolicy,
    /** The words that no user may use in a password: the names of the product and of the server. */
    readonly contextWords: readonly string[],
  ) {}

  /**
   * The rules that a new password breaks, without those that need a stored hash; in the
   * policy's order.
   */
  async findViolations(
    password: string,
    { login, firstName, lastName }: PasswordUser,
    context: Pick<PasswordContext, 'currentPassword'> = {},
  ): Promise<PasswordRuleSetting[]> {
    return violationsOf(this.policy, password, {
      ...context,
      login,
      contextWords: [...this.contextWords, firstName, lastName],
      commonPasswords: await this.commonPasswords(),
    })
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
