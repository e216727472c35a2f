import { createUnionType, Field, InputType, ObjectType } from 'type-graphql'
import { MaxLength } from '../graphql/max-length.js'
import { TooManyAttempts } from '../graphql/user-error.type.js'
import { AddressNotAllowed } from '../ip-authorization/ip-authorization.type.js'
import { LinkInvalid } from '../one-time-links/one-time-link.type.js'
import { User } from '../users/user.type.js'
import { PasswordPolicyViolated } from './password-policy.type.js'

/** A request for a reset link. */
@InputType({ description: 'A request for a link that resets a forgotten password.' })
export class RequestPasswordResetInput {
  @MaxLength(254)
  @Field(() => String, {
    description: 'The user’s login in any spelling, as for logIn; at most 254 characters.',
  })
  login!: string
}

const RequestPasswordResetError = createUnionType({
  name: 'RequestPasswordResetError',
  description: 'Why the server did not accept a request for a reset link.',
  types: () => [TooManyAttempts] as const,
})

/** The outcome of a request. */
@ObjectType({
  description:
    'The outcome of a request for a reset link. It is the same whether or not a user has the login.',
})
export class RequestPasswordResetPayload {
  @Field(() => [RequestPasswordResetError], {
    description:
      'Empty if the request was accepted. The answer does not reveal whether a mail is sent.',
  })
  errors: (typeof RequestPasswordResetError)[] = []
}

/** A reset. No validator checks it, because a validator's errors quote the value. */
@InputType({ description: 'A new password that replaces a forgotten one.' })
export class ResetPasswordInput {
  @MaxLength(200)
  @Field(() => String, { description: 'The token of the link that was sent by mail.' })
  token!: string

  @MaxLength(1_000)
  @Field(() => String, { description: 'The new password. See passwordPolicy for its rules.' })
  newPassword!: string
}

const ResetPasswordError = createUnionType({
  name: 'ResetPasswordError',
  description: 'Why a password was not reset.',
  types: () => [LinkInvalid, AddressNotAllowed, PasswordPolicyViolated] as const,
})

/** The outcome of a password reset. */
@ObjectType({ description: 'The outcome of a password reset.' })
export class ResetPasswordPayload {
  @Field(() => User, {
    nullable: true,
    description: 'The user whose password was reset, not signed in; null if it was not reset.',
  })
  user: User | null = null

  @Field(() => [ResetPasswordError], {
    description: 'Empty if the password was reset. Otherwise nothing was changed.',
  })
  errors: (typeof ResetPasswordError)[] = []
}
