import { Field, Int, InterfaceType, ObjectType } from 'type-graphql'

/** The common interface of errors that the user can correct. */
@InterfaceType({
  description:
    'An error that the user can correct. It is part of the payload, and never appears among the errors of GraphQL itself.',
})
export abstract class UserError {
  @Field(() => String, {
    description:
      'A message in plain English for the user. Clients that translate messages should use __typename instead.',
  })
  message: string

  @Field(() => [String], {
    description:
      'The path of the input field concerned, such as ["currentPassword"]; empty if the error concerns no single field.',
  })
  path: string[]

  constructor(message: string, path: string[]) {
    this.message = message
    this.path = path
  }
}

/** Too many wrong passwords, or too many requested mails. */
@ObjectType({
  implements: UserError,
  description:
    'There were too many wrong passwords or too many requested mails for this login or from this address. Nothing was verified or sent. Wait and try again.',
})
export class TooManyAttempts extends UserError {
  @Field(() => Int, { description: 'Seconds until another attempt is possible; at least 1.' })
  retryAfterSeconds: number

  constructor(retryAfterSeconds: number, path: string[]) {
    super('Too many attempts. Wait a little before you try again.', path)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** One field of a profile is invalid. */
@ObjectType({ implements: UserError, description: 'The value of a field is invalid.' })
export class InvalidField extends UserError {}

/** There is no such user. */
@ObjectType({
  implements: UserError,
  description:
    'There is no user with this id, or no longer. Returned only to callers who may see all users.',
})
export class UserNotFound extends UserError {
  constructor(path = ['userId']) {
    super('There is no such user.', path)
  }
}
