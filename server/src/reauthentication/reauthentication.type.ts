import { GraphQLJSON } from 'graphql-scalars'
import { createUnionType, Field, InputType, ObjectType } from 'type-graphql'
import { MaxLength } from '../graphql/max-length.js'
import { TooManyAttempts } from '../graphql/user-error.type.js'
import { CurrentPasswordIncorrect } from '../passwords/change-password.type.js'
import { SecondFactorIncorrect } from '../second-factor/second-factor.type.js'

/** What someone proves with who they are. No validator touches it: their errors quote what they saw. */
@InputType({ description: 'A proof of who is calling.' })
export class ReauthenticateInput {
  @MaxLength(1_000)
  @Field(() => String, { description: 'The caller’s own current password.' })
  password!: string

  @MaxLength(64)
  @Field(() => String, {
    nullable: true,
    description:
      'A code of the caller’s second factor, or a recovery code. For those who have a second factor, unless they give passkeyResponse.',
  })
  code?: string | null

  @Field(() => GraphQLJSON, {
    nullable: true,
    description:
      'What the browser made of a passkey, as JSON of beginReauthentication (WebAuthn Level 3, AuthenticationResponseJSON). In place of a code.',
  })
  passkeyResponse?: unknown
}

const ReauthenticateError = createUnionType({
  name: 'ReauthenticateError',
  description: 'Why a proof was worth nothing.',
  types: () => [CurrentPasswordIncorrect, SecondFactorIncorrect, TooManyAttempts] as const,
})

/** The outcome of a proof. */
@ObjectType({ description: 'The outcome of a proof of who is calling.' })
export class ReauthenticatePayload {
  @Field(() => [ReauthenticateError], { description: 'Empty when the caller is who they say.' })
  errors: (typeof ReauthenticateError)[] = []
}
