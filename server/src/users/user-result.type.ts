import { createUnionType, Field, ID, ObjectType } from 'type-graphql'
import { AccessDenied, LastOwner } from '../access/access-denied.type.js'
import { badInput } from '../graphql/api-error.js'
import { UserError, UserNotFound } from '../graphql/user-error.type.js'
import { User } from './user.type.js'

/** The user is not in the state it takes. */
@ObjectType({
  implements: UserError,
  description:
    'The user is still invited, and can be neither blocked nor unblocked. Revoke the invitation, or delete the user.',
})
export class UserNotActive extends UserError {
  constructor() {
    super('This user is still invited. Revoke the invitation instead.', ['userIds'])
  }
}

const UserResultError = createUnionType({
  name: 'UserResultError',
  description: 'Why one of several users was not changed.',
  types: () => [UserNotFound, AccessDenied, LastOwner, UserNotActive] as const,
})

/** What became of one of several users. */
@ObjectType({ description: 'What became of one of the users of a mutation that takes several.' })
export class UserResult {
  @Field(() => ID, { description: 'Whom it is about.' })
  userId: string

  @Field(() => User, {
    nullable: true,
    description: 'The user as they are now; null when refused.',
  })
  user: User | null

  @Field(() => [UserResultError], { description: 'Empty when it was done.' })
  errors: (typeof UserResultError)[]

  constructor(userId: string, user: User | null, errors: (typeof UserResultError)[]) {
    this.userId = userId
    this.user = user
    this.errors = errors
  }
}

/** The outcome of a mutation that takes several users. */
@ObjectType({ description: 'The outcome of a mutation that takes several users.' })
export abstract class UserResultsPayload {
  @Field(() => [UserResult], {
    description: 'One for each id, in the order given: what can be done is done.',
  })
  results: UserResult[]

  @Field(() => [UserError], { description: 'Always empty: each result has errors of its own.' })
  errors: UserError[] = []

  constructor(results: UserResult[]) {
    this.results = results
  }
}

const mostUsers = 100

/**
 * The ids, each once.
 *
 * @throws BAD_USER_INPUT unless there are 1 to 100.
 */
export const readUserIds = (ids: readonly string[]): string[] => {
  if (ids.length < 1 || ids.length > mostUsers) throw badInput(`userIds takes 1 to ${mostUsers}.`)
  return [...new Set(ids)]
}
