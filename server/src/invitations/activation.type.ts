import { createUnionType, Field, InputType, ObjectType } from 'type-graphql'
import { MaxLength } from '../graphql/max-length.js'
import { AddressNotAllowed } from '../ip-authorization/ip-authorization.type.js'
import { LinkInvalid } from '../one-time-links/one-time-link.type.js'
import { PasswordPolicyViolated } from '../passwords/password-policy.type.js'
import { User } from '../users/user.type.js'

/** The first password of an invited user. */
@InputType({ description: 'The first password of an invited user.' })
export class ActivateUserInput {
  @MaxLength(200)
  @Field(() => String, { description: 'The token of the invitation’s link.' })
  token!: string

  @MaxLength(1_000)
  @Field(() => String, { description: 'The first password. See passwordPolicy for its rules.' })
  password!: string
}

const ActivateUserError = createUnionType({
  name: 'ActivateUserError',
  description: 'Why the user was not activated.',
  types: () => [LinkInvalid, AddressNotAllowed, PasswordPolicyViolated] as const,
})

/** The result of an activation. */
@ObjectType({ description: 'The result of an activation.' })
export class ActivateUserPayload {
  @Field(() => User, {
    nullable: true,
    description: 'The user who is now active and signed in; null if the activation was refused.',
  })
  user: User | null = null

  @Field(() => [ActivateUserError], {
    description: 'Empty if the user was activated. Otherwise nothing was changed.',
  })
  errors: (typeof ActivateUserError)[] = []
}
