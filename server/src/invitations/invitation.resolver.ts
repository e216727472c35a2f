import DataLoader from 'dataloader'
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { AccessDenied } from '../access/access-denied.type.js'
import { badInput } from '../graphql/api-error.js'
import type { Context } from '../graphql/context.js'
import { InvalidField, UserNotFound } from '../graphql/user-error.type.js'
import type { OneTimeLinkEntity } from '../one-time-links/one-time-link.entity.js'
import { LinkInvalid } from '../one-time-links/one-time-link.type.js'
import { PasswordPolicyViolated } from '../passwords/password-policy.type.js'
import { LoginTaken } from '../users/update-user.type.js'
import { User, userOf } from '../users/user.type.js'
import type {
  InvitationChangeResult,
  InvitationResult,
  InvitationService,
  Invitee,
} from './invitation.service.js'
import {
  ActivateUserInput,
  ActivateUserPayload,
  Invitation,
  type InviteUserErrors,
  InviteUserInput,
  InviteUserPayload,
  InviteUsersInput,
  InviteUsersPayload,
  InviteUsersResult,
  NotInvited,
  ResendInvitationInput,
  ResendInvitationPayload,
  RevokeInvitationInput,
  RevokeInvitationPayload,
} from './invitation.type.js'

type LinkLoader = DataLoader<string, OneTimeLinkEntity | null>

const mostInvitees = 100

/** The input as the service takes it, with what is left out filled in. */
const inviteeOf = (input: InviteUserInput): Invitee => ({
  login: input.login,
  firstName: input.firstName,
  lastName: input.lastName ?? '',
  phone: input.phone ?? null,
  language: input.language ?? 'en',
  role: input.role ?? 'MEMBER',
  grantedPermissions: input.grantedPermissions ?? [],
  withdrawnPermissions: input.withdrawnPermissions ?? [],
})

const errorsOf = (result: InvitationResult): InviteUserErrors => {
  if (result.kind === 'invited') return []
  return [
    ...result.problems.map(({ field, message }) => new InvalidField(message, [field])),
    ...(result.loginTaken ? [new LoginTaken()] : []),
    ...(result.refusal === null ? [] : [new AccessDenied(result.refusal, ['role'])]),
  ]
}

const userOfResult = (result: InvitationResult): User | null =>
  result.kind === 'invited' && result.user !== null ? userOf(result.user) : null

const changeErrorOf = (result: Exclude<InvitationChangeResult, { kind: 'changed' }>) => {
  switch (result.kind) {
    case 'notFound':
      return new UserNotFound()
    case 'denied':
      return new AccessDenied(result.refusal, ['userId'])
    case 'notInvited':
      return new NotInvited()
  }
}

/** Invites people, and makes those active who accept. */
@Resolver(() => User)
export class InvitationResolver {
  // The invitations of a page are read at once.
  private readonly loaders = new WeakMap<Context, LinkLoader>()

  constructor(private readonly invitations: InvitationService) {}

  @Mutation(() => InviteUserPayload, {
    description: `Adds a user and sends them an invitation by mail: a link, good once and for 72 hours, by which they set their password. Takes users.invite; nobody gives a higher role or more permissions than they have.

Errors of GraphQL itself: \`UNAUTHENTICATED\`, \`FORBIDDEN\`.`,
  })
  async inviteUser(
    @Arg('input', () => InviteUserInput, { description: 'Whom.' }) input: InviteUserInput,
    @Ctx() context: Context,
  ): Promise<InviteUserPayload> {
    const { user: caller } = context.requireSignedIn()
    const invitees = [inviteeOf(input)]
    const [result] = await this.invitations.invite(caller, invitees, false, context.origin)
    const payload = new InviteUserPayload()
    if (result !== undefined) {
      payload.user = userOfResult(result)
      payload.errors = errorsOf(result)
    }
    return payload
  }

