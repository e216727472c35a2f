import { createUnionType, Field, ID, ObjectType } from 'type-graphql'
import { AccessDenied, LastOwner } from '../access/access-denied.type.js'
import { UserError, UserNotFound } from '../graphql/user-error.type.js'
import { User, userOf } from '../users/user.type.js'
import type { UserOutcome, UserRefusal } from './user-selection.service.js'

/** The user is not active. */
@ObjectType({
  implements: UserError,
  description: 'The user was invited and is not active yet: revoke the invitation instead.',
})
export class NotActive extends UserError {
  constructor(path: string[]) {
    super('They have not accepted their invitation yet. Revoke it instead.', path)
  }
}

/** The user is not blocked. */
@ObjectType({ implements: UserError, description: 'The user was invited, and never blocked.' })
export class NotBlocked extends UserError {
  constructor(path: string[]) {
    super('They are not blocked: they have not accepted their invitation yet.', path)
  }
}

const UserResultError = createUnionType({
  name: 'UserResultError',
  description: 'Why nothing was done to a user.',
  types: () => [UserNotFound, AccessDenied, LastOwner, NotActive, NotBlocked] as const,
})

const errorOf = (refusal: UserRefusal, path: string[]): typeof UserResultError => {
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
  }
}

/** What became of one user of a selection. */
@ObjectType({ description: 'What became of one user of a selection.' })
export class UserResult {
  @Field(() => ID, { description: 'The id that was given.' })
  userId: string

  @Field(() => User, {
    nullable: true,
    description:
      'The user as they are now; null when refused, and when nothing changed and the caller may not read them.',
  })
  user: User | null

  @Field(() => [UserResultError], {
    description: 'Empty when it was done, or was so already.',
  })
  errors: (typeof UserResultError)[]

  constructor(outcome: UserOutcome) {
    this.userId = outcome.userId
    this.user = outcome.user === null ? null : userOf(outcome.user)
    this.errors = outcome.refusal === null ? [] : [errorOf(outcome.refusal, ['userIds'])]
  }
}

/** What became of a selection of users. */
@ObjectType()
export abstract class UserResultsPayload {
  @Field(() => [UserResult], { description: 'One for each id, in the order given.' })
  results: UserResult[]

  @Field(() => [UserError], {
    description: 'Of the call as a whole. Always empty: what goes wrong belongs to one user.',
  })
  errors: UserError[] = []

  constructor(outcomes: readonly UserOutcome[]) {
    this.results = outcomes.map(outcome => new UserResult(outcome))
  }
}
