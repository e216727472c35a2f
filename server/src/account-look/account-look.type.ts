import { accentOf } from '@rekey/shared/accent'
import { createUnionType, Field, InputType, ObjectType } from 'type-graphql'
import { MaxLength } from '../graphql/max-length.js'
import { InvalidField } from '../graphql/user-error.type.js'
import { type AccountLook, productName } from '../settings/account-look.js'
import { maxLogoBytes, maxLogoSide } from './logo.js'
import { logoAddressOf } from './logo-address.js'

/** How the account looks. */
@ObjectType('AccountLook', {
  description: 'How the account looks on the sign-in page, on other pages and in mails.',
  simpleResolvers: true,
})
export class AccountLookType {
  @Field(() => String, {
    description: 'The name of the account; `Rekey` until someone sets another name.',
  })
  name: string

  @Field(() => String, {
    nullable: true,
    description: 'The accent colour as `#rrggbb`, as it was chosen; null for Rekey’s own.',
  })
  accentColor: string | null

  @Field(() => [String], {
    nullable: true,
    description:
      'Ten shades of the accent colour, from the lightest to the darkest. Shade 7 (of 0 to 9) has enough contrast on light backgrounds, and shade 6 on dark ones. Null for Rekey’s own colour.',
  })
  shades: readonly string[] | null

  @Field(() => String, {
    nullable: true,
    description: 'The address of the logo, relative to the address of Rekey; null without a logo.',
  })
  logoUrl: string | null

  constructor({ name, accentColor, logo }: AccountLook) {
    this.name = name ?? productName
    this.accentColor = accentColor
    this.shades = accentColor === null ? null : accentOf(accentColor).shades
    this.logoUrl = logoAddressOf(logo)
  }
}

/** Changes to the look. */
@InputType({
  description:
    'Changes to the look of the account. Null or an empty text returns to Rekey’s own look. Fields that are left out stay as they are.',
})
export class UpdateAccountLookInput {
  @MaxLength(1_000)
  @Field(() => String, {
    nullable: true,
    description:
      'The name of the account: one line of at most 60 characters, without control characters.',
  })
  name?: string | null

  @MaxLength(100)
  @Field(() => String, {
    nullable: true,
    description:
      'The accent colour as `#rrggbb`. If it has too little contrast, buttons and links use darker or lighter shades of it.',
  })
  accentColor?: string | null

  @MaxLength(96_000)
  @Field(() => String, {
    nullable: true,
    description: `The logo: a PNG file in Base64, of at most ${maxLogoBytes / 1024} KB and ${maxLogoSide} × ${maxLogoSide} pixels, neither interlaced nor animated. The server stores only its pixels.`,
  })
  logo?: string | null
}

const UpdateAccountLookError = createUnionType({
  name: 'UpdateAccountLookError',
  description: 'Why the look was not changed.',
  types: () => [InvalidField] as const,
})

/** The result of a change. */
@ObjectType({ description: 'The result of a change of the look.' })
export class UpdateAccountLookPayload {
  @Field(() => AccountLookType, {
    nullable: true,
    description: 'The look after the change; null if nothing was changed.',
  })
  look: AccountLookType | null = null

  @Field(() => [UpdateAccountLookError], {
    description: 'Empty if the look was changed. Otherwise nothing was changed.',
  })
  errors: (typeof UpdateAccountLookError)[] = []
}
