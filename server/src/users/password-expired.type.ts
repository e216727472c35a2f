import { ObjectType } from 'type-graphql'
import { UserError } from '../graphql/user-error.type.js'
import { text } from '../messages/language.js'

/** The password is right, but it was temporary and no longer works. */
@ObjectType({
  implements: UserError,
  description:
    'The password is right, but it was a temporary one that no longer works: see User.passwordExpiresAt. Returned only if the password is right.',
})
export class PasswordExpired extends UserError {
  constructor(path: string[]) {
    super(text('users.error.passwordExpired'), path)
  }
}
