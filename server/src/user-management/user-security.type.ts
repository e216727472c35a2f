import { GraphQLDateTimeISO } from 'graphql-scalars'
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { AccessDenied } from '../access/access-denied.type.js'
import { ApiTokenNotFound } from '../api-tokens/api-token.type.js'
import { MaxLength } from '../graphql/max-length.js'
import { UserNotFound } from '../graphql/user-error.type.js'
import { SessionNotFound } from '../sessions/session.type.js'
import { User } from '../users/user.type.js'
import { maxReasonLength } from './reason.js'
import { UserResultError } from './user-result.type.js'

/** A link that can still reset the password of a user. */
@ObjectType({ description: 'A link that can still reset the password of a user.' })
export class PendingResetLink {
  @Field(() => GraphQLDateTimeISO, { description: 'When it was created.' })
  createdAt!: Date

  @Field(() => GraphQLDateTimeISO, { description: 'When it expires.' })
  expiresAt!: Date

  @Field(() => Boolean, {
    description:
      'Whether it was sent to the login. If false, an administrator created it to hand it over.',
  })
  sentToLogin!: boolean
}

/** The account to secure. */
@InputType({ description: 'The account to secure.' })
export class SecureUserInput {
  @Field(() => ID, { description: 'The id of the user.' })
  userId!: string

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether to block the user too. Defaults to false.',
  })
  block?: boolean | null

  @MaxLength(maxReasonLength)
  @Field(() => String, {
    nullable: true,
    description:
      'Why the account is secured. It is stored permanently in the operation list, where the user can read it too, even after the user is deleted: do not name anything private. Line breaks become spaces. Defaults to none.',
  })
  reason?: string | null
}

/** The result of securing an account. */
@ObjectType({ description: 'The result of securing an account.' })
export class SecureUserPayload {
  @Field(() => User, {
    nullable: true,
    description: 'The updated user; null if the account was not secured.',
  })
  user: User | null = null

  @Field(() => Boolean, {
    description:
      'Whether the mail to the user contains a link for a new password. False if the user is blocked, if no mail server is configured (`mailSettings.configured`), or after repeated links to the same mailbox. `createPasswordResetLink` creates a link that you can hand over to an active user.',
  })
  resetLinkSent = false

  @Field(() => [UserResultError], { description: 'Empty if the account was secured.' })
  errors: (typeof UserResultError)[] = []
}

/** A session of another user to end. */
@InputType({ description: 'A session of another user to end.' })
export class EndUserSessionInput {
  @Field(() => ID, { description: 'The id of the user.' })
  userId!: string

  @Field(() => ID, { description: 'The id of the session, from `User.sessions`.' })
  sessionId!: string
}

const EndUserSessionError = createUnionType({
  name: 'EndUserSessionError',
  description: 'Why a session was not ended.',
  types: () => [UserNotFound, AccessDenied, SessionNotFound] as const,
})

/** The result of ending a session of another user. */
@ObjectType({ description: 'The result of ending a session of another user.' })
export class EndUserSessionPayload {
  @Field(() => ID, {
    nullable: true,
    description: 'The id of the ended session; null if none was ended.',
  })
  sessionId: string | null = null

  @Field(() => [EndUserSessionError], { description: 'Empty if the session was ended.' })
  errors: (typeof EndUserSessionError)[] = []
}

/** An API token of another user to revoke. */
@InputType({ description: 'An API token of another user to revoke.' })
export class RevokeUserApiTokenInput {
  @Field(() => ID, { description: 'The id of the user.' })
  userId!: string

  @Field(() => ID, { description: 'The id of the token, from `User.apiTokens`.' })
  apiTokenId!: string
}

const RevokeUserApiTokenError = createUnionType({
  name: 'RevokeUserApiTokenError',
  description: 'Why an API token was not revoked.',
  types: () => [UserNotFound, AccessDenied, ApiTokenNotFound] as const,
})

/** The result of revoking an API token of another user. */
@ObjectType({ description: 'The result of revoking an API token of another user.' })
export class RevokeUserApiTokenPayload {
  @Field(() => ID, {
    nullable: true,
    description: 'The id of the revoked token; null if nothing was revoked.',
  })
  revokedApiTokenId: string | null = null

  @Field(() => [RevokeUserApiTokenError], { description: 'Empty if the token was revoked.' })
  errors: (typeof RevokeUserApiTokenError)[] = []
}

/** The user whose devices to stop trusting. */
@InputType({ description: 'The user whose devices to stop trusting.' })
export class RevokeUserTrustedDevicesInput {
  @Field(() => ID, { description: 'The id of the user.' })
  userId!: string
}

const RevokeUserTrustedDevicesError = createUnionType({
  name: 'RevokeUserTrustedDevicesError',
  description: 'Why the devices of a user are still trusted.',
  types: () => [UserNotFound, AccessDenied] as const,
})

/** The result of no longer trusting the devices of another user. */
@ObjectType({ description: 'The result of no longer trusting the devices of another user.' })
export class RevokeUserTrustedDevicesPayload {
  @Field(() => Int, {
    description: 'The number of devices that were trusted; 0 if there were none.',
  })
  count = 0

  @Field(() => [RevokeUserTrustedDevicesError], {
    description: 'Empty unless the change was refused.',
  })
  errors: (typeof RevokeUserTrustedDevicesError)[] = []
}
