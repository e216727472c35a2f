import type { Role } from '@rekey/shared/access'
import { GraphQLDateTimeISO, GraphQLJSONObject } from 'graphql-scalars'
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { AccessDenied } from '../access/access-denied.type.js'
import { MaxLength } from '../graphql/max-length.js'
import {
  InvalidField,
  TooManyAttempts,
  UserError,
  UserNotFound,
} from '../graphql/user-error.type.js'
import { MailState } from '../mail/mail-state.type.js'
import { statusOf } from '../one-time-links/one-time-link.service.js'
import { OneTimeLinkStatusEnum } from '../one-time-links/one-time-link.type.js'
import { formatPhone, phoneRule } from '../phone-numbers/phone.js'
import { NotInvited } from '../user-management/user-result.type.js'
import { ExternalIdTaken, LoginTaken } from '../users/update-user.type.js'
import { RoleEnum, User, userOf } from '../users/user.type.js'
import type { IntegrationFields, UserFields } from '../users/user-fields.js'
import { externalIdRule, languageRule, metadataRule } from '../users/user-fields.js'
import type { InviteOutcome, SentInvitation } from './invitation.service.js'
import type { GivenUser, NewUserRefusal } from './judge-new-users.js'

/** The newest invitation of a user. */
@ObjectType({ description: 'The newest invitation of a user.' })
export class Invitation {
  @Field(() => OneTimeLinkStatusEnum, {
    description: 'The state of its link: VALID, EXPIRED or REVOKED.',
  })
  status: OneTimeLinkStatusEnum

  @Field(() => GraphQLDateTimeISO, {
    description: 'When the invitation was sent, or its link was created.',
  })
  sentAt: Date

  @Field(() => GraphQLDateTimeISO, {
    description: 'When its link expires, unless it was revoked before.',
  })
  expiresAt: Date

  @Field(() => Boolean, {
    description:
      'Whether Rekey sent the link to the login of the user. False if an administrator created it with `createInvitationLink`, to hand it over.',
  })
  sentToLogin: boolean

  @Field(() => MailState, {
    description:
      'The delivery state of its mail. If `mailSettings.configured` is false, SENT means that the mail was saved as a file. SENT too if `sentToLogin` is false: there is no mail.',
  })
  mail: MailState

  @Field(() => String, {
    nullable: true,
    description:
      'Why the mail was not delivered, from the mail server’s answer; null if no attempt failed, and without users.invite or settings.manage.',
  })
  mailFailure: string | null

  /** @param withReason whether the caller may read the mail server's answer. */
  constructor({ link, undelivered }: SentInvitation, withReason: boolean) {
    this.mail = MailState[undelivered?.state ?? 'SENT']
    this.mailFailure = withReason ? (undelivered?.failure ?? null) : null
    this.status = OneTimeLinkStatusEnum[statusOf(link)]
    this.sentToLogin = link.sentToLogin
    this.sentAt = link.createdAt
    this.expiresAt = link.expiresAt
  }
}

/** A user to add, without the login. */
@InputType()
export abstract class NewUserInput {
  @MaxLength(1_000)
  @Field(() => String, { description: 'The first name: 1 to 100 characters.' })
  firstName!: string

  @MaxLength(1_000)
  @Field(() => String, {
    nullable: true,
    description: 'The last name: up to 100 characters. Defaults to none.',
  })
  lastName?: string | null

  @MaxLength(200)
  @Field(() => String, {
    nullable: true,
    description: `${phoneRule}. A valid international number, or a national one of accountSettings.defaultRegion, is stored in E.164. Without it, the user has none.`,
  })
  phone?: string | null

  @MaxLength(100)
  @Field(() => String, {
    nullable: true,
    description: `${languageRule[0]?.toUpperCase()}${languageRule.slice(1)} (BCP 47). An underscore counts as a hyphen. Defaults to accountSettings.defaultLanguage.`,
  })
  language?: string | null

