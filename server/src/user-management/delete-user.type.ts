import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql'
import { AccessDenied, LastOwner } from '../access/access-denied.type.js'
import { MaxLength } from '../graphql/max-length.js'
import { UserError, UserNotFound } from '../graphql/user-error.type.js'
import { text } from '../messages/language.js'

/** The user to delete. */
@InputType({ description: 'The user to delete.' })
export class DeleteUserInput {
  @Field(() => ID, { description: 'The id of the user to delete.' })
  userId!: string

  @MaxLength(254)
  @Field(() => String, {
    description:
      'The user’s login in any spelling, typed by the caller to confirm that they mean this user.',
  })
  login!: string
}

/** The typed login is not the login of this user. */
@ObjectType({
  implements: UserError,
  description: 'The typed login is not the login of this user.',
})
export class LoginMismatch extends UserError {
  constructor() {
    super(text('user-management.error.loginMismatch'), ['login'])
  }
}

const DeleteUserError = createUnionType({
  name: 'DeleteUserError',
  description: 'Why the user was not deleted.',
  types: () => [UserNotFound, AccessDenied, LastOwner, LoginMismatch] as const,
})

/** The result of a deletion. */
@ObjectType({ description: 'The result of deleting a user.' })
export class DeleteUserPayload {
  @Field(() => ID, {
    nullable: true,
    description: 'The id of the deleted user; null if they were not deleted.',
  })
  deletedUserId: string | null = null

  @Field(() => [DeleteUserError], { description: 'Empty if the user was deleted.' })
  errors: (typeof DeleteUserError)[] = []
}
