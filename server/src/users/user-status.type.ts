import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql'
import { AccessDenied, LastOwner } from '../access/access-denied.type.js'
import { UserError, UserNotFound } from '../graphql/user-error.type.js'
import { UserResultsPayload } from './user-result.type.js'

/** Whom to block. */
@InputType({ description: 'Users to block.' })
export class BlockUsersInput {
  @Field(() => [ID], { description: 'Whom: 1 to 100 ids.' })
  userIds!: string[]
}

/** The outcome of blocking users. */
@ObjectType({ description: 'The outcome of blocking users.' })
export class BlockUsersPayload extends UserResultsPayload {}

/** Whom to unblock. */
@InputType({ description: 'Users to unblock.' })
export class UnblockUsersInput {
  @Field(() => [ID], { description: 'Whom: 1 to 100 ids.' })
  userIds!: string[]
}

/** The outcome of unblocking users. */
@ObjectType({ description: 'The outcome of unblocking users.' })
export class UnblockUsersPayload extends UserResultsPayload {}

/** Whom to delete. */
@InputType({ description: 'A user to delete.' })
export class DeleteUserInput {
  @Field(() => ID, { description: 'Whom. Never oneself.' })
  userId!: string

  @Field(() => String, {
    description:
      'The user’s login, typed anew, without regard to case: nobody is deleted by a slip.',
  })
  login!: string
}

/** Another login than the user's was typed. */
@ObjectType({
  implements: UserError,
  description: 'The login that was typed is not that of the user who is to be deleted.',
})
export class LoginMismatch extends UserError {
  constructor() {
    super('This is not the login of the user.', ['login'])
  }
}

const DeleteUserError = createUnionType({
  name: 'DeleteUserError',
  description: 'Why a user was not deleted.',
  types: () => [UserNotFound, AccessDenied, LastOwner, LoginMismatch] as const,
})

/** The outcome of a deletion. */
@ObjectType({ description: 'The outcome of a deletion.' })
export class DeleteUserPayload {
  @Field(() => ID, { nullable: true, description: 'Who was deleted; null when nobody was.' })
  deletedUserId: string | null = null

  @Field(() => [DeleteUserError], {
    description: 'Empty when the user was deleted. Otherwise nothing was changed.',
  })
  errors: (typeof DeleteUserError)[] = []
}
