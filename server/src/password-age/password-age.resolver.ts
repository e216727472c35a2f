import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import { RequirePermission, RequireRecentProof } from '../access/guards.js'
import { requirePermission } from '../access/require-permission.js'
import type { Context } from '../graphql/context.js'
import { InvalidField } from '../graphql/user-error.type.js'
import { type PasswordAge, passwordAgeNames } from '../settings/password-age.js'
import type { SettingsService } from '../settings/settings.service.js'
import { passwordDeadlineOf } from '../users/password-age.js'
import { User } from '../users/user.type.js'
import {
  PasswordAgeSettings,
  PasswordDeadlineType,
  UpdatePasswordAgeInput,
  UpdatePasswordAgePayload,
} from './password-age.type.js'
import type { UpdatePasswordAgeService } from './update-password-age.service.js'

/** Reads and changes how old passwords may become. */
@Resolver(() => User)
export class PasswordAgeResolver {
  constructor(
    private readonly settings: SettingsService,
    private readonly updating: UpdatePasswordAgeService,
  ) {}

  @FieldResolver(() => PasswordDeadlineType, {
    nullable: true,
    description:
      'When the user should change their password because of its age; null if the account has no such setting, and for a user without a password. If the account both recommends and requires a change, the recommended deadline, until the user is reminded of the required one.',
  })
  async passwordDeadline(@Root() user: User): Promise<PasswordDeadlineType | null> {
    const deadline = passwordDeadlineOf(user, await this.settings.readPasswordAge())
    return deadline === null ? null : new PasswordDeadlineType(deadline)
  }

  @Query(() => PasswordAgeSettings, {
    description: 'How old passwords may become. Requires settings.manage.',
  })
  async passwordAgeSettings(@Ctx() context: Context): Promise<PasswordAgeSettings> {
    requirePermission(context.requireSignedIn(), 'settings.manage')
    return new PasswordAgeSettings(await this.settings.readPasswordAge())
  }

  @Mutation(() => UpdatePasswordAgePayload, {
    description:
      'Changes how old passwords may become. The deadlines of all users follow at once, and passwords that are too old already must be changed next. Requires settings.manage.',
  })
  @RequirePermission('settings.manage', 'UPDATE_PASSWORD_AGE')
  @RequireRecentProof()
  async updatePasswordAge(
    @Arg('input', () => UpdatePasswordAgeInput, { description: 'The settings to change.' })
    input: UpdatePasswordAgeInput,
    @Ctx() context: Context,
  ): Promise<UpdatePasswordAgePayload> {
    const given: Partial<PasswordAge> = Object.fromEntries(
      passwordAgeNames.flatMap(name => (input[name] === undefined ? [] : [[name, input[name]]])),
    )
    const result = await this.updating.updatePasswordAge(
      context.requireSignedIn(),
      given,
      context.origin,
    )
    const payload = new UpdatePasswordAgePayload()
    if (result.kind === 'updated') payload.settings = new PasswordAgeSettings(result.age)
    else payload.errors = result.problems.map(one => new InvalidField(one.message, [one.field]))
    return payload
  }
}
