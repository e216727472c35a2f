import type { PasswordPolicy as PolicySettings } from '@rekey/shared/password-policy'
import { Query, Resolver } from 'type-graphql'
import { PasswordPolicy } from './password-policy.type.js'

/** Returns the password policy as data. */
@Resolver()
export class PasswordPolicyResolver {
  constructor(private readonly policy: PolicySettings) {}

  @Query(() => PasswordPolicy, {
    description: 'The rules that a new password must meet. Readable without signing in.',
  })
  passwordPolicy(): PasswordPolicy {
    return new PasswordPolicy(this.policy)
  }
}