  @Mutation(() => InviteUsersPayload, {
    description: `Adds up to 100 users at once, as inviteUser does one; with dryRun it only checks them. Who can be added is added, whatever is wrong with others.

Errors of GraphQL itself: \`UNAUTHENTICATED\`, \`FORBIDDEN\`, \`BAD_USER_INPUT\`.`,
  })
  async inviteUsers(
    @Arg('input', () => InviteUsersInput, { description: 'Whom.' }) input: InviteUsersInput,
    @Ctx() context: Context,
  ): Promise<InviteUsersPayload> {
    const { user: caller } = context.requireSignedIn()
    const { users, dryRun } = input
    if (users.length < 1 || users.length > mostInvitees) {
      throw badInput(`users takes 1 to ${mostInvitees}.`)
    }
    const invitees = users.map(inviteeOf)
    const { origin } = context
    const results = await this.invitations.invite(caller, invitees, dryRun === true, origin)
    return new InviteUsersPayload(
      results.map((one, index) => new InviteUsersResult(index, userOfResult(one), errorsOf(one))),
    )
  }

  @Mutation(() => ResendInvitationPayload, {
    description: `Sends an invitation again, with a fresh link for 72 hours; the link of the one before stops working. Takes users.invite.

Errors of GraphQL itself: \`UNAUTHENTICATED\`, \`FORBIDDEN\`.`,
  })
  async resendInvitation(
    @Arg('input', () => ResendInvitationInput, { description: 'Whose.' })
    { userId }: ResendInvitationInput,
    @Ctx() context: Context,
  ): Promise<ResendInvitationPayload> {
    const { user: caller } = context.requireSignedIn()
    const result = await this.invitations.resend(caller, userId, context.origin)
    const payload = new ResendInvitationPayload()
    if (result.kind === 'changed') payload.user = userOf(result.user)
    else payload.errors = [changeErrorOf(result)]
    return payload
  }

  @Mutation(() => RevokeInvitationPayload, {
    description: `Has the link of an invitation stop working. The user stays in the list as invited, to be invited again or deleted. Takes users.invite.

Errors of GraphQL itself: \`UNAUTHENTICATED\`, \`FORBIDDEN\`.`,
  })
  async revokeInvitation(
    @Arg('input', () => RevokeInvitationInput, { description: 'Whose.' })
    { userId }: RevokeInvitationInput,
    @Ctx() context: Context,
  ): Promise<RevokeInvitationPayload> {
    const { user: caller } = context.requireSignedIn()
    const result = await this.invitations.revoke(caller, userId, context.origin)
    const payload = new RevokeInvitationPayload()
    if (result.kind === 'changed') payload.user = userOf(result.user)
    else payload.errors = [changeErrorOf(result)]
    return payload
  }

  @Mutation(() => ActivateUserPayload, {
    description: `Accepts an invitation: sets the first password, makes the user active and signs them in. The link works once.

Errors of GraphQL itself: \`RATE_LIMITED\`.`,
  })
  async activateUser(
    @Arg('input', () => ActivateUserInput, { description: 'The link’s token and a password.' })
    input: ActivateUserInput,
    @Ctx() context: Context,
  ): Promise<ActivateUserPayload> {
    const result = await this.invitations.activate(input, context.sessionToken, context.origin)
    const payload = new ActivateUserPayload()
    if (result.kind === 'activated') {
      context.setSessionToken(result.token)
      payload.user = userOf(result.user)
    } else if (result.kind === 'linkInvalid') {
      payload.errors = [new LinkInvalid(result.status)]
    } else {
      payload.errors = [new PasswordPolicyViolated(result.violations, ['password'])]
    }
    return payload
  }

  @FieldResolver(() => Invitation, {
    nullable: true,
    description:
      'The newest invitation; null when the user is not invited any more, or never was by mail.',
  })
  async invitation(@Root() user: User, @Ctx() context: Context): Promise<Invitation | null> {
    if (user.status !== 'INVITED') return null
    const link = await this.loaderOf(context).load(user.id)
    return link === null ? null : new Invitation(link)
  }

  private loaderOf(context: Context): LinkLoader {
    const kept = this.loaders.get(context)
    if (kept !== undefined) return kept
    const loader: LinkLoader = new DataLoader(async ids => {
      const links = await this.invitations.newestOf(ids)
      return ids.map(id => links.get(id) ?? null)
    })
    this.loaders.set(context, loader)
    return loader
  }
}