  @Field(() => RoleEnum, {
    nullable: true,
    description: 'The role. It must not outrank the caller’s own. Defaults to MEMBER.',
  })
  role?: Role | null

  @MaxLength(100)
  @Field(() => [String], {
    nullable: true,
    description:
      'Permissions to grant in addition to those of the role. The caller must hold them.',
  })
  grantedPermissions?: string[] | null

  @MaxLength(100)
  @Field(() => [String], {
    nullable: true,
    description: 'Permissions of the role to withdraw.',
  })
  withdrawnPermissions?: string[] | null

  @MaxLength(1_000)
  @Field(() => String, {
    nullable: true,
    description: `${externalIdRule}. Requires users.manage. Without it, the user has none.`,
  })
  externalId?: string | null

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: `What another system stores about the user: ${metadataRule}. Requires users.manage. Without it, the user has none.`,
  })
  metadata?: Record<string, unknown> | null
}

/** A user to add and invite. */
@InputType({ description: 'A user to add and invite.' })
export class InviteUserInput extends NewUserInput {
  @MaxLength(1_000)
  @Field(() => String, {
    description:
      'The login: an e-mail address of at most 254 characters. The invitation is sent to it.',
  })
  login!: string
}

/** The user of an input, with the defaults. */
export const givenUserOf = (input: NewUserInput & { readonly login: string }): GivenUser => ({
  login: input.login,
  firstName: input.firstName,
  lastName: input.lastName ?? '',
  phone: input.phone ?? null,
  language: input.language ?? null,
  role: input.role ?? 'MEMBER',
  grantedPermissions: input.grantedPermissions ?? [],
  withdrawnPermissions: input.withdrawnPermissions ?? [],
  externalId: input.externalId,
  metadata: input.metadata,
})

const InviteUserError = createUnionType({
  name: 'InviteUserError',
  description: 'Why a user was not added.',
  types: () => [InvalidField, LoginTaken, ExternalIdTaken, AccessDenied] as const,
})

const errorOf = (refusal: NewUserRefusal): typeof InviteUserError => {
  switch (refusal.kind) {
    case 'invalid':
      return new InvalidField(refusal.problem.message, [refusal.problem.field])
    case 'loginTaken':
      return new LoginTaken()
    case 'externalIdTaken':
      return new ExternalIdTaken()
    case 'accessDenied':
      return new AccessDenied(refusal.reason, [refusal.field])
  }
}

/** The result of inviting a user. */
@ObjectType({ description: 'The result of inviting a user.' })
export class InviteUserPayload {
  @Field(() => User, {
    nullable: true,
    description: 'The added user, not active yet; null if refused.',
  })
  user: User | null

  @Field(() => [InviteUserError], {
    description: 'All reasons why the user was not added. Empty if the user was added.',
  })
  errors: (typeof InviteUserError)[]

  constructor({ user, refusals }: InviteOutcome) {
    this.user = user === null ? null : userOf(user)
    this.errors = refusals.map(errorOf)
  }
}

/** Users to add and invite. */
@InputType({ description: 'Users to add and invite.' })
export class InviteUsersInput {
  @Field(() => [InviteUserInput], { description: 'The users: 1 to 100.' })
  users!: InviteUserInput[]

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether to return only what would happen, without adding or inviting anyone. Defaults to false.',
  })
  dryRun?: boolean | null
}

/** A profile in the form in which it is stored. */
@ObjectType({ description: 'The profile of an invited user, in the form in which it is stored.' })
class InvitedProfile {
  @Field(() => String, { description: 'The e-mail address, with its domain in Unicode.' })
  login: string

  @Field(() => String, { description: 'The first name, without the spaces around it.' })
  firstName: string

  @Field(() => String, { description: 'The last name; empty if there is none.' })
  lastName: string

  @Field(() => String, {
    nullable: true,
    description:
      'The phone number as it is shown; see `User.phoneFormatted`. Null if there is none.',
  })
  phoneFormatted: string | null

  @Field(() => String, {
    description: 'The language tag (BCP 47); the account’s default language if none was given.',
  })
  language: string

