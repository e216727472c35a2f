import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import { RequirePermission, RequireRecentProof } from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import { InvalidField } from '../graphql/user-error.type.js'
import type { SettingsService } from '../settings/settings.service.js'
import {
  AccountLookType,
  UpdateAccountLookInput,
  UpdateAccountLookPayload,
} from './account-look.type.js'
import type { UpdateAccountLookService } from './update-account-look.service.js'

/** Reads and changes how the account looks. */
@Resolver()
export class AccountLookResolver {
  constructor(
    private readonly settings: SettingsService,
    private readonly updating: UpdateAccountLookService,
  ) {}

  @Query(() => AccountLookType, {
    description:
      'How the account looks on pages and in mails. Requires no sign-in: the sign-in page shows it.',
  })
  async accountLook(): Promise<AccountLookType> {
    return new AccountLookType(await this.settings.readLook())
  }

  @Mutation(() => UpdateAccountLookPayload, {
    description:
      'Changes how the account looks on pages and in mails. Takes effect on every instance within a second. Requires settings.manage.',
  })
  @RequirePermission('settings.manage', 'UPDATE_ACCOUNT_LOOK')
  @RequireRecentProof()
  async updateAccountLook(
    @Arg('input', () => UpdateAccountLookInput, { description: 'The fields to change.' })
    input: UpdateAccountLookInput,
    @Ctx() context: Context,
  ): Promise<UpdateAccountLookPayload> {
    const caller = context.requireSignedIn()
    const result = await this.updating.updateAccountLook(caller, input, context.origin)
    const payload = new UpdateAccountLookPayload()
    if (result.kind === 'updated') payload.look = new AccountLookType(result.look)
    else payload.errors = result.problems.map(one => new InvalidField(one.message, [one.field]))
    return payload
  }
}
