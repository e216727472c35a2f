import { createUnionType, Field, ID, ObjectType } from 'type-graphql'
import { AccessDenied, LastOwner } from '../access/access-denied.type.js'
import { TooManyAttempts, UserError, UserNotFound } from '../graphql/user-error.type.js'
import { text } from '../messages/language.js'
import { User, userOf } from '../users/user.type.js'
import type { UserOutcome, UserRefusal } from './user-selection.service.js'

/** The user is not active. */
@ObjectType({
  implements: UserError,
  description: 'The user was invited and is not active yet. Revoke the invitation instead.',
})
export class NotActive extends UserError {
  constructor(path: string[]) {
    super(text('user-management.error.notActive'), path)
  }
}

/** The user is not blocked. */
@ObjectType({ implements: UserError, description: 'The user was invited and is not blocked.' })
export class NotBlocked extends UserError {
  constructor(path: string[]) {
    super(text('user-management.error.notBlocked'), path)
  }
}

/** The user has already accepted their invitation. */
@ObjectType({
  implements: UserError,
  description: 'The user has already accepted their invitation.',
})
export class NotInvited extends UserError {
  constructor(path: string[]) {
    super(text('user-management.error.notInvited'), path)
  }
}

/** The user has not accepted the invitation yet. */
@ObjectType({
  implements: UserError,
  description: 'The user has not accepted the invitation yet. Resend the invitation instead.',
})
export class UserStillInvited extends UserError {
  constructor(path: string[]) {
    super(text('user-management.error.stillInvited'), path)
  }
}

/** The user is blocked. */
@ObjectType({
  implements: UserError,
  description: 'The user is blocked and cannot sign in. Unblock the user first.',
})
export class UserStillBlocked extends UserError {
  constructor(path: string[]) {
    super(text('user-management.error.stillBlocked'), path)
  }
}

/** The user has no password. */
@ObjectType({ implements: UserError, description: 'The user has no password yet.' })
export class PasswordMissing extends UserError {
  constructor(path: string[]) {
    super(text('user-management.error.passwordMissing'), path)
  }
}

/** The password is temporary. */
@ObjectType({
  implements: UserError,
  description:
    'Someone else set the password, so the user must choose a new one. See `User.passwordTemporary`.',
})
export class PasswordTemporary extends UserError {
  constructor(path: string[]) {
    super(text('user-management.error.passwordTemporary'), path)
  }
}

/** The password is too old. */
@ObjectType({
  implements: UserError,
  description:
    'The user must choose a new password, because the password is too old. See `PasswordAgeSettings.requireChangeAfterDays`.',
})
export class PasswordTooOld extends UserError {
  constructor(path: string[]) {
    super(text('user-management.error.passwordTooOld'), path)
  }
}

/** No mail server is configured. */
@ObjectType({
  implements: UserError,
  description:
    'No mail server is configured, so nothing was sent. See `mailSettings.configured`. `createPasswordResetLink` creates a link that you can hand over.',
})
export class MailNotConfigured extends UserError {
  constructor(path: string[]) {
    super(text('user-management.error.mailNotConfigured'), path)
  }
}

/** The type of the errors for one user. */
export const UserResultError = createUnionType({
  name: 'UserResultError',
  description: 'Why the user was not changed.',
  types: () =>
    [
      UserNotFound,
      AccessDenied,
      LastOwner,
      NotActive,
      NotBlocked,
      NotInvited,
      UserStillInvited,
      UserStillBlocked,
      PasswordMissing,
      PasswordTemporary,
      PasswordTooOld,
      MailNotConfigured,
      TooManyAttempts,
    ] as const,
})

/** The error that explains why a user was not changed. */
export const userResultErrorOf = (refusal: UserRefusal, path: string[]): typeof UserResultError => {
  switch (refusal.kind) {
    case 'notFound':
      return new UserNotFound(path)
    case 'accessDenied':
      return new AccessDenied(refusal.reason, path)
    case 'lastOwner':
      return new LastOwner(path)
    case 'notActive':
      return new NotActive(path)
    case 'notBlocked':
      return new NotBlocked(path)
    case 'notInvited':
      return new NotInvited(path)
    case 'invited':
      return new UserStillInvited(path)
    case 'blocked':
      return new UserStillBlocked(path)
    case 'passwordMissing':
      return new PasswordMissing(path)
    case 'passwordTemporary':
      return new PasswordTemporary(path)
    case 'passwordTooOld':
      return new PasswordTooOld(path)
    case 'mailNotConfigured':
      return new MailNotConfigured(path)
    case 'tooManyAttempts':
      return new TooManyAttempts(refusal.retryAfterSeconds, path)
  }
}

/** The result for one user of a selection. */
@ObjectType({ description: 'The result for one user of a selection.' })
export class UserResult {
  @Field(() => ID, { description: 'The given id of the user.' })
  userId: string

  @Field(() => User, {
    nullable: true,
    description:
      'The updated user. Null if the change was refused, or if it changed nothing and the caller may not read the user.',
  })
  user: User | null

  @Field(() => [UserResultError], {
    description: 'Empty if the user was changed, or if no change was necessary.',
  })
  errors: (typeof UserResultError)[]

  constructor(outcome: UserOutcome) {
    this.userId = outcome.userId
    this.user = outcome.user === null ? null : userOf(outcome.user)
    this.errors = outcome.refusal === null ? [] : [userResultErrorOf(outcome.refusal, ['userIds'])]
  }
}

/** The results for a selection of users. */
@ObjectType()
export abstract class UserResultsPayload {
  @Field(() => [UserResult], { description: 'One result for each id, in the given order.' })
  results: UserResult[]

  @Field(() => [UserError], {
    description: 'Errors of the whole call. Always empty, because each error belongs to one user.',
  })
  errors: UserError[] = []

  constructor(outcomes: readonly UserOutcome[]) {
    this.results = outcomes.map(outcome => new UserResult(outcome))
  }
}
