import { createUnionType, Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { InvalidField, UserError } from '../graphql/user-error.type.js'
import { AddressNotCovered } from '../ip-authorization/ip-authorization.type.js'
import { SecondFactorMethodEnum } from '../settings/second-factor-method.type.js'
import type {
  SecondFactorPolicy,
  SecuritySettings,
  TrustedDevicePeriod,
} from '../settings/security-settings.js'
import { User } from '../users/user.type.js'

/** Of whom a second factor is asked. */
enum SecondFactorPolicyEnum {
  OFF = 'OFF',
  OPTIONAL = 'OPTIONAL',
  REQUIRED = 'REQUIRED',
}

registerEnumType(SecondFactorPolicyEnum, {
  name: 'SecondFactorPolicy',
  description: 'Of whom a second factor is asked at sign-in.',
  valuesConfig: {
    OFF: { description: 'Of nobody, also not of those who have one.' },
    OPTIONAL: { description: 'Of those who have one.' },
    REQUIRED: { description: 'Of everyone; those who have none are led to enrol one.' },
  },
})

/** How long a browser may be trusted. */
enum TrustedDevicePeriodEnum {
  NEVER = 'NEVER',
  DAY = 'DAY',
  WEEK = 'WEEK',
  MONTH = 'MONTH',
}

registerEnumType(TrustedDevicePeriodEnum, {
  name: 'TrustedDevicePeriod',
  description: 'How long a browser may be trusted to sign in without a second factor.',
  valuesConfig: {
    NEVER: { description: 'Not at all.' },
    DAY: { description: 'For a day.' },
    WEEK: { description: 'For seven days.' },
    MONTH: { description: 'For thirty days.' },
  },
})

/** Security settings as the API tells them. */
@ObjectType('SecuritySettings', { description: 'Security settings of the whole account.' })
export class SecuritySettingsType {
  @Field(() => SecondFactorPolicyEnum, {
    description: 'Of whom a second factor is asked at sign-in.',
  })
  secondFactor!: SecondFactorPolicy

  @Field(() => [SecondFactorMethodEnum], {
    description:
      'What may serve as a second factor; RECOVERY_CODE comes with any and is never here.',
  })
  secondFactorMethods!: SecondFactorMethodEnum[]

  @Field(() => TrustedDevicePeriodEnum, {
    description: 'How long a browser may be trusted to sign in without a second factor.',
  })
  trustedDevices!: TrustedDevicePeriod

  @Field(() => Boolean, {
    description: 'Whether Rekey can be used from allowedAddresses only.',
  })
  ipAuthorization!: boolean

  @Field(() => Boolean, {
    description: 'Whether codes can be sent by SMS, so that SMS can be chosen: SMS_GATEWAY_URL.',
  })
  smsAvailable!: boolean
}

/** The settings as the API tells them. */
export const securitySettingsTypeOf = (
  settings: SecuritySettings,
  smsAvailable: boolean,
): SecuritySettingsType =>
  Object.assign(new SecuritySettingsType(), settings, {
    secondFactorMethods: settings.secondFactorMethods.map(method => SecondFactorMethodEnum[method]),
    smsAvailable,
  })

/** Settings to be changed. */
@InputType({
  description: 'Security settings to be changed. Fields that are left out stay as they are.',
})
export class UpdateSecuritySettingsInput {
  @Field(() => SecondFactorPolicyEnum, {
    nullable: true,
    description: 'Of whom a second factor is asked at sign-in.',
  })
  secondFactor?: SecondFactorPolicy | null

  @Field(() => [SecondFactorMethodEnum], {
    nullable: true,
    description:
      'What may serve as a second factor: at least one; SMS only where smsAvailable; never RECOVERY_CODE.',
  })
  secondFactorMethods?: SecondFactorMethodEnum[] | null

  @Field(() => TrustedDevicePeriodEnum, {
    nullable: true,
    description: 'How long a browser may be trusted to sign in without a second factor.',
  })
  trustedDevices?: TrustedDevicePeriod | null

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether Rekey can be used from allowedAddresses only. They have to cover the caller’s own address before it is switched on.',
  })
  ipAuthorization?: boolean | null
}

/** People without a phone number. */
@ObjectType({
  implements: UserError,
  description:
    'Codes by SMS can’t be the only second factor and required as long as some have no phone number: they could not sign in any more.',
})
export class PhoneNumbersMissing extends UserError {
  @Field(() => Int, { description: 'How many have none, blocked users aside.' })
  count: number

  @Field(() => [User], { description: 'The first of them by name, at most 20.' })
  users: User[]

  constructor(count: number, users: User[]) {
    super(count === 1 ? 'One user has no phone number.' : `${count} users have no phone number.`, [
      'secondFactorMethods',
    ])
    this.count = count
    this.users = users
  }
}

const UpdateSecuritySettingsError = createUnionType({
  name: 'UpdateSecuritySettingsError',
  description: 'Why the security settings were not changed.',
  types: () => [InvalidField, AddressNotCovered, PhoneNumbersMissing] as const,
})

/** The outcome of a change. */
@ObjectType({ description: 'The outcome of changing the security settings.' })
export class UpdateSecuritySettingsPayload {
  @Field(() => SecuritySettingsType, {
    nullable: true,
    description: 'The settings as they are now; null when refused.',
  })
  settings: SecuritySettingsType | null = null

  @Field(() => [UpdateSecuritySettingsError], {
    description: 'Empty when the settings were changed. Otherwise nothing was changed.',
  })
  errors: (typeof UpdateSecuritySettingsError)[] = []
}