  @Field(() => String, {
    nullable: true,
    description: 'The id of the user in another system; null if there is none.',
  })
  externalId: string | null

  constructor({
    login,
    firstName,
    lastName,
    phone,
    language,
    externalId,
  }: UserFields & Partial<IntegrationFields>) {
    this.login = login
    this.firstName = firstName
    this.lastName = lastName
    this.phoneFormatted = phone === null ? null : formatPhone(phone)
    this.language = language
    this.externalId = externalId ?? null
  }
}

/** The result for one of the users to add. */
@ObjectType({ description: 'The result for one of the users to add.' })
class InviteUsersResult {
  @Field(() => Int, { description: 'The user’s position in the given list, from 0.' })
  index: number

  @Field(() => User, {
    nullable: true,
    description: 'The added user; null if refused, and in a dry run.',
  })
  user: User | null

  @Field(() => InvitedProfile, {
    nullable: true,
    description:
      'The profile as it was stored, or as it would be in a dry run. Null if the user was refused.',
  })
  profile: InvitedProfile | null

  @Field(() => [InviteUserError], {
    description: 'All reasons why this user was not added. The others are added nevertheless.',
  })
  errors: (typeof InviteUserError)[]

  constructor({ profile, user, refusals }: InviteOutcome, index: number) {
    this.index = index
    this.profile = profile && new InvitedProfile(profile)
    this.user = user === null ? null : userOf(user)
    this.errors = refusals.map(errorOf)
  }
}

/** The result of inviting many users. */
@ObjectType({ description: 'The result of inviting many users.' })
export class InviteUsersPayload {
  @Field(() => [InviteUsersResult], {
    description: 'One result for each user, in the given order.',
  })
  results: InviteUsersResult[]

  @Field(() => [UserError], {
    description: 'Errors of the whole call. Always empty, because each error belongs to one user.',
  })
  errors: UserError[] = []

  constructor(outcomes: readonly InviteOutcome[]) {
    this.results = outcomes.map((outcome, index) => new InviteUsersResult(outcome, index))
  }
}

/** The user whose invitation to send again. */
@InputType({ description: 'The user whose invitation to send again.' })
export class ResendInvitationInput {
  @Field(() => ID, { description: 'The id of the invited user.' })
  userId!: string
}

/** The user whose invitation to revoke. */
@InputType({ description: 'The user whose invitation to revoke.' })
export class RevokeInvitationInput {
  @Field(() => ID, { description: 'The id of the invited user.' })
  userId!: string
}

const ManageInvitationError = createUnionType({
  name: 'ManageInvitationError',
  description: 'Why an invitation was not sent again or revoked.',
  types: () => [UserNotFound, NotInvited, AccessDenied, TooManyAttempts] as const,
})

@ObjectType()
abstract class InvitationPayload {
  @Field(() => User, {
    nullable: true,
    description:
      'The invited user. Null if the call was refused, or if it changed nothing and the caller may not read the user.',
  })
  user: User | null = null

  @Field(() => [ManageInvitationError], { description: 'Empty if the call succeeded.' })
  errors: (typeof ManageInvitationError)[] = []
}

/** The result of sending an invitation again. */
@ObjectType({ description: 'The result of sending an invitation again.' })
export class ResendInvitationPayload extends InvitationPayload {}

/** The result of revoking an invitation. */
@ObjectType({ description: 'The result of revoking an invitation.' })
export class RevokeInvitationPayload extends InvitationPayload {}

/** The user for whom to create the link of an invitation. */
@InputType({ description: 'The user for whom to create the link of an invitation.' })
export class CreateInvitationLinkInput {
  @Field(() => ID, { description: 'The id of the invited user.' })
  userId!: string
}

/** The result of creating the link of an invitation. */
@ObjectType({ description: 'The result of creating the link of an invitation.' })
export class CreateInvitationLinkPayload {
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

  @Field(() => [ManageInvitationError], { description: 'Empty if the link was created.' })
  errors: (typeof ManageInvitationError)[] = []
}
