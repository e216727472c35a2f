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
      return new InvalidField(result.message, ['secondFactorMethods'])
    case 'addressNotCovered':
      return new AddressNotCovered(origin.ip, ['ipAuthorization'])
    case 'phoneNumbersMissing':
      // Who they are is for those to know who may see users.
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
    description: 'The security settings of the whole account. For everyone signed in.',
  })
  async securitySettings(@Ctx() context: Context): Promise<SecuritySettingsType> {
    // Whoever has to enrol a second factor is told which there are.
    context.requireSignedIn({ evenIfSecondFactorMissing: true })
    return securitySettingsTypeOf(await this.settings.read(), this.updating.smsAvailable)
  }

  @Mutation(() => UpdateSecuritySettingsPayload, {
    description: 'Changes the security settings of the whole account. Takes settings.manage.',
  })
  @RequirePermission('settings.manage', 'UPDATE_SECURITY_SETTINGS')
  @RequireRecentProof()
  async updateSecuritySettings(
    @Arg('input', () => UpdateSecuritySettingsInput, { description: 'What to change.' })
    input: UpdateSecuritySettingsInput,
    @Ctx() context: Context,
  ): Promise<UpdateSecuritySettingsPayload> {
    const given = Object.entries(input).filter(([, value]) => value != null)
    const result = await this.updating.update(
      context.requireSignedIn(),
      Object.fromEntries(given),
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
