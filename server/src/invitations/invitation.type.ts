import type { Role } from '@rekey/shared/access'
import { GraphQLDateTimeISO } from 'graphql-scalars'
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
import { LoginTaken } from '../users/update-user.type.js'
import { RoleEnum, User, userOf } from '../users/user.type.js'
import type { UserFields } from '../users/user-fields.js'
import { languageRule } from '../users/user-fields.js'
import type { InviteOutcome, InviteRefusal, SentInvitation } from './invitation.service.js'

/** An invitation that was sent. */
@ObjectType({ description: 'The newest invitation of a user.' })
export class Invitation {
  @Field(() => OneTimeLinkStatusEnum, {
    description: 'Whether its link works: VALID, EXPIRED or REVOKED.',
  })
  status: OneTimeLinkStatusEnum

  @Field(() => GraphQLDateTimeISO, { description: 'When it was sent.' })
  sentAt: Date

  @Field(() => GraphQLDateTimeISO, {
    description: 'Until when its link works, unless it was revoked before.',
  })
  expiresAt: Date

  @Field(() => MailState, {
    description:
      'How far its mail is. If `mailSettings.configured` is false, SENT means that it was kept as a file.',
  })
  mail: MailState

  @Field(() => String, {
    nullable: true,
    description:
      'Why the mail was not delivered, from the mail server’s answer; null if no attempt failed, and without users.invite or settings.manage.',
  })
  mailFailure: string | null

  /** @param withReason whether the caller may read what the mail server answered. */
  constructor({ link, undelivered }: SentInvitation, withReason: boolean) {
    this.mail = MailState[undelivered?.state ?? 'SENT']
    this.mailFailure = withReason ? (undelivered?.failure ?? null) : null
    this.status = OneTimeLinkStatusEnum[statusOf(link)]
    this.sentAt = link.createdAt
    this.expiresAt = link.expiresAt
  }
}

/** Someone to be added. */
@InputType({ description: 'Someone to be added and invited.' })
export class InviteUserInput {
  @MaxLength(1_000)
  @Field(() => String, {
    description: 'An e-mail address of at most 254 characters, to which the invitation goes.',
  })
  login!: string

  @MaxLength(1_000)
  @Field(() => String, { description: '1 to 100 characters.' })
  firstName!: string

  @MaxLength(1_000)
  @Field(() => String, {
    nullable: true,
    description: 'Up to 100 characters; left out, there is none.',
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
    description: 'At most the caller’s own; left out, MEMBER.',
  })
  role?: Role | null

  @MaxLength(100)
  @Field(() => [String], {
    nullable: true,
    description: 'Permissions beyond those of the role; of those the caller holds.',
  })
  grantedPermissions?: string[] | null

  @MaxLength(100)
  @Field(() => [String], {
    nullable: true,
    description: 'Permissions of the role that are taken away.',
  })
  withdrawnPermissions?: string[] | null
}

const InviteUserError = createUnionType({
  name: 'InviteUserError',
  description: 'Why someone was not added.',
  types: () => [InvalidField, LoginTaken, AccessDenied] as const,
})

const errorOf = (refusal: InviteRefusal): typeof InviteUserError => {
  switch (refusal.kind) {
    case 'invalid':
      return new InvalidField(refusal.problem.message, [refusal.problem.field])
    case 'loginTaken':
      return new LoginTaken()
    case 'accessDenied':
      return new AccessDenied(refusal.reason, [refusal.field])
  }
}

/** The outcome of an invitation. */
@ObjectType({ description: 'The outcome of an invitation.' })
export class InviteUserPayload {
  @Field(() => User, {
    nullable: true,
    description: 'Who was added, not active yet; null when refused.',
  })
  user: User | null

  @Field(() => [InviteUserError], {
    description: 'All that is wrong; empty when the user was added.',
  })
  errors: (typeof InviteUserError)[]

  constructor({ user, refusals }: InviteOutcome) {
    this.user = user === null ? null : userOf(user)
    this.errors = refusals.map(errorOf)
  }
}

/** Many to be added. */
@InputType({ description: 'Many to be added and invited.' })
export class InviteUsersInput {
  @Field(() => [InviteUserInput], { description: '1 to 100.' })
  users!: InviteUserInput[]

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether to tell what would happen and no more: nobody is added or invited. False unless given.',
  })
  dryRun?: boolean | null
}

