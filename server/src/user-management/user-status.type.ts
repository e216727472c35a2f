import { GraphQLDateTimeISO } from 'graphql-scalars'
import { Field, ID, InputType, ObjectType } from 'type-graphql'
import type { ApiTokenEntity } from '../api-tokens/api-token.entity.js'
import { MaxLength } from '../graphql/max-length.js'
import { maxReasonLength } from './reason.js'
import { UserResultsPayload } from './user-result.type.js'

/** The users to block. */
@InputType({ description: 'The users to block.' })
export class BlockUsersInput {
  @Field(() => [ID], { description: 'The ids of 1 to 100 users.' })
  userIds!: string[]

  @MaxLength(maxReasonLength)
  @Field(() => String, {
    nullable: true,
    description:
      'Why the users are blocked. It is stored permanently in the operation list, where the users can read it too, even after they are deleted: do not name anything private. Line breaks become spaces. Defaults to none.',
  })
  reason?: string | null
}

/** The result of blocking users. */
@ObjectType({ description: 'The result of blocking users.' })
export class BlockUsersPayload extends UserResultsPayload {}

/** The users to unblock. */
@InputType({ description: 'The users to unblock.' })
export class UnblockUsersInput {
  @Field(() => [ID], { description: 'The ids of 1 to 100 users.' })
  userIds!: string[]

  @Field(() => [ID], {
    nullable: true,
    description:
      'The suspended API tokens of these users that work again, at most 5,000. See `User.suspendedApiTokens`. Their other suspended API tokens are revoked. Ids of other tokens are ignored. Defaults to none.',
  })
  restoreApiTokenIds?: string[] | null
}

/** A suspended API token, as an administrator sees it. */
@ObjectType({
  description:
    'An API token that is suspended because its owner is blocked. It is invalid until `unblockUsers` restores it.',
})
export class SuspendedApiToken {
  @Field(() => ID, { description: 'An opaque, stable identifier. It is not the token.' })
  id: string

  @Field(() => String, { description: 'What the token is for, as its owner described it.' })
  name: string

  @Field(() => String, { description: 'The first characters of the token.' })
  prefix: string

  @Field(() => [String], { description: 'The permissions given to the token.' })
  permissions: readonly string[]

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When it was last used, to the minute; null if never.',
  })
  lastUsedAt: Date | null

  @Field(() => GraphQLDateTimeISO, { description: 'When it expires.' })
  expiresAt: Date

  constructor({ id, name, prefix, permissions, lastUsedAt, expiresAt }: ApiTokenEntity) {
    this.id = id
    this.name = name
    this.prefix = prefix
    this.permissions = permissions
    this.lastUsedAt = lastUsedAt
    this.expiresAt = expiresAt
  }
}

/** The result of unblocking users. */
@ObjectType({ description: 'The result of unblocking users.' })
export class UnblockUsersPayload extends UserResultsPayload {}
