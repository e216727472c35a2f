import { createUnionType, Field, InputType, Int, ObjectType } from 'type-graphql'
import { LastOwner } from '../access/access-denied.type.js'
import { UserError } from '../graphql/user-error.type.js'
import { text } from '../messages/language.js'
import type { OwnDeletion } from '../settings/own-deletion.js'
import { User } from '../users/user.type.js'
import { waitDays } from './own-deletion.service.js'

/** Whether and how users may delete their own accounts. */
@ObjectType({
  description: 'Whether and how users may delete their own accounts.',
  simpleResolvers: true,
})
export class OwnDeletionSettings {
  @Field(() => Boolean, { description: 'Whether users may delete their own accounts.' })
  allowed: boolean

  @Field(() => Int, {
    description: 'The days between the request and the deletion, in which the user can undo it.',
  })
  waitDays = waitDays

  constructor({ allowed }: OwnDeletion) {
    this.allowed = allowed
  }
}

/** The setting to save. */
@InputType({ description: 'Whether users may delete their own accounts.' })
export class UpdateOwnDeletionInput {
  @Field(() => Boolean, {
    description:
      'Whether users may delete their own accounts. If it is false when the wait of a requested deletion ends, the account is kept.',
  })
  allowed!: boolean
}

/** The result of a change. */
@ObjectType({ description: 'The result of a change of whether users may delete their accounts.' })
export class UpdateOwnDeletionPayload {
  @Field(() => OwnDeletionSettings, { description: 'The setting after the change.' })
  settings!: OwnDeletionSettings

  @Field(() => [UserError], { description: 'Always empty, because this never fails.' })
  errors: UserError[] = []
}

/** The account does not allow it. */
@ObjectType({
  implements: UserError,
  description: 'Users may not delete their own accounts here. An administrator can do it.',
})
export class OwnDeletionNotAllowed extends UserError {
  constructor() {
    super(text('own-deletion.error.notAllowed'), [])
  }
}

const RequestOwnDeletionError = createUnionType({
  name: 'RequestOwnDeletionError',
  description: 'Why the deletion was not requested.',
  types: () => [OwnDeletionNotAllowed, LastOwner] as const,
})

/** The result of a request. */
@ObjectType({ description: 'The result of a request to delete the caller’s account.' })
export class RequestOwnDeletionPayload {
  @Field(() => User, {
    nullable: true,
    description: 'The caller, with the time of the deletion; null if it was rejected.',
  })
  user: User | null = null

  @Field(() => [RequestOwnDeletionError], { description: 'Empty if the deletion was requested.' })
  errors: (typeof RequestOwnDeletionError)[] = []
}

/** The result of an undo. */
@ObjectType({ description: 'The result of keeping the caller’s account.' })
export class CancelOwnDeletionPayload {
  @Field(() => User, { description: 'The caller, whose account is kept.' })
  user!: User

  @Field(() => [UserError], { description: 'Always empty, because this never fails.' })
  errors: UserError[] = []
}
