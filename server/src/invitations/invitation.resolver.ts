import { type AccessRefusal, hasPermission, refusalToManageInvitation } from '@rekey/shared/access'
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { AccessDenied, AccessRefusalEnum } from '../access/access-denied.type.js'
import { RequirePermission, RequireRecentProof, SessionOnly } from '../access/guards.js'
import { type Context, refusalFor } from '../graphql/context.js'
import { RequestLoader } from '../graphql/request-loader.js'
import { TooManyAttempts, UserNotFound } from '../graphql/user-error.type.js'
import { NotInvited } from '../user-management/user-result.type.js'
import { User, userOf } from '../users/user.type.js'
import type { InvitationResult, InvitationService } from './invitation.service.js'
import {
  CreateInvitationLinkInput,
  CreateInvitationLinkPayload,
  givenUserOf,
  Invitation,
  InviteUserInput,
  InviteUserPayload,
  InviteUsersInput,
  InviteUsersPayload,
  ResendInvitationInput,
  ResendInvitationPayload,
  RevokeInvitationInput,
  RevokeInvitationPayload,
} from './invitation.type.js'

const errorOf = (result: Exclude<InvitationResult, { kind: 'done' }>) => {
  switch (result.kind) {
    case 'notFound':
      return new UserNotFound()
    case 'notInvited':
      return new NotInvited(['userId'])
    case 'accessDenied':
      return new AccessDenied(result.reason, ['userId'])
    case 'tooManyAttempts':
      return new TooManyAttempts(result.retryAfterSeconds, ['userId'])
  }
}

/** Fills a payload with a result. */
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
      'Adds a user and sends them an invitation: a link that works once, for 72 hours, to set their password. Requires users.invite. Callers cannot grant more access than they have.\n\nGraphQL errors: `RATE_LIMITED` if the caller or the mailbox has reached the limit of invitations for a day.',
  })
  @RequirePermission('users.invite', 'INVITE_USER')
  @RequireRecentProof()
  async inviteUser(
    @Arg('input', () => InviteUserInput, { description: 'The user to invite.' })
    input: InviteUserInput,
    @Ctx() context: Context,
  ): Promise<InviteUserPayload> {
    const caller = context.requireSignedIn()
    return new InviteUserPayload(
      await this.invitations.invite(caller, givenUserOf(input), context.origin),
    )
  }

  @Mutation(() => InviteUsersPayload, {
    description: `Adds many users, as \`inviteUser\` adds one. Returns a result for each user: valid users are added even if others are rejected.

If a login or an external id occurs twice in the list, the later user is rejected with \`LoginTaken\` or \`ExternalIdTaken\`. With \`dryRun\`, the mutation returns the results but adds nobody, and it requires no recent proof of identity.

GraphQL errors: \`RATE_LIMITED\` if the caller or a mailbox has reached the limit of invitations for a day. Then nobody is invited.`,
  })
  @RequirePermission('users.invite', 'INVITE_USER')
  @RequireRecentProof<InviteUsersInput>(({ dryRun }) => dryRun ?? false)
  async inviteUsers(
    @Arg('input', () => InviteUsersInput, { description: 'The users to invite.' })
    input: InviteUsersInput,
    @Ctx() context: Context,
  ): Promise<InviteUsersPayload> {
    const caller = context.requireSignedIn()
    const invited = input.users.map(givenUserOf)
    const dryRun = input.dryRun ?? false
    return new InviteUsersPayload(
      await this.invitations.inviteAll(caller, invited, dryRun, context.origin),
    )
  }

  @Mutation(() => ResendInvitationPayload, {
    description:
      'Sends an invitation again, with a new link that is valid for 72 hours. The older link stops working. After ten invitations to the same login within a day, the caller must wait before each further one, at most an hour. Requires users.invite.',
  })
  @RequirePermission('users.invite', 'RESEND_INVITATION')
  async resendInvitation(
    @Arg('input', () => ResendInvitationInput, { description: 'The invited user.' })
    { userId }: ResendInvitationInput,
    @Ctx() context: Context,
  ): Promise<ResendInvitationPayload> {
    const caller = context.requireSignedIn()
    const result = await this.invitations.resend(caller, userId, context.origin)
    return filled(new ResendInvitationPayload(), result)
  }

  @Mutation(() => RevokeInvitationPayload, {
    description:
      'Revokes the link of an invitation. The user stays and can be invited again. Requires users.invite.',
  })
  @RequirePermission('users.invite', 'REVOKE_INVITATION')
  async revokeInvitation(
    @Arg('input', () => RevokeInvitationInput, { description: 'The invited user.' })
    { userId }: RevokeInvitationInput,
    @Ctx() context: Context,
  ): Promise<RevokeInvitationPayload> {
    const caller = context.requireSignedIn()
    const result = await this.invitations.revoke(caller, userId, context.origin)
    return filled(new RevokeInvitationPayload(), result)
  }

  @Mutation(() => CreateInvitationLinkPayload, {
    description:
      'Creates a link with which an invited user sets their first password, and returns it, so that the caller can hand it over. Requires `users.manage`, like setting the password. Callers cannot do this to a user who outranks them.\n\nThe link works once, for 72 hours, and only while the caller may still act on the user. Earlier invitations of the user stop working. It is not sent by mail, so its use does not verify the login of the user. Rekey notifies the user by mail, without the link.',
  })
  @RequirePermission('users.manage', 'CREATE_INVITATION_LINK')
  @RequireRecentProof()
  @SessionOnly()
  async createInvitationLink(
    @Arg('input', () => CreateInvitationLinkInput, { description: 'The invited user.' })
    { userId }: CreateInvitationLinkInput,
    @Ctx() context: Context,
  ): Promise<CreateInvitationLinkPayload> {
    const caller = context.requireSession()
    const result = await this.invitations.createLink(caller, userId, context.origin)
    const payload = new CreateInvitationLinkPayload()
    if (result.kind === 'created') {
      payload.url = result.url
      payload.expiresAt = result.expiresAt
    } else payload.errors = [errorOf(result)]
    return payload
  }

  @FieldResolver(() => Invitation, {
    nullable: true,
    description:
      'The newest invitation of the user. Null if the user is not INVITED, if none was sent, and from a month after it ended.',
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
      'Why the caller may not resend or revoke an invitation of this user; null if they may.',
  })
  refusalToManageInvitation(@Root() user: User, @Ctx() context: Context): AccessRefusal | null {
    return refusalFor(context, user, refusalToManageInvitation)
  }
}
