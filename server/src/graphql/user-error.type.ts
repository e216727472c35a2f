import { Ctx, Field, Int, InterfaceType, ObjectType } from 'type-graphql'
import { type Text, text } from '../messages/language.js'
import type { Context } from './context.js'

/** The common interface of errors that the user can correct. */
@InterfaceType({
  description:
    'An error that the user can correct. It is part of the payload, and never appears among the errors of GraphQL itself.',
})
export abstract class UserError {
  private readonly text: Text

  @Field(() => [String], {
    description:
      'The path of the input field concerned, such as ["currentPassword"]; empty if the error concerns no single field.',
  })
  path: string[]

  constructor(message: Text, path: string[]) {
    this.text = message
    this.path = path
  }

  @Field(() => String, {
    description:
      'A message for the user. It is in the first language of the header Accept-Language for which there is a catalogue, otherwise in English.',
  })
  message(@Ctx() { language }: Context): string {
    return language.translate(this.text)
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
    super(text('errors.tooManyAttempts'), path)
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
    super(text('errors.userNotFound'), path)
  }
}
