import { hasPermission } from '@rekey/shared/access'
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import { RequirePermission, RequireRecentProof } from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import { InvalidField } from '../graphql/user-error.type.js'
import { AddressNotCovered } from '../ip-authorization/ip-authorization.type.js'
import type { SettingsService } from '../settings/settings.service.js'
import { userOf } from '../users/user.type.js'
import {
  PhoneNumbersMissing,
  SecuritySettingsType,
  securitySettingsTypeOf,
  UpdateSecuritySettingsInput,
  UpdateSecuritySettingsPayload,
} from './security-settings.type.js'
import type {
  SecuritySettingsResult,
  UpdateSecuritySettingsService,
} from './update-security-settings.service.js'

const errorOf = (
  result: Exclude<SecuritySettingsResult, { kind: 'updated' }>,
  { origin, caller }: Context,
) => {
  switch (result.kind) {
    case 'invalid':
      return new InvalidField(result.message, [result.field])
    case 'addressNotCovered':
      return new AddressNotCovered(origin.ip, ['ipAuthorization'])
    case 'phoneNumbersMissing':
      // Only a caller who may read users learns who they are.
      return new PhoneNumbersMissing(
        result.count,
        caller !== null && hasPermission(caller, 'users.read') ? result.users.map(userOf) : [],
      )
  }
}

/** Reads and changes the settings of the whole account. */
@Resolver()
export class SettingsResolver {
  constructor(
    private readonly settings: SettingsService,
    private readonly updating: UpdateSecuritySettingsService,
  ) {}

  @Query(() => SecuritySettingsType, {
    description: 'The security settings of the whole account. Requires a signed-in caller.',
  })
  async securitySettings(@Ctx() context: Context): Promise<SecuritySettingsType> {
    // A user who must enrol a second factor must know the methods.
    context.requireSignedIn({ evenIfSecondFactorMissing: true })
    return securitySettingsTypeOf(await this.settings.read(), this.updating.smsAvailable)
  }

  @Mutation(() => UpdateSecuritySettingsPayload, {
    description: 'Changes the security settings of the whole account. Requires settings.manage.',
  })
  @RequirePermission('settings.manage', 'UPDATE_SECURITY_SETTINGS')
  @RequireRecentProof()
  async updateSecuritySettings(
    @Arg('input', () => UpdateSecuritySettingsInput, { description: 'The settings to change.' })
    input: UpdateSecuritySettingsInput,
    @Ctx() context: Context,
  ): Promise<UpdateSecuritySettingsPayload> {
    const { secondFactorRequiredFrom: from, apiTokenMaxDays, ...rest } = input
    const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value != null))
    const result = await this.updating.update(
      context.requireSignedIn(),
      {
        ...given,
        // Null is a value here: at once.
        ...(from === undefined ? {} : { secondFactorRequiredFrom: from?.toISOString() ?? null }),
        // Null is a value here: no limit.
        ...(apiTokenMaxDays === undefined ? {} : { apiTokenMaxDays }),
      },
      context.origin,
    )
    const payload = new UpdateSecuritySettingsPayload()
    if (result.kind === 'updated') {
      payload.settings = securitySettingsTypeOf(result.settings, this.updating.smsAvailable)
    } else {
      payload.errors = [errorOf(result, context)]
    }
    return payload
  }
}
