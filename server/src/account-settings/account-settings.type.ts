import { createUnionType, Field, InputType, ObjectType } from 'type-graphql'
import { MaxLength } from '../graphql/max-length.js'
import { InvalidField } from '../graphql/user-error.type.js'
import { phoneRegions } from '../phone-numbers/phone.js'
import type { AccountDefaults } from '../settings/account-defaults.js'
import { languageRule } from '../users/user-fields.js'

const regionText =
  'An ISO 3166-1 alpha-2 code such as PL; AC, TA and XK stand for Ascension Island, Tristan da Cunha and Kosovo'

/** Account settings as the API returns them. */
@ObjectType('AccountSettings', {
  description: 'Settings of the whole account for the profiles of its users.',
})
export class AccountSettingsType {
  @Field(() => String, {
    description:
      'The default language (BCP 47). New users get it if no language is given. Mails and pages use it for people whose own language Rekey does not have.',
  })
  defaultLanguage!: string

  @Field(() => String, {
    nullable: true,
    description: `The region whose national phone numbers are read. ${regionText}. Null if there is none: national numbers then stay as they are typed.`,
  })
  defaultRegion!: string | null

  @Field(() => [String], { description: 'The regions that defaultRegion accepts, sorted.' })
  regions!: readonly string[]
}

/** The account's defaults as the API returns them. */
export const accountSettingsTypeOf = (defaults: AccountDefaults): AccountSettingsType =>
  Object.assign(new AccountSettingsType(), defaults, { regions: phoneRegions })

/** Account settings to change. */
@InputType({
  description: 'Account settings to change. Fields that are left out stay as they are.',
})
export class UpdateAccountSettingsInput {
  @MaxLength(100)
  @Field(() => String, {
    nullable: true,
    description: `The default language: ${languageRule}. New users get it if no language is given. Mails and pages use it for people whose own language Rekey does not have. Null changes nothing.`,
  })
  defaultLanguage?: string | null

  @MaxLength(100)
  @Field(() => String, {
    nullable: true,
    description:
      'The region whose national phone numbers are read, one of AccountSettings.regions. Null or empty: none. Phone numbers that are stored already do not change.',
  })
  defaultRegion?: string | null
}

const UpdateAccountSettingsError = createUnionType({
  name: 'UpdateAccountSettingsError',
  description: 'Why the account settings were not changed.',
  types: () => [InvalidField] as const,
})

/** The result of changing the account settings. */
@ObjectType({ description: 'The result of changing the account settings.' })
export class UpdateAccountSettingsPayload {
  @Field(() => AccountSettingsType, {
    nullable: true,
    description: 'The updated settings; null if the change was rejected.',
  })
  settings: AccountSettingsType | null = null

  @Field(() => [UpdateAccountSettingsError], {
    description: 'Empty if the settings were changed. Otherwise nothing was changed.',
  })
  errors: (typeof UpdateAccountSettingsError)[] = []
}
