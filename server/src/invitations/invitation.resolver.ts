import { type AccessRefusal, hasPermission, refusalToManageInvitation } from '@rekey/shared/access'
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { AccessDenied, AccessRefusalEnum } from '../access/access-denied.type.js'
import { RequirePermission, RequireRecentProof } from '../access/guards.js'
import { type Context, refusalFor } from '../graphql/context.js'
import { RequestLoader } from '../graphql/request-loader.js'
import { TooManyAttempts, UserNotFound } from '../graphql/user-error.type.js'
import { User, userOf } from '../users/user.type.js'
import type { InvitationResult, InvitationService, InvitedUser } from './invitation.service.js'
import {
  Invitation,
  InviteUserInput,
  InviteUserPayload,
  InviteUsersInput,
  InviteUsersPayload,
  NotInvited,
  ResendInvitationInput,
  ResendInvitationPayload,
  RevokeInvitationInput,
  RevokeInvitationPayload,
} from './invitation.type.js'

const invitedOf = (input: InviteUserInput): InvitedUser => ({
  login: input.login,
  firstName: input.firstName,
  lastName: input.lastName ?? '',
  phone: input.phone ?? null,
  language: input.language ?? null,
  role: input.role ?? 'MEMBER',
  grantedPermissions: input.grantedPermissions ?? [],
  withdrawnPermissions: input.withdrawnPermissions ?? [],
})

const errorOf = (result: Exclude<InvitationResult, { kind: 'done' }>) => {
  switch (result.kind) {
    case 'notFound':
      return new UserNotFound()
    case 'notInvited':
      return new NotInvited()
    case 'accessDenied':
      return new AccessDenied(result.reason, ['userId'])
    case 'tooManyAttempts':
      return new TooManyAttempts(result.retryAfterSeconds, ['userId'])
  }
}

/** Puts a result into a payload. */
const filled = <Payload extends ResendInvitationPayload>(
  payload: Payload,
  result: InvitationResult,
): Payload => {
  if (result.kind === 'done') payload.user = result.user && userOf(result.user)
  else payload.errors = [errorOf(result)]
  return payload
}

/** Invites users. */
@Resolver(() => User)
export class InvitationResolver {
  private readonly newest = new RequestLoader(ids => this.invitations.newestOf(ids), false)

  constructor(private readonly invitations: InvitationService) {}

  @Mutation(() => InviteUserPayload, {
    description:
      'Adds a user and sends them an invitation: a link that works once, for 72 hours, by which they set their password. Takes users.invite; nobody gives more than they have.\n\nErrors of GraphQL itself: `RATE_LIMITED`, if the caller or the mailbox has had the invitations of a day.',
  })
  @RequirePermission('users.invite', 'INVITE_USER')
  @RequireRecentProof()
  async inviteUser(
    @Arg('input', () => InviteUserInput, { description: 'Who.' }) input: InviteUserInput,
    @Ctx() context: Context,
  ): Promise<InviteUserPayload> {
    const caller = context.requireSignedIn()
    return new InviteUserPayload(
      await this.invitations.invite(caller, invitedOf(input), context.origin),
    )
  }

  @Mutation(() => InviteUsersPayload, {
    description: `Adds many users, as \`inviteUser\` does one. Each has an outcome of their own: those that are good are added also when others are not.

A login that stands twice is taken for the later one. With \`dryRun\` it returns the outcomes, does nothing and requires no proof.

Errors of GraphQL itself: \`RATE_LIMITED\`, if the caller or a mailbox has had the invitations of a day. Nobody is invited then.`,
  })
  @RequirePermission('users.invite', 'INVITE_USER')
  @RequireRecentProof<InviteUsersInput>(({ dryRun }) => dryRun ?? false)
  async inviteUsers(
    @Arg('input', () => InviteUsersInput, { description: 'Who.' }) input: InviteUsersInput,
    @Ctx() context: Context,
  ): Promise<InviteUsersPayload> {
    const caller = context.requireSignedIn()
    const invited = input.users.map(invitedOf)
    const dryRun = input.dryRun ?? false
    return new InviteUsersPayload(
      await this.invitations.inviteAll(caller, invited, dryRun, context.origin),
    )
  }

  @Mutation(() => ResendInvitationPayload, {
    description:
      'Sends an invitation again, with a fresh link of 72 hours; the older one stops working. After ten to the same login within a day each further one has to wait, at most an hour. Takes users.invite.',
  })
  @RequirePermission('users.invite', 'RESEND_INVITATION')
  async resendInvitation(
    @Arg('input', () => ResendInvitationInput, { description: 'Whose.' })
    { userId }: ResendInvitationInput,
    @Ctx() context: Context,
  ): Promise<ResendInvitationPayload> {
    const caller = context.requireSignedIn()
    const result = await this.invitations.resend(caller, userId, context.origin)
    return filled(new ResendInvitationPayload(), result)
  }

  @Mutation(() => RevokeInvitationPayload, {
    description:
      'Makes the link of an invitation stop working. The user stays, and can be invited again. Takes users.invite.',
  })
  @RequirePermission('users.invite', 'REVOKE_INVITATION')
  async revokeInvitation(
    @Arg('input', () => RevokeInvitationInput, { description: 'Whose.' })
    { userId }: RevokeInvitationInput,
    @Ctx() context: Context,
  ): Promise<RevokeInvitationPayload> {
    const caller = context.requireSignedIn()
    const result = await this.invitations.revoke(caller, userId, context.origin)
    return filled(new RevokeInvitationPayload(), result)
  }

  @FieldResolver(() => Invitation, {
    nullable: true,
    description:
      'Their newest invitation; null unless they are INVITED, when none was sent, and a month after it ended.',
  })
  async invitation(@Root() user: User, @Ctx() context: Context): Promise<Invitation | null> {
    if (user.status !== 'INVITED') return null
    const sent = await this.newest.load(user.id, context)
    if (sent === undefined) return null
    const { caller } = context
    const withReason =
      caller !== null &&
      (hasPermission(caller, 'users.invite') || hasPermission(caller, 'settings.manage'))
    return new Invitation(sent, withReason)
  }

  @FieldResolver(() => AccessRefusalEnum, {
    nullable: true,
    description:
      'Why the caller may not resend or revoke an invitation of this user; null when they may.',
  })
  refusalToManageInvitation(@Root() user: User, @Ctx() context: Context): AccessRefusal | null {
    return refusalFor(context, user, refusalToManageInvitation)
  }
}