/** A profile in the form in which it is stored. */
@ObjectType({ description: 'The profile of an invited user, in the form in which it is stored.' })
class InvitedProfile {
  @Field(() => String, { description: 'E-mail address, with its domain in Unicode.' })
  login: string

  @Field(() => String, { description: 'First name, without the spaces around it.' })
  firstName: string

  @Field(() => String, { description: 'Last name; empty if there is none.' })
  lastName: string

  @Field(() => String, {
    nullable: true,
    description:
      'Phone number as people read it; see `User.phoneFormatted`. Null if there is none.',
  })
  phoneFormatted: string | null

  @Field(() => String, {
    description: 'Language tag (BCP 47); the account’s default language if none was given.',
  })
  language: string

  constructor({ login, firstName, lastName, phone, language }: UserFields) {
    this.login = login
    this.firstName = firstName
    this.lastName = lastName
    this.phoneFormatted = phone === null ? null : formatPhone(phone)
    this.language = language
  }
}

/** What became of one of many. */
@ObjectType({ description: 'What became of one of those to be added.' })
class InviteUsersResult {
  @Field(() => Int, { description: 'Their place in the list that was given, from 0.' })
  index: number

  @Field(() => User, {
    nullable: true,
    description: 'Who was added; null when refused, and in a dry run.',
  })
  user: User | null

  @Field(() => InvitedProfile, {
    nullable: true,
    description:
      'The profile as it was stored, or as it would be in a dry run. Null if the user was refused.',
  })
  profile: InvitedProfile | null

  @Field(() => [InviteUserError], {
    description: 'All that is wrong with them; the others are added nevertheless.',
  })
  errors: (typeof InviteUserError)[]

  constructor({ profile, user, refusals }: InviteOutcome, index: number) {
    this.index = index
    this.profile = profile && new InvitedProfile(profile)
    this.user = user === null ? null : userOf(user)
    this.errors = refusals.map(errorOf)
  }
}

/** The outcome of many invitations. */
@ObjectType({ description: 'The outcome of many invitations.' })
export class InviteUsersPayload {
  @Field(() => [InviteUsersResult], { description: 'One for each, in the order given.' })
  results: InviteUsersResult[]

  @Field(() => [UserError], {
    description: 'Of the call as a whole. Always empty: what goes wrong belongs to one of them.',
  })
  errors: UserError[] = []

  constructor(outcomes: readonly InviteOutcome[]) {
    this.results = outcomes.map((outcome, index) => new InviteUsersResult(outcome, index))
  }
}

/** Whose invitation to send again. */
@InputType({ description: 'Whose invitation to send again.' })
export class ResendInvitationInput {
  @Field(() => ID, { description: 'Someone who was invited.' })
  userId!: string
}

/** Whose invitation to revoke. */
@InputType({ description: 'Whose invitation to revoke.' })
export class RevokeInvitationInput {
  @Field(() => ID, { description: 'Someone who was invited.' })
  userId!: string
}

/** There is nothing to be invited to any more. */
@ObjectType({
  implements: UserError,
  description: 'The user has accepted their invitation already.',
})
export class NotInvited extends UserError {
  constructor() {
    super('They have accepted their invitation already.', ['userId'])
  }
}

const ManageInvitationError = createUnionType({
  name: 'ManageInvitationError',
  description: 'Why nothing was done to an invitation.',
  types: () => [UserNotFound, NotInvited, AccessDenied, TooManyAttempts] as const,
})

@ObjectType()
abstract class InvitationPayload {
  @Field(() => User, {
    nullable: true,
    description:
      'Whose invitation it is; null when refused, and when nothing changed and the caller may not read them.',
  })
  user: User | null = null

  @Field(() => [ManageInvitationError], { description: 'Empty when it was done.' })
  errors: (typeof ManageInvitationError)[] = []
}

/** The outcome of sending an invitation again. */
@ObjectType({ description: 'The outcome of sending an invitation again.' })
export class ResendInvitationPayload extends InvitationPayload {}

/** The outcome of revoking an invitation. */
@ObjectType({ description: 'The outcome of revoking an invitation.' })
export class RevokeInvitationPayload extends InvitationPayload {}
