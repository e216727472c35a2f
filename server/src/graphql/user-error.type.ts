import { Field, Int, InterfaceType, ObjectType } from 'type-graphql'

/** What every error a user can mend has in common. */
@InterfaceType({
  description:
    'Something the user can mend. It comes as data in the payload, beside what went well, never among the errors of GraphQL itself.',
})
export abstract class UserError {
  @Field(() => String, {
    description: 'Plain English, fit to be shown. Clients that translate go by __typename instead.',
  })
  message: string

  @Field(() => [String], {
    description:
      'The input field it belongs to, such as ["currentPassword"]; empty when it belongs to none.',
  })
  path: string[]

  constructor(message: string, path: string[]) {
    this.message = message
    this.path = path
  }
}

/** Too many wrong passwords. */
@ObjectType({
  implements: UserError,
  description:
    'Too many wrong passwords, for this login or from this address. Nothing was verified; wait and try again.',
})
export class TooManyAttempts extends UserError {
  @Field(() => Int, { description: 'Seconds until another attempt is worth while; at least 1.' })
  retryAfterSeconds: number

  constructor(retryAfterSeconds: number, path: string[]) {
    super('Too many attempts. Wait a little before you try again.', path)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** One field of a profile that does not fit. */
@ObjectType({ implements: UserError, description: 'A field holds something that does not fit it.' })
export class InvalidField extends UserError {}

/** No such user. */
@ObjectType({
  implements: UserError,
  description:
    'There is no user with this id, or no longer. Told only to those who may see all users.',
})
export class UserNotFound extends UserError {
  constructor(path = ['userId']) {
    super('There is no such user.', path)
  }
}
