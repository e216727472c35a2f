import { Query, Resolver } from 'type-graphql'
import type { PasswordPolicyService } from './password-policy.service.js'
import { PasswordPolicy } from './password-policy.type.js'

/** Returns the password policy as data. */
@Resolver()
export class PasswordPolicyResolver {
  constructor(private readonly policies: PasswordPolicyService) {}

  @Query(() => PasswordPolicy, {
    description: 'The rules that a new password must meet. Readable without signing in.',
  })
  async passwordPolicy(): Promise<PasswordPolicy> {
    return new PasswordPolicy(
      await this.policies.readEffectivePolicy(),
      await this.policies.readContextWords(),
    )
  }
}
