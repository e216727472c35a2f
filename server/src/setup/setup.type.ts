import { createUnionType, Field, InputType, ObjectType } from 'type-graphql'
import { MaxLength } from '../graphql/max-length.js'
import { InvalidField, UserError } from '../graphql/user-error.type.js'
import { text } from '../messages/language.js'
import { PasswordPolicyViolated } from '../passwords/password-policy.type.js'
import { User } from '../users/user.type.js'

/** The data that the first owner enters. */
@InputType({ description: 'The data of the first owner.' })
export class SetUpOwnerInput {
  @MaxLength(200)
  @Field(() => String, { description: 'The token of the one-time link that the server printed.' })
  token!: string

  @MaxLength(1_000)
  @Field(() => String, { description: 'The login: an e-mail address of at most 254 characters.' })
  login!: string

  @MaxLength(1_000)
  @Field(() => String, { description: 'The first name: 1 to 100 characters.' })
  firstName!: string

  @MaxLength(1_000)
  @Field(() => String, { description: 'The last name: up to 100 characters; may be empty.' })
  lastName!: string

  @MaxLength(1_000)
  @Field(() => String, { description: 'The password. See passwordPolicy for its rules.' })
  password!: string
}

/** The setup link is not valid. */
@ObjectType({
  implements: UserError,
  description:
    'The link is wrong, was used or has expired, or there is already an owner. If there is no user, the server prints a new link when it restarts.',
})
export class SetupLinkInvalid extends UserError {
  constructor() {
    super(text('setup.error.setupLinkInvalid'), ['token'])
  }
}

const SetUpOwnerError = createUnionType({
  name: 'SetUpOwnerError',
  description: 'Why the owner was not created.',
  types: () => [SetupLinkInvalid, InvalidField, PasswordPolicyViolated] as const,
})

/** The result of the setup. */
@ObjectType({ description: 'The result of the setup.' })
export class SetUpOwnerPayload {
  @Field(() => User, {
    nullable: true,
    description: 'The new owner, who is now signed in; null if refused.',
  })
  user: User | null = null

  @Field(() => [SetUpOwnerError], { description: 'Empty if the owner was created.' })
  errors: (typeof SetUpOwnerError)[] = []
}
