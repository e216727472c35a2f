import { GraphQLJSON } from 'graphql-scalars'
import { createUnionType, Field, InputType, ObjectType } from 'type-graphql'
import { MaxLength } from '../graphql/max-length.js'
import { TooManyAttempts } from '../graphql/user-error.type.js'
import { CurrentPasswordIncorrect } from '../passwords/change-password.type.js'
import { SecondFactorIncorrect } from '../second-factor/second-factor.type.js'
import { PasswordExpired } from '../users/password-expired.type.js'

/**
 * What a caller confirms their identity with. Do not add class-validator rules: their errors
 * quote the secret they reject.
 */
@InputType({ description: 'What the caller confirms their identity with.' })
export class ReauthenticateInput {
  @MaxLength(1_000)
  @Field(() => String, { description: 'The caller’s own current password.' })
  password!: string

  @MaxLength(64)
  @Field(() => String, {
    nullable: true,
    description:
      'A code of the caller’s second factor, or a recovery code. Required if the caller has a second factor and gives no passkeyResponse.',
  })
  code?: string | null

  @Field(() => GraphQLJSON, {
    nullable: true,
    description:
      'Instead of a code, the response of the browser to passkeyOptions of beginReauthentication (WebAuthn Level 3, AuthenticationResponseJSON).',
  })
  passkeyResponse?: unknown
}

const ReauthenticateError = createUnionType({
  name: 'ReauthenticateError',
  description: 'Why the identity was not confirmed.',
  types: () =>
    [CurrentPasswordIncorrect, PasswordExpired, SecondFactorIncorrect, TooManyAttempts] as const,
})

/** The outcome of confirming an identity. */
@ObjectType({ description: 'The outcome of confirming the caller’s identity.' })
export class ReauthenticatePayload {
  @Field(() => [ReauthenticateError], {
    description: 'Why the identity was not confirmed; empty if it was.',
  })
  errors: (typeof ReauthenticateError)[] = []
}
