import type { PasswordPolicy } from '@rekey/shared/password-policy'
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import { RequirePermission, RequireRecentProof } from '../access/guards.js'
import { requirePermission } from '../access/require-permission.js'
import type { Context } from '../graphql/context.js'
import { InvalidField } from '../graphql/user-error.type.js'
import type { PasswordPolicyService } from '../passwords/password-policy.service.js'
import {
  PasswordPolicyLocked,
  PasswordPolicySettings,
  UpdatePasswordPolicyInput,
  UpdatePasswordPolicyPayload,
} from './password-policy-settings.type.js'
import type { UpdatePasswordPolicyService } from './update-password-policy.service.js'

/** Reads and changes the password policy of the whole account. */
@Resolver()
export class PasswordPolicySettingsResolver {
  constructor(
    private readonly policies: PasswordPolicyService,
    private readonly updating: UpdatePasswordPolicyService,
  ) {}

  @Query(() => PasswordPolicySettings, {
    description:
      'The password policy with its switches, limits and presets. Requires settings.manage. Everyone can read the policy itself: passwordPolicy.',
  })
  async passwordPolicySettings(@Ctx() context: Context): Promise<PasswordPolicySettings> {
    requirePermission(context.requireSignedIn(), 'settings.manage')
    return this.settingsOf(await this.policies.readPolicy())
  }

  @Mutation(() => UpdatePasswordPolicyPayload, {
    description:
      'Changes the password policy of the whole account. It applies to new passwords at once, and to no stored password. Requires settings.manage.',
  })
  @RequirePermission('settings.manage', 'UPDATE_PASSWORD_POLICY')
  @RequireRecentProof()
  async updatePasswordPolicy(
    @Arg('input', () => UpdatePasswordPolicyInput, { description: 'The rules to change.' })
    { rules }: UpdatePasswordPolicyInput,
    @Ctx() context: Context,
  ): Promise<UpdatePasswordPolicyPayload> {
    const result = await this.updating.updatePasswordPolicy(
      context.requireSignedIn(),
      rules.map(({ rule, enabled, bound = null }) => ({ rule, enabled, bound })),
      context.origin,
    )
    const payload = new UpdatePasswordPolicyPayload()
    switch (result.kind) {
      case 'updated':
        payload.settings = this.settingsOf(result.policy)
        break
      case 'locked':
        payload.errors = [new PasswordPolicyLocked()]
        break
      case 'invalid':
        payload.errors = result.problems.map(one => new InvalidField(one.message, [...one.path]))
    }
    return payload
  }

  private settingsOf(policy: PasswordPolicy): PasswordPolicySettings {
    const { locked, breachSources } = this.policies
    return new PasswordPolicySettings(policy, locked, breachSources)
  }
}
