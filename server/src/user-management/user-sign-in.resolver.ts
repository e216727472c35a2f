import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { RequirePermission, RequireRecentProof, SessionOnly } from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import { userResultErrorOf } from './user-result.type.js'
import type { UserSignInService } from './user-sign-in.service.js'
import {
  CreatePasswordResetLinkInput,
  CreatePasswordResetLinkPayload,
  RequirePasswordChangeInput,
  RequirePasswordChangePayload,
  SendPasswordResetLinksInput,
  SendPasswordResetLinksPayload,
  SignOutUsersInput,
  SignOutUsersPayload,
  WithdrawPasswordChangeRequirementInput,
  WithdrawPasswordChangeRequirementPayload,
} from './user-sign-in.type.js'

const rights =
  'Requires `users.manage`. Callers cannot do this to themselves, or to a user who outranks them.'

/** What an administrator does about the sign-in of other users. */
@Resolver()
export class UserSignInResolver {
  constructor(private readonly signIns: UserSignInService) {}

  @Mutation(() => SendPasswordResetLinksPayload, {
    description: `Sends active users a link that resets their password, by mail to their logins. ${rights}

The mail names the caller. The link works once, for 24 hours. Earlier reset links stop working. The password and the sessions stay as they are until the link is used. Returns a result for each user: \`MailNotConfigured\` if no mail server is configured, and \`TooManyAttempts\` after repeated links to the same mailbox.`,
  })
  @RequirePermission('users.manage', 'SEND_PASSWORD_RESET_LINK')
  @RequireRecentProof()
  async sendPasswordResetLinks(
    @Arg('input', () => SendPasswordResetLinksInput, {
      description: 'The users to whom to send a reset link.',
    })
    { userIds }: SendPasswordResetLinksInput,
    @Ctx() context: Context,
  ): Promise<SendPasswordResetLinksPayload> {
    const caller = context.requireSignedIn()
    return new SendPasswordResetLinksPayload(
      await this.signIns.sendPasswordResetLinks(caller, userIds, context.origin),
    )
  }

  @Mutation(() => RequirePasswordChangePayload, {
    description: `Requires users to choose a new password, at the next sign-in or with the next request in an open session. ${rights}

Until they have done so, they can do nothing else, and their API tokens do not work. Nothing ends. Rekey notifies the users by mail. Returns a result for each user: \`PasswordMissing\` for a user who has no password yet.`,
  })
  @RequirePermission('users.manage', 'REQUIRE_PASSWORD_CHANGE')
  @RequireRecentProof()
  async requirePasswordChange(
    @Arg('input', () => RequirePasswordChangeInput, {
      description: 'The users who must choose a new password.',
    })
    { userIds }: RequirePasswordChangeInput,
    @Ctx() context: Context,
  ): Promise<RequirePasswordChangePayload> {
    const caller = context.requireSignedIn()
    return new RequirePasswordChangePayload(
      await this.signIns.requirePasswordChange(caller, userIds, context.origin),
    )
  }

  @Mutation(() => WithdrawPasswordChangeRequirementPayload, {
    description: `No longer requires users to choose a new password. ${rights}

Their current passwords keep working. Rekey notifies the users by mail. Returns a result for each user: \`PasswordTemporary\` if someone else set the password, and \`PasswordTooOld\` if the account requires a new password because of its age. Does nothing for a user who need not choose a new password.`,
  })
  @RequirePermission('users.manage', 'WITHDRAW_PASSWORD_CHANGE_REQUIREMENT')
  @RequireRecentProof()
  async withdrawPasswordChangeRequirement(
    @Arg('input', () => WithdrawPasswordChangeRequirementInput, {
      description: 'The users who need no longer choose a new password.',
    })
    { userIds }: WithdrawPasswordChangeRequirementInput,
    @Ctx() context: Context,
  ): Promise<WithdrawPasswordChangeRequirementPayload> {
    const caller = context.requireSignedIn()
    return new WithdrawPasswordChangeRequirementPayload(
      await this.signIns.withdrawPasswordChange(caller, userIds, context.origin),
    )
  }

  @Mutation(() => SignOutUsersPayload, {
    description: `Ends all sessions and unfinished sign-ins of users, and the trust in their devices. ${rights}

API tokens keep working. Rekey notifies the users by mail. Returns a result for each user. For a user who is not active, nothing is to end.`,
  })
  @RequirePermission('users.manage', 'SIGN_OUT_USER')
  @RequireRecentProof()
  async signOutUsers(
    @Arg('input', () => SignOutUsersInput, { description: 'The users to sign out.' })
    { userIds }: SignOutUsersInput,
    @Ctx() context: Context,
  ): Promise<SignOutUsersPayload> {
    const caller = context.requireSignedIn()
    return new SignOutUsersPayload(await this.signIns.signOut(caller, userIds, context.origin))
  }

  @Mutation(() => CreatePasswordResetLinkPayload, {
    description: `Creates a link that resets the password of an active user, and returns it, so that the caller can hand it over. ${rights}

The link works once, for 30 minutes. Earlier reset links stop working. It is not sent by mail, so its use does not verify the login of the user. Rekey notifies the user by mail, without the link.`,
  })
  @RequirePermission('users.manage', 'CREATE_PASSWORD_RESET_LINK')
  @RequireRecentProof()
  @SessionOnly()
  async createPasswordResetLink(
    @Arg('input', () => CreatePasswordResetLinkInput, {
      description: 'The user for whom to create a reset link.',
    })
    { userId }: CreatePasswordResetLinkInput,
    @Ctx() context: Context,
  ): Promise<CreatePasswordResetLinkPayload> {
    const caller = context.requireSession()
    const result = await this.signIns.createPasswordResetLink(caller, userId, context.origin)
    const payload = new CreatePasswordResetLinkPayload()
    if (result.kind === 'created') {
      payload.url = result.url
      payload.expiresAt = result.expiresAt
    } else payload.errors = [userResultErrorOf(result.refusal, ['userId'])]
    return payload
  }
}
