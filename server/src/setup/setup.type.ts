import { createUnionType, Field, InputType, ObjectType } from 'type-graphql'
import { MaxLength } from '../graphql/max-length.js'
import { InvalidField, UserError } from '../graphql/user-error.type.js'
import { PasswordPolicyViolated } from '../passwords/password-policy.type.js'
import { User } from '../users/user.type.js'

/** The first owner as they describe themselves. */
@InputType({ description: 'The first owner.' })
export class SetUpOwnerInput {
  @MaxLength(200)
  @Field(() => String, { description: 'The token of the one-time link the server printed.' })
  token!: string

  @MaxLength(1_000)
  @Field(() => String, { description: 'An e-mail address of at most 254 characters.' })
  login!: string

  @MaxLength(1_000)
  @Field(() => String, { description: '1 to 100 characters.' })
  firstName!: string

  @MaxLength(1_000)
  @Field(() => String, { description: 'Up to 100 characters; may be empty.' })
  lastName!: string

  @MaxLength(1_000)
  @Field(() => String, { description: 'See passwordPolicy for its rules.' })
  password!: string
}

/** The link does not work. */
@ObjectType({
  implements: UserError,
  description:
    'The link is wrong, was used, has expired, or there is an owner already. A restart of the server prints a new one while there is no user.',
})
export class SetupLinkInvalid extends UserError {
  constructor() {
    super('This link has been used or has expired.', ['token'])
  }
}

const SetUpOwnerError = createUnionType({
  name: 'SetUpOwnerError',
  description: 'Why no owner was made.',
  types: () => [SetupLinkInvalid, InvalidField, PasswordPolicyViolated] as const,
})

/** The outcome of the setup. */
@ObjectType({ description: 'The outcome of the setup.' })
export class SetUpOwnerPayload {
  @Field(() => User, { nullable: true, description: 'The owner, signed in; null when refused.' })
  user: User | null = null

  @Field(() => [SetUpOwnerError], { description: 'Empty when the owner was made.' })
  errors: (typeof SetUpOwnerError)[] = []
}
