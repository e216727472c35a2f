import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { UserResultsPayload } from './user-result.type.js'

/** The users to block. */
@InputType({ description: 'The users to block.' })
export class BlockUsersInput {
  @Field(() => [ID], { description: 'The ids of 1 to 100 users.' })
  userIds!: string[]
}

/** The result of blocking users. */
@ObjectType({ description: 'The result of blocking users.' })
export class BlockUsersPayload extends UserResultsPayload {}

/** The users to unblock. */
@InputType({ description: 'The users to unblock.' })
export class UnblockUsersInput {
  @Field(() => [ID], { description: 'The ids of 1 to 100 users.' })
  userIds!: string[]
}

/** The result of unblocking users. */
@ObjectType({ description: 'The result of unblocking users.' })
export class UnblockUsersPayload extends UserResultsPayload {}
