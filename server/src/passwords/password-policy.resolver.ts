import type { PasswordPolicy as PolicySettings } from '@rekey/shared/password-policy'
import { Query, Resolver } from 'type-graphql'
import { PasswordPolicy } from './password-policy.type.js'

/** Hands the policy out as data. */
@Resolver()
export class PasswordPolicyResolver {
  constructor(private readonly policy: PolicySettings) {}

  @Query(() => PasswordPolicy, {
    description: 'The rules a new password must meet. Readable without signing in.',
  })
  passwordPolicy(): PasswordPolicy {
    return new PasswordPolicy(this.policy)
  }
}
