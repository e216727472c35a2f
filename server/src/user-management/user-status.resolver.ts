import { type AccessRefusal, refusalToBlock } from '@rekey/shared/access'
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { AccessRefusalEnum } from '../access/access-denied.type.js'
import { RequirePermission, RequireRecentProof } from '../access/guards.js'
import { type ApiTokenService, maxApiTokens } from '../api-tokens/api-token.service.js'
import { badInput } from '../graphql/api-error.js'
import { type Context, refusalFor } from '../graphql/context.js'
import { RequestLoader } from '../graphql/request-loader.js'
import { User } from '../users/user.type.js'
import { maxUsersAtOnce } from './user-selection.service.js'
import type { UserStatusService } from './user-status.service.js'
import {
  BlockUsersInput,
  BlockUsersPayload,
  SuspendedApiToken,
  UnblockUsersInput,
  UnblockUsersPayload,
} from './user-status.type.js'

/** All API tokens of as many users as can be unblocked at once. */
const maxRestoredAtOnce = maxUsersAtOnce * maxApiTokens

/** Blocks and unblocks users. */
@Resolver(() => User)
export class UserStatusResolver {
  private readonly suspended = new RequestLoader(ids => this.apiTokens.listSuspendedOf(ids), false)

  constructor(
    private readonly statuses: UserStatusService,
    private readonly apiTokens: ApiTokenService,
  ) {}

  @Mutation(() => BlockUsersPayload, {
    description: `Blocks users, who can then no longer sign in. Requires \`users.manage\`. Callers cannot block themselves, a user who outranks them, or the last owner.

Their sessions, password resets and unfinished sign-ins end at once, and their devices are no longer trusted. Their API tokens are suspended: they are invalid until \`unblockUsers\` restores them. Rekey notifies the users by mail, without the reason. Returns a result for each user. A user who is already blocked stays blocked.`,
  })
  @RequirePermission('users.manage', 'BLOCK_USER')
  @RequireRecentProof()
  async blockUsers(
    @Arg('input', () => BlockUsersInput, { description: 'The users to block.' })
    { userIds, reason }: BlockUsersInput,
    @Ctx() context: Context,
  ): Promise<BlockUsersPayload> {
    const caller = context.requireSignedIn()
    return new BlockUsersPayload(await this.statuses.block(caller, userIds, context.origin, reason))
  }

  @Mutation(() => UnblockUsersPayload, {
    description: `Unblocks users, who can then sign in again. Requires \`users.manage\`, as blocking does.

The API tokens in \`restoreApiTokenIds\` work again. The other suspended API tokens of the users are revoked. Rekey notifies the users by mail. Returns a result for each user. A user who is already active stays active.`,
  })
  @RequirePermission('users.manage', 'UNBLOCK_USER')
  @RequireRecentProof()
  async unblockUsers(
    @Arg('input', () => UnblockUsersInput, { description: 'The users to unblock.' })
    { userIds, restoreApiTokenIds }: UnblockUsersInput,
    @Ctx() context: Context,
  ): Promise<UnblockUsersPayload> {
    const caller = context.requireSignedIn()
    const restored = restoreApiTokenIds ?? []
    if (restored.length > maxRestoredAtOnce) {
      throw badInput(`restoreApiTokenIds must contain at most ${maxRestoredAtOnce} ids.`)
    }
    return new UnblockUsersPayload(
      await this.statuses.unblock(caller, userIds, context.origin, restored),
    )
  }

  @FieldResolver(() => [SuspendedApiToken], {
    nullable: true,
    description:
      'The API tokens that are suspended because the user is blocked, oldest first. Empty if there are none; null if the caller may not unblock the user.',
  })
  async suspendedApiTokens(
    @Root() user: User,
    @Ctx() context: Context,
  ): Promise<SuspendedApiToken[] | null> {
    if (refusalFor(context, user, refusalToBlock) !== null) return null
    if (user.status !== 'BLOCKED') return []
    const tokens = (await this.suspended.load(user.id, context)) ?? []
    return tokens.map(token => new SuspendedApiToken(token))
  }

  @FieldResolver(() => AccessRefusalEnum, {
    nullable: true,
    description: 'Why the caller may not block or unblock this user; null if they may.',
  })
  refusalToBlock(@Root() user: User, @Ctx() context: Context): AccessRefusal | null {
    return refusalFor(context, user, refusalToBlock)
  }
}
