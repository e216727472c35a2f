import { GraphQLDateTimeISO } from 'graphql-scalars'
import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { UserResultError, UserResultsPayload } from './user-result.type.js'

/** The users to whom to send a reset link. */
@InputType({ description: 'The users to whom to send a reset link.' })
export class SendPasswordResetLinksInput {
  @Field(() => [ID], { description: 'The ids of 1 to 100 users.' })
  userIds!: string[]
}

/** The result of sending reset links. */
@ObjectType({ description: 'The result of sending reset links.' })
export class SendPasswordResetLinksPayload extends UserResultsPayload {}

/** The users who must choose a new password. */
@InputType({ description: 'The users who must choose a new password.' })
export class RequirePasswordChangeInput {
  @Field(() => [ID], { description: 'The ids of 1 to 100 users.' })
  userIds!: string[]
}

/** The result of requiring new passwords. */
@ObjectType({ description: 'The result of requiring new passwords.' })
export class RequirePasswordChangePayload extends UserResultsPayload {}

/** The users who need no longer choose a new password. */
@InputType({ description: 'The users who need no longer choose a new password.' })
export class WithdrawPasswordChangeRequirementInput {
  @Field(() => [ID], { description: 'The ids of 1 to 100 users.' })
  userIds!: string[]
}

/** The result of withdrawing the requirement of new passwords. */
@ObjectType({ description: 'The result of withdrawing the requirement of new passwords.' })
export class WithdrawPasswordChangeRequirementPayload extends UserResultsPayload {}

/** The users to sign out. */
@InputType({ description: 'The users to sign out.' })
export class SignOutUsersInput {
  @Field(() => [ID], { description: 'The ids of 1 to 100 users.' })
  userIds!: string[]
}

/** The result of signing out users. */
@ObjectType({ description: 'The result of signing out users.' })
export class SignOutUsersPayload extends UserResultsPayload {}

/** The user for whom to create a reset link. */
@InputType({ description: 'The user for whom to create a reset link.' })
export class CreatePasswordResetLinkInput {
  @Field(() => ID, { description: 'The id of an active user.' })
  userId!: string
}

/** The result of creating a reset link. */
@ObjectType({ description: 'The result of creating a reset link.' })
export class CreatePasswordResetLinkPayload {
  @Field(() => String, {
    nullable: true,
    description:
      'The link, which is never shown again. Anyone who has it can set the password of the user. Null if it was not created.',
  })
  url: string | null = null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When the link expires; null if it was not created.',
  })
  expiresAt: Date | null = null

  @Field(() => [UserResultError], { description: 'Empty if the link was created.' })
  errors: (typeof UserResultError)[] = []
}
