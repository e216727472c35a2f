import { refusalToManageSignIn } from '@rekey/shared/access'
import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { AccessDenied } from '../access/access-denied.type.js'
import { RequirePermission, RequireRecentProof } from '../access/guards.js'
import type { ApiTokenService } from '../api-tokens/api-token.service.js'
import {
  ApiTokenConnection,
  ApiTokenNotFound,
  ApiTokensArgs,
} from '../api-tokens/api-token.type.js'
import { badInput } from '../graphql/api-error.js'
import { type Context, refusalFor } from '../graphql/context.js'
import { pageArgumentsOf } from '../graphql/page-arguments.type.js'
import { RequestLoader } from '../graphql/request-loader.js'
import { UserNotFound } from '../graphql/user-error.type.js'
import type { SessionService } from '../sessions/session.service.js'
import { SessionNotFound } from '../sessions/session.type.js'
import { SessionConnection, SessionsArgs } from '../sessions/session-connection.type.js'
import type { TrustedDeviceService } from '../trusted-devices/trusted-device.service.js'
import {
  isSameDevice,
  TrustedDeviceConnection,
  TrustedDevicesArgs,
} from '../trusted-devices/trusted-device.type.js'
import { doubtDays } from '../users/login-doubt.js'
import type { UserService } from '../users/user.service.js'
import { User, userOf } from '../users/user.type.js'
import { userResultErrorOf } from './user-result.type.js'
import type { EndResult, ResetLinkRefusal, UserSecurityService } from './user-security.service.js'
import {
  EndUserSessionInput,
  EndUserSessionPayload,
  PendingResetLink,
  ResetLinkRefusalEnum,
  RevokeUserApiTokenInput,
  RevokeUserApiTokenPayload,
  RevokeUserTrustedDevicesInput,
  RevokeUserTrustedDevicesPayload,
  SecureUserInput,
  SecureUserPayload,
} from './user-security.type.js'

/** The maximum number of users whose lists one request can read. Each list costs queries. */
const maxListedUsers = 10

const rights =
  'Requires `users.manage`. Callers cannot do this to themselves, or to a user who outranks them.'

const visibility = `Callers see their own in a session, and those of users on whom they may act with \`users.manage\`. Otherwise null. One request can ask for the lists of at most ${maxListedUsers} users.`

/** The errors for a refused or missing user; none for other results. */
const userErrorsOf = (result: EndResult<unknown>): (UserNotFound | AccessDenied)[] => {
  if (result.kind === 'userNotFound') return [new UserNotFound(['userId'])]
  if (result.kind === 'accessDenied') return [new AccessDenied(result.reason, ['userId'])]
  return []
}

/** Shows what lets a user sign in, and ends it. */
@Resolver(() => User)
export class UserSecurityResolver {
  private readonly resetLinks = new RequestLoader(ids => this.security.resetLinksOf(ids), false)

  private readonly passwords = new RequestLoader(async ids => {
    const users = await this.users.findMany(ids)
    return new Map(users.map(user => [user.id, user.passwordHash !== null]))
  }, false)
  private readonly listed = new WeakMap<Context, Set<string>>()

  constructor(
    private readonly security: UserSecurityService,
    private readonly users: UserService,
    private readonly sessionsOf: SessionService,
    private readonly apiTokensOf: ApiTokenService,
    private readonly trustedDevicesOf: TrustedDeviceService,
  ) {}

  @FieldResolver(() => SessionConnection, {
    nullable: true,
    description: `The sessions of the user in pages, the most recently used first. ${visibility}`,
  })
  async sessions(
    @Root() user: User,
    @Args(() => SessionsArgs) args: SessionsArgs,
    @Ctx() context: Context,
  ): Promise<SessionConnection | null> {
    if (!this.mayList(user, context)) return null
    const page = await this.sessionsOf.list(user.id, pageArgumentsOf(args))
    return new SessionConnection(page, context.caller?.session?.id ?? null)
  }

