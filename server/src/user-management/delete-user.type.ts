import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql'
import { AccessDenied, LastOwner } from '../access/access-denied.type.js'
import { MaxLength } from '../graphql/max-length.js'
import { UserError, UserNotFound } from '../graphql/user-error.type.js'

/** Whom to delete. */
@InputType({ description: 'Whom to delete.' })
export class DeleteUserInput {
  @Field(() => ID, { description: 'Whom.' })
  userId!: string

  @MaxLength(254)
  @Field(() => String, {
    description:
      'Their login in any spelling, typed by the person who deletes them: it shows that this very user is meant.',
  })
  login!: string
}

/** Another login was typed than the profile has. */
@ObjectType({
  implements: UserError,
  description: 'The login that was typed is not the one of this user.',
})
export class LoginMismatch extends UserError {
  constructor() {
    super('This is not the login of the user to be deleted.', ['login'])
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
  @Field(() => ID, {
    nullable: true,
    description: 'The id that now stands for nobody; null when refused.',
  })
  deletedUserId: string | null = null

  @Field(() => [DeleteUserError], { description: 'Empty when the user was deleted.' })
  errors: (typeof DeleteUserError)[] = []
}
