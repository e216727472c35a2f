import { createUnionType, Field, InputType, ObjectType } from 'type-graphql'
import { MaxLength } from '../graphql/max-length.js'
import { TooManyAttempts } from '../graphql/user-error.type.js'
import { AddressNotAllowed } from '../ip-authorization/ip-authorization.type.js'
import { LinkInvalid } from '../one-time-links/one-time-link.type.js'
import { User } from '../users/user.type.js'
import { PasswordPolicyViolated } from './password-policy.type.js'

/** A request for a link. */
@InputType({ description: 'A request for a link that resets a forgotten password.' })
export class RequestPasswordResetInput {
  @MaxLength(254)
  @Field(() => String, {
    description: 'The login in any spelling, as for logIn; at most 254 characters.',
  })
  login!: string
}

const RequestPasswordResetError = createUnionType({
  name: 'RequestPasswordResetError',
  description: 'Why a request was not taken.',
  types: () => [TooManyAttempts] as const,
})

/** The outcome of a request. */
@ObjectType({
  description: 'The outcome of a request: the same whether the login is someone’s or nobody’s.',
})
export class RequestPasswordResetPayload {
  @Field(() => [RequestPasswordResetError], {
    description: 'Empty when the request was taken. Whether a mail goes out is not told.',
  })
  errors: (typeof RequestPasswordResetError)[] = []
}

/** A reset. No validator touches it: their errors quote what they saw. */
@InputType({ description: 'A new password in place of a forgotten one.' })
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

/** The outcome of a reset. */
@ObjectType({ description: 'The outcome of a reset.' })
export class ResetPasswordPayload {
  @Field(() => User, {
    nullable: true,
    description: 'Whose password was reset, not signed in by it; null when it was not.',
  })
  user: User | null = null

  @Field(() => [ResetPasswordError], {
    description: 'Empty when the password was reset. Otherwise nothing was changed.',
  })
  errors: (typeof ResetPasswordError)[] = []
}