  @FieldResolver(() => ApiTokenConnection, {
    nullable: true,
    description: `The API tokens of the user in pages, newest first. Expired tokens are listed for 30 days. ${visibility}`,
  })
  async apiTokens(
    @Root() user: User,
    @Args(() => ApiTokensArgs) args: ApiTokensArgs,
    @Ctx() context: Context,
  ): Promise<ApiTokenConnection | null> {
    if (!this.mayList(user, context)) return null
    const page = await this.apiTokensOf.list(user.id, pageArgumentsOf(args))
    return ApiTokenConnection.of(page, user)
  }

  @FieldResolver(() => TrustedDeviceConnection, {
    nullable: true,
    description: `The trusted devices of the user in pages, newest first. ${visibility}`,
  })
  async trustedDevices(
    @Root() user: User,
    @Args(() => TrustedDevicesArgs) args: TrustedDevicesArgs,
    @Ctx() context: Context,
  ): Promise<TrustedDeviceConnection | null> {
    if (!this.mayList(user, context)) return null
    const page = await this.trustedDevicesOf.list(user, pageArgumentsOf(args))
    return new TrustedDeviceConnection(page, isSameDevice(context.trustedDeviceToken))
  }

  @FieldResolver(() => Boolean, {
    nullable: true,
    description:
      'Whether the user has a password. Without one, nobody can sign in as this user. Callers see it if they see `sessions`; otherwise null.',
  })
  async hasPassword(@Root() user: User, @Ctx() context: Context): Promise<boolean | null> {
    if (!this.maySee(user, context)) return null
    return (await this.passwords.load(user.id, context)) ?? null
  }

  @FieldResolver(() => ResetLinkRefusalEnum, {
    nullable: true,
    description:
      'Why `secureUser` would send this user no link for a new password; null if it would send one. TOO_MANY_ATTEMPTS is not known before. Callers see it if they see `sessions`; otherwise null.',
  })
  resetLinkRefusal(@Root() user: User, @Ctx() context: Context): ResetLinkRefusal | null {
    return this.maySee(user, context) ? this.security.resetLinkRefusalOf(user) : null
  }

  @FieldResolver(() => PendingResetLink, {
    nullable: true,
    description:
      'The link that can still reset the password of the user; null if there is none. Callers see it if they see `sessions`; otherwise null.',
  })
  async passwordResetLink(
    @Root() user: User,
    @Ctx() context: Context,
  ): Promise<PendingResetLink | null> {
    if (!this.maySee(user, context)) return null
    return (await this.resetLinks.load(user.id, context)) ?? null
  }

  @Mutation(() => SecureUserPayload, {
    description: `Secures an account that someone else may be using. ${rights} The last active owner cannot be blocked.

In one transaction, all sessions, unfinished sign-ins, bulk jobs and password reset links of the user end, and the links that the user created to hand them over; the user’s devices are no longer trusted, the API tokens are revoked, and the password is removed. Until the user has a new password, nobody can sign in to the account, not even with a passkey. Second factors stay; \`resetSecondFactor\` removes them.

Rekey notifies the user by mail. The mail contains a link for a new password, which works once, for 24 hours. If the user is blocked, there is no link, because it would not work: unblock the user and send one. There is also none if the login may be an attacker’s: if it was changed in the last ${doubtDays} days, or nobody has proved that its mail reaches the user. Then the former login gets the mail too, and \`requestPasswordReset\` sends nothing to the login until the user has a new password. \`resetLinkRefusal\` contains the reason.`,
  })
  @RequirePermission('users.manage', 'SECURE_USER')
  @RequireRecentProof()
  async secureUser(
    @Arg('input', () => SecureUserInput, { description: 'The account to secure.' })
    { userId, block, reason }: SecureUserInput,
    @Ctx() context: Context,
  ): Promise<SecureUserPayload> {
    const caller = context.requireSignedIn()
    const securing = { userId, block: block ?? false, reason: reason ?? null }
    const result = await this.security.secure(caller, securing, context.origin)
    const payload = new SecureUserPayload()
    if (result.kind === 'secured') {
      payload.user = userOf(result.user)
      payload.resetLinkSent = result.resetLinkRefusal === null
      payload.resetLinkRefusal = result.resetLinkRefusal
    } else payload.errors = [userResultErrorOf(result.refusal, ['userId'])]
    return payload
  }

