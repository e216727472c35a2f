import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { UserResultsPayload } from './user-result.type.js'

/** Whom to block. */
@InputType({ description: 'Whom to block.' })
export class BlockUsersInput {
  @Field(() => [ID], { description: '1 to 100 users.' })
  userIds!: string[]
}

/** The outcome of blocking. */
@ObjectType({ description: 'The outcome of blocking.' })
export class BlockUsersPayload extends UserResultsPayload {}

/** Whom to unblock. */
@InputType({ description: 'Whom to unblock.' })
export class UnblockUsersInput {
  @Field(() => [ID], { description: '1 to 100 users.' })
  userIds!: string[]
}

/** The outcome of unblocking. */
@ObjectType({ description: 'The outcome of unblocking.' })
export class UnblockUsersPayload extends UserResultsPayload {}
