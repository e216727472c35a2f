import { GraphQLDateTimeISO } from 'graphql-scalars'
import { createUnionType, Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { InvalidField, UserError } from '../graphql/user-error.type.js'
import { AddressNotCovered } from '../ip-authorization/ip-authorization.type.js'
import { text } from '../messages/language.js'
import { SecondFactorMethodEnum } from '../settings/second-factor-method.type.js'
import {
  apiTokenDays,
  type SecondFactorPolicy,
  type SecuritySettings,
  type TrustedDevicePeriod,
} from '../settings/security-settings.js'
import { User } from '../users/user.type.js'

/** Which users need a second factor at sign-in. */
enum SecondFactorPolicyEnum {
  OFF = 'OFF',
  OPTIONAL = 'OPTIONAL',
  REQUIRED = 'REQUIRED',
}

registerEnumType(SecondFactorPolicyEnum, {
  name: 'SecondFactorPolicy',
  description: 'Which users need a second factor at sign-in.',
  valuesConfig: {
    OFF: { description: 'No user needs a second factor, not even users who have one.' },
    OPTIONAL: { description: 'Users who have a second factor need it.' },
    REQUIRED: {
      description:
        'Every user needs a second factor. Users who have none must enrol one, at once or from secondFactorRequiredFrom on.',
    },
  },
})

/** How long a browser can be trusted. */
enum TrustedDevicePeriodEnum {
  NEVER = 'NEVER',
  DAY = 'DAY',
  WEEK = 'WEEK',
  MONTH = 'MONTH',
}

registerEnumType(TrustedDevicePeriodEnum, {
  name: 'TrustedDevicePeriod',
  description: 'How long a user can trust a browser to sign in without a second factor.',
  valuesConfig: {
    NEVER: { description: 'A browser cannot be trusted.' },
    DAY: { description: 'A browser can be trusted for one day.' },
    WEEK: { description: 'A browser can be trusted for seven days.' },
    MONTH: { description: 'A browser can be trusted for thirty days.' },
  },
})

/** The security settings as the API returns them. */
@ObjectType('SecuritySettings', { description: 'Security settings of the whole account.' })
export class SecuritySettingsType {
  @Field(() => SecondFactorPolicyEnum, {
    description: 'Which users need a second factor at sign-in.',
  })
  secondFactor!: SecondFactorPolicy

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description:
      'From when users must enrol a second factor, if the policy is REQUIRED. Until then it works as OPTIONAL, and users who have no second factor see a notice. Null if the policy applies at once, and with other policies.',
  })
  secondFactorRequiredFrom!: Date | null

  @Field(() => [SecondFactorMethodEnum], {
    description:
      'The methods that can be used as a second factor. Never contains RECOVERY_CODE, which comes with any method.',
  })
  secondFactorMethods!: SecondFactorMethodEnum[]

  @Field(() => TrustedDevicePeriodEnum, {
    description: 'How long a user can trust a browser to sign in without a second factor.',
  })
  trustedDevices!: TrustedDevicePeriod

  @Field(() => Boolean, {
    description: 'Whether Rekey can be used only from allowedAddresses.',
  })
  ipAuthorization!: boolean

  @Field(() => Int, {
    nullable: true,
    description: `The maximum lifetime of API tokens in days, from ${apiTokenDays.least} to ${apiTokenDays.greatest}. Null if they may live as long as Rekey allows, ${apiTokenDays.greatest} days.`,
  })
  apiTokenMaxDays!: number | null

  @Field(() => Boolean, {
    description:
      'Whether SMS can be chosen as a method: the server can send codes by SMS only if SMS_GATEWAY_URL is set.',
  })
  smsAvailable!: boolean
}

/** The settings as the API returns them. */
export const securitySettingsTypeOf = (
  settings: SecuritySettings,
  smsAvailable: boolean,
): SecuritySettingsType =>
  Object.assign(new SecuritySettingsType(), settings, {
    secondFactorRequiredFrom:
      settings.secondFactorRequiredFrom === null
        ? null
        : new Date(settings.secondFactorRequiredFrom),
    secondFactorMethods: settings.secondFactorMethods.map(method => SecondFactorMethodEnum[method]),
    smsAvailable,
  })

/** Security settings to change. */
@InputType({
  description: 'Security settings to change. Fields that are left out stay as they are.',
})
export class UpdateSecuritySettingsInput {
  @Field(() => SecondFactorPolicyEnum, {
    nullable: true,
    description: 'Which users need a second factor at sign-in.',
  })
  secondFactor?: SecondFactorPolicy | null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description:
      'From when a required second factor is required: at most one day ago and at most 366 days ahead. Null requires it at once. Only with the policy REQUIRED; a change to another policy removes it.',
  })
  secondFactorRequiredFrom?: Date | null

  @Field(() => [SecondFactorMethodEnum], {
    nullable: true,
    description:
      'The methods that can be used as a second factor: at least one, SMS only if smsAvailable is true, never RECOVERY_CODE.',
  })
  secondFactorMethods?: SecondFactorMethodEnum[] | null

  @Field(() => TrustedDevicePeriodEnum, {
    nullable: true,
    description: 'How long a user can trust a browser to sign in without a second factor.',
  })
  trustedDevices?: TrustedDevicePeriod | null

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether Rekey can be used only from allowedAddresses. To switch it on, allowedAddresses must cover the caller’s own address.',
  })
  ipAuthorization?: boolean | null

  @Field(() => Int, {
    nullable: true,
    description: `The maximum lifetime of API tokens in days, from ${apiTokenDays.least} to ${apiTokenDays.greatest}. Existing tokens that live longer expire this many days after they were created, but not within the next 7 days, so that their owners can replace them. A longer maximum does not lengthen the life of existing tokens. Null removes the limit.`,
  })
  apiTokenMaxDays?: number | null
}

/** Some users have no phone number. */
@ObjectType({
  implements: UserError,
  description:
    'SMS cannot be the only second factor and required while some users have no phone number. They could no longer sign in.',
})
export class PhoneNumbersMissing extends UserError {
  @Field(() => Int, {
    description: 'How many users have no phone number, not counting blocked users.',
  })
  count: number

  @Field(() => [User], {
    description:
      'The first of these users by name, at most 20. Empty if the caller may not read users.',
  })
  users: User[]

  constructor(count: number, users: User[]) {
    super(text('security-settings.error.phoneNumbersMissing', { count }), ['secondFactorMethods'])
    this.count = count
    this.users = users
  }
}

const UpdateSecuritySettingsError = createUnionType({
  name: 'UpdateSecuritySettingsError',
  description: 'Why the security settings were not changed.',
  types: () => [InvalidField, AddressNotCovered, PhoneNumbersMissing] as const,
})

/** The result of changing the security settings. */
@ObjectType({ description: 'The result of changing the security settings.' })
export class UpdateSecuritySettingsPayload {
  @Field(() => SecuritySettingsType, {
    nullable: true,
    description: 'The updated settings; null if refused.',
  })
  settings: SecuritySettingsType | null = null

  @Field(() => [UpdateSecuritySettingsError], {
    description: 'Empty if the settings were changed. Otherwise nothing was changed.',
  })
  errors: (typeof UpdateSecuritySettingsError)[] = []
}
