import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import { RequirePermission } from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import { InvalidField } from '../graphql/user-error.type.js'
import type { SettingsService } from '../settings/settings.service.js'
import {
  AccountSettingsType,
  accountSettingsTypeOf,
  UpdateAccountSettingsInput,
  UpdateAccountSettingsPayload,
} from './account-settings.type.js'
import type { UpdateAccountSettingsService } from './update-account-settings.service.js'

/** Reads and changes the account's defaults for the profiles of its users. */
@Resolver()
export class AccountSettingsResolver {
  constructor(
    private readonly settings: SettingsService,
    private readonly updating: UpdateAccountSettingsService,
  ) {}

  @Query(() => AccountSettingsType, {
    description:
      'Settings of the whole account for the profiles of its users. Requires a signed-in caller.',
  })
  async accountSettings(@Ctx() context: Context): Promise<AccountSettingsType> {
    context.requireSignedIn()
    return accountSettingsTypeOf(await this.settings.readAccountDefaults())
  }

  @Mutation(() => UpdateAccountSettingsPayload, {
    description: 'Changes the account settings. Requires settings.manage.',
  })
  @RequirePermission('settings.manage', 'UPDATE_ACCOUNT_SETTINGS')
  async updateAccountSettings(
    @Arg('input', () => UpdateAccountSettingsInput, { description: 'The settings to change.' })
    { defaultLanguage, defaultRegion }: UpdateAccountSettingsInput,
    @Ctx() context: Context,
  ): Promise<UpdateAccountSettingsPayload> {
    const given = {
      ...(defaultLanguage == null ? {} : { defaultLanguage }),
      ...(defaultRegion === undefined ? {} : { defaultRegion }),
    }
    const caller = context.requireSignedIn()
    const result = await this.updating.updateAccountSettings(caller, given, context.origin)
    const payload = new UpdateAccountSettingsPayload()
    if (result.kind === 'updated') payload.settings = accountSettingsTypeOf(result.settings)
    else payload.errors = result.problems.map(one => new InvalidField(one.message, [one.field]))
    return payload
  }
}
