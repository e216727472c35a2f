import type { Role } from '@rekey/shared/access'
import { GraphQLDateTimeISO } from 'graphql-scalars'
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { AccessDenied } from '../access/access-denied.type.js'
import { InvalidField, UserError, UserNotFound } from '../graphql/user-error.type.js'
import type { OneTimeLinkEntity } from '../one-time-links/one-time-link.entity.js'
import { statusOf } from '../one-time-links/one-time-link.service.js'
import { LinkInvalid, OneTimeLinkStatusEnum } from '../one-time-links/one-time-link.type.js'
import { PasswordPolicyViolated } from '../passwords/password-policy.type.js'
import { LoginTaken } from '../users/update-user.type.js'
import { RoleEnum, User } from '../users/user.type.js'

/** An invitation that was sent. */
@ObjectType({ description: 'The newest invitation that was sent to a user.' })
export class Invitation {
  @Field(() => OneTimeLinkStatusEnum, { description: 'Whether its link works, and if not, why.' })
  status: OneTimeLinkStatusEnum

  @Field(() => GraphQLDateTimeISO, { description: 'When it was sent.' })
  sentAt: Date

  @Field(() => GraphQLDateTimeISO, { description: 'Until when its link works; 72 hours.' })
  expiresAt: Date

  constructor(link: OneTimeLinkEntity) {
    this.status = OneTimeLinkStatusEnum[statusOf(link)]
    this.sentAt = link.createdAt
    this.expiresAt = link.expiresAt
  }
}

/** Someone to be added. */
@InputType({ description: 'Someone to be added and invited.' })
export class InviteUserInput {
  @Field(() => String, {
    description: 'An e-mail address of at most 254 characters; the invitation goes there.',
  })
  login!: string

  @Field(() => String, { description: '1 to 100 characters.' })
  firstName!: string

  @Field(() => String, {
    nullable: true,
    description: 'Up to 100 characters; empty unless given.',
  })
  lastName?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'Up to 32 digits, with a plus in front and spaces, brackets, dots or dashes between.',
  })
  phone?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'A BCP 47 tag, such as en or pt-BR; en unless given.',
  })
  language?: string | null

  @Field(() => RoleEnum, {
    nullable: true,
    description: 'The role, none above the caller’s own; MEMBER unless given.',
  })
  role?: Role | null

  @Field(() => [String], {
    nullable: true,
    description: 'Permissions beyond those of the role; only such as the caller holds.',
  })
  grantedPermissions?: string[] | null

  @Field(() => [String], {
    nullable: true,
    description: 'Permissions of the role that are withdrawn.',
  })
  withdrawnPermissions?: string[] | null
}

const InviteUserError = createUnionType({
  name: 'InviteUserError',
  description: 'Why someone was not invited.',
  types: () => [InvalidField, LoginTaken, AccessDenied] as const,
})

/** The errors of one invitation. */
export type InviteUserErrors = (typeof InviteUserError)[]

/** The outcome of an invitation. */
@ObjectType({ description: 'The outcome of an invitation.' })
export class InviteUserPayload {
  @Field(() => User, { nullable: true, description: 'Who was added; null when refused.' })
  user: User | null = null

  @Field(() => [InviteUserError], {
    description: 'Empty when the user was added. Otherwise nothing was changed.',
  })
  errors: InviteUserErrors = []
}

/** Several people to be added. */
@InputType({ description: 'Several people to be added and invited.' })
export class InviteUsersInput {
  @Field(() => [InviteUserInput], { description: 'Whom: 1 to 100.' })
  users!: InviteUserInput[]

  @Field(() => Boolean, {
    nullable: true,
    description: 'True checks all of them and stores nothing; false unless given.',
  })
  dryRun?: boolean | null
}

/** What became of one of several people. */
@ObjectType({ description: 'What became of one of several people to be invited.' })
export class InviteUsersResult {
  @Field(() => Int, { description: 'Their place in the list that was given, from 0.' })
  index: number

  @Field(() => User, {
    nullable: true,
    description: 'Who was added; null when refused, and with dryRun.',
  })
  user: User | null

  @Field(() => [InviteUserError], {
    description:
      'Empty when they were added or, with dryRun, could be. A login that comes twice is taken the second time.',
  })
  errors: InviteUserErrors

  constructor(index: number, user: User | null, errors: InviteUserErrors) {
    this.index = index
    this.user = user
    this.errors = errors
  }
}

/** The outcome of several invitations. */
@ObjectType({ description: 'The outcome of several invitations.' })
export class InviteUsersPayload {
  @Field(() => [InviteUsersResult], {
    description: 'One for each, in the order given: who can be added is added.',
  })
  results: InviteUsersResult[]

  @Field(() => [UserError], { description: 'Always empty: each result has errors of its own.' })
  errors: UserError[] = []

  constructor(results: InviteUsersResult[]) {
    this.results = results
  }
}

/** There is no invitation to change. */
@ObjectType({
  implements: UserError,
  description: 'The user is not invited any more: they accepted, or were blocked.',
})
export class NotInvited extends UserError {
  constructor() {
    super('This user has accepted the invitation already.', ['userId'])
  }
}

const InvitationChangeError = createUnionType({
  name: 'InvitationChangeError',
  description: 'Why an invitation was not resent or revoked.',
  types: () => [UserNotFound, AccessDenied, NotInvited] as const,
})

/** The outcome of resending or revoking. */
@ObjectType({ description: 'The outcome of resending or revoking an invitation.' })
abstract class InvitationChangePayload {
  @Field(() => User, { nullable: true, description: 'Who is invited; null when refused.' })
  user: User | null = null

  @Field(() => [InvitationChangeError], {
    description: 'Empty when it was done. Otherwise nothing was changed.',
  })
  errors: (typeof InvitationChangeError)[] = []
}

/** Whose invitation to send again. */
@InputType({ description: 'An invitation to be sent again.' })
export class ResendInvitationInput {
  @Field(() => ID, { description: 'Who is invited.' })
  userId!: string
}

/** The outcome of resending. */
@ObjectType({ description: 'The outcome of sending an invitation again.' })
export class ResendInvitationPayload extends InvitationChangePayload {}

/** Whose invitation to revoke. */
@InputType({ description: 'An invitation to be revoked.' })
export class RevokeInvitationInput {
  @Field(() => ID, { description: 'Who is invited.' })
  userId!: string
}

/** The outcome of revoking. */
@ObjectType({ description: 'The outcome of revoking an invitation.' })
export class RevokeInvitationPayload extends InvitationChangePayload {}

/** An invitation that is accepted. */
@InputType({ description: 'An invitation that is accepted.' })
export class ActivateUserInput {
  @Field(() => String, { description: 'The token of the link in the mail.' })
  token!: string

  @Field(() => String, { description: 'The first password. See passwordPolicy for its rules.' })
  password!: string
}

const ActivateUserError = createUnionType({
  name: 'ActivateUserError',
  description: 'Why a user did not become active.',
  types: () => [LinkInvalid, PasswordPolicyViolated] as const,
})

/** The outcome of an activation. */
@ObjectType({ description: 'The outcome of accepting an invitation.' })
export class ActivateUserPayload {
  @Field(() => User, {
    nullable: true,
    description: 'Who is active and signed in; null when refused.',
  })
  user: User | null = null

  @Field(() => [ActivateUserError], {
    description: 'Empty when the user is active. Otherwise nothing was changed.',
  })
  errors: (typeof ActivateUserError)[] = []
}
