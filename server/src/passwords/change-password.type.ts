import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql'
import { MaxLength } from '../graphql/max-length.js'
import { TooManyAttempts, UserError, UserNotFound } from '../graphql/user-error.type.js'
import { text } from '../messages/language.js'
import { PasswordExpired } from '../users/password-expired.type.js'
import { User } from '../users/user.type.js'
import { PasswordPolicyViolated } from './password-policy.type.js'

/** A password change. No validator checks it, because a validator's errors quote the value. */
@InputType({ description: 'A password change.' })
export class ChangePasswordInput {
  @Field(() => ID, {
    nullable: true,
    description:
      'The user whose password to change. Defaults to the caller. Another user requires users.manage, a role that does not outrank the caller’s, and no permission that the caller lacks.',
  })
  userId?: string | null

  @MaxLength(1_000)
  @Field(() => String, {
    nullable: true,
    description:
      'The caller’s own current password, also when they change another user’s password. It proves the caller’s identity. May be left out only if someone else requires the caller to choose another password, and the caller has signed in, or confirmed their identity, in the last ten minutes. Not if the password is only too old.',
  })
  currentPassword?: string | null

  @MaxLength(1_000)
  @Field(() => String, { description: 'The new password. See passwordPolicy for its rules.' })
  newPassword!: string

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether the user must choose another password at their next sign-in, before they can do anything else. Defaults to true, so that the caller does not know the password for long. Has no effect on the caller’s own password.',
  })
  requireChangeAtNextSignIn?: boolean | null
}

/** The caller's password is wrong. */
@ObjectType({
  implements: UserError,
  description:
    'The current password is not the caller’s. Also returned if another change of the caller’s password was saved first.',
})
export class CurrentPasswordIncorrect extends UserError {
  constructor(path = ['currentPassword']) {
    super(text('passwords.error.currentPasswordIncorrect'), path)
  }
}

const ChangePasswordError = createUnionType({
  name: 'ChangePasswordError',
  description: 'Why a password was not changed.',
  types: () =>
    [
      CurrentPasswordIncorrect,
      PasswordExpired,
      PasswordPolicyViolated,
      TooManyAttempts,
      UserNotFound,
    ] as const,
})

/** The outcome of a change. */
@ObjectType({ description: 'The outcome of a password change.' })
export class ChangePasswordPayload {
  @Field(() => User, {
    nullable: true,
    description:
      'The user whose password was changed; null if it was not changed. The status shows whether they can sign in.',
  })
  user: User | null = null

  @Field(() => Boolean, {
    description:
      'Whether this change activated the account: the user was INVITED before, and is ACTIVE now.',
  })
  activated = false

  @Field(() => [ChangePasswordError], {
    description: 'Empty if the password was changed. Otherwise nothing was changed.',
  })
  errors: (typeof ChangePasswordError)[] = []
}
