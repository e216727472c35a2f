import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql'
import { MaxLength } from '../graphql/max-length.js'
import { TooManyAttempts, UserError, UserNotFound } from '../graphql/user-error.type.js'
import { User } from '../users/user.type.js'
import { PasswordPolicyViolated } from './password-policy.type.js'

/** What a change is asked for with. No validator touches it: their errors quote what they saw. */
@InputType({ description: 'A password change.' })
export class ChangePasswordInput {
  @Field(() => ID, {
    nullable: true,
    description:
      'Whose password to change. Left out, the caller’s own. Another’s takes users.manage; nobody changes that of someone whose role is higher than their own, or who holds a permission that they do not.',
  })
  userId?: string | null

  @MaxLength(1_000)
  @Field(() => String, {
    description:
      'The caller’s own current password, whoever’s password is changed: it proves who is calling.',
  })
  currentPassword!: string

  @MaxLength(1_000)
  @Field(() => String, { description: 'The new password. See passwordPolicy for its rules.' })
  newPassword!: string

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether the profile’s next sign-in leads to a password change and to nothing else. For another’s password only, and true unless given: who sets it for someone else should not go on knowing it. For one’s own it has no effect.',
  })
  requireChangeAtNextSignIn?: boolean | null
}

/** The caller's password is wrong. */
@ObjectType({
  implements: UserError,
  description:
    'The current password is not the caller’s. It is also the answer when another change came first.',
})
export class CurrentPasswordIncorrect extends UserError {
  constructor(path = ['currentPassword']) {
    super('This is not your current password.', path)
  }
}

const ChangePasswordError = createUnionType({
  name: 'ChangePasswordError',
  description: 'Why a password was not changed.',
  types: () =>
    [CurrentPasswordIncorrect, PasswordPolicyViolated, TooManyAttempts, UserNotFound] as const,
})

/** The outcome of a change. */
@ObjectType({ description: 'The outcome of a password change.' })
export class ChangePasswordPayload {
  @Field(() => User, {
    nullable: true,
    description: 'The profile whose password was changed; null when it was not.',
  })
  user: User | null = null

  @Field(() => [ChangePasswordError], {
    description: 'Empty when the password was changed. Otherwise nothing was changed.',
  })
  errors: (typeof ChangePasswordError)[] = []
}