  @Mutation(() => EndUserSessionPayload, {
    description: `Ends a session of another user. ${rights}

Its browser is signed out and learns that an administrator ended the session. Rekey notifies the user by mail. \`signOutUsers\` ends all sessions.`,
  })
  @RequirePermission('users.manage', 'END_SESSION')
  @RequireRecentProof()
  async endUserSession(
    @Arg('input', () => EndUserSessionInput, { description: 'The session to end.' })
    { userId, sessionId }: EndUserSessionInput,
    @Ctx() context: Context,
  ): Promise<EndUserSessionPayload> {
    const caller = context.requireSignedIn()
    const result = await this.security.endSession(caller, userId, sessionId, context.origin)
    const payload = new EndUserSessionPayload()
    payload.errors = userErrorsOf(result)
    if (result.kind === 'ended') payload.sessionId = result.ended
    if (result.kind === 'notFound') payload.errors = [new SessionNotFound()]
    return payload
  }

  @Mutation(() => RevokeUserApiTokenPayload, {
    description: `Revokes an API token of another user. It stops working at once. ${rights}

Rekey notifies the user by mail.`,
  })
  @RequirePermission('users.manage', 'REVOKE_API_TOKEN')
  @RequireRecentProof()
  async revokeUserApiToken(
    @Arg('input', () => RevokeUserApiTokenInput, { description: 'The token to revoke.' })
    { userId, apiTokenId }: RevokeUserApiTokenInput,
    @Ctx() context: Context,
  ): Promise<RevokeUserApiTokenPayload> {
    const caller = context.requireSignedIn()
    const result = await this.security.revokeApiToken(caller, userId, apiTokenId, context.origin)
    const payload = new RevokeUserApiTokenPayload()
    payload.errors = userErrorsOf(result)
    if (result.kind === 'ended') payload.revokedApiTokenId = result.ended
    if (result.kind === 'notFound') payload.errors = [new ApiTokenNotFound()]
    return payload
  }

  @Mutation(() => RevokeUserTrustedDevicesPayload, {
    description: `Stops trusting all devices of another user. Their next sign-ins require a second step. ${rights}

Rekey notifies the user by mail.`,
  })
  @RequirePermission('users.manage', 'REVOKE_ALL_TRUSTED_DEVICES')
  @RequireRecentProof()
  async revokeUserTrustedDevices(
    @Arg('input', () => RevokeUserTrustedDevicesInput, {
      description: 'The user whose devices to stop trusting.',
    })
    { userId }: RevokeUserTrustedDevicesInput,
    @Ctx() context: Context,
  ): Promise<RevokeUserTrustedDevicesPayload> {
    const caller = context.requireSignedIn()
    const result = await this.security.forgetTrustedDevices(caller, userId, context.origin)
    const payload = new RevokeUserTrustedDevicesPayload()
    payload.errors = userErrorsOf(result)
    if (result.kind === 'ended') payload.count = result.ended
    return payload
  }

  /**
   * Whether the caller may see what lets this user sign in: their own only in a session, because API
   * tokens must not see how their owner signs in.
   *
   * @throws FORBIDDEN for a caller who must first change the password or enrol a second factor.
   */
  private maySee(user: User, context: Context): boolean {
    const { caller } = context
    if (caller === null) return false
    context.requireSignedIn()
    if (caller.id === user.id) return caller.session !== null
    return refusalFor(context, user, refusalToManageSignIn) === null
  }

  /** As {@link maySee}. @throws BAD_USER_INPUT if the request asks for the lists of too many users. */
  private mayList(user: User, context: Context): boolean {
    if (!this.maySee(user, context)) return false
    const listed = this.listed.get(context) ?? new Set()
    this.listed.set(context, listed.add(user.id))
    if (listed.size > maxListedUsers) {
      throw badInput(
        `Ask for the sessions, API tokens and trusted devices of at most ${maxListedUsers} users.`,
      )
    }
    return true
  }
}
