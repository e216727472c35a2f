import { type AccessRefusal, refusalToBlock } from '@rekey/shared/access'
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import { AccessRefusalEnum } from '../access/access-denied.type.js'
import { RequirePermission, RequireRecentProof } from '../access/guards.js'
import { type Context, refusalFor } from '../graphql/context.js'
import { User } from '../users/user.type.js'
import type { UserStatusService } from './user-status.service.js'
import {
  BlockUsersInput,
  BlockUsersPayload,
  UnblockUsersInput,
  UnblockUsersPayload,
} from './user-status.type.js'

/** Blocks and unblocks users. */
@Resolver(() => User)
export class UserStatusResolver {
  constructor(private readonly statuses: UserStatusService) {}

  @Mutation(() => BlockUsersPayload, {
    description: `Blocks users, who can then no longer sign in. Requires \`users.manage\`. Callers cannot block themselves, a user who outranks them, or the last owner.

Their sessions, API tokens, password resets and unfinished sign-ins end at once, and their devices are no longer trusted. Returns a result for each user. A user who is already blocked stays blocked.`,
  })
  @RequirePermission('users.manage', 'BLOCK_USER')
  @RequireRecentProof()
  async blockUsers(
    @Arg('input', () => BlockUsersInput, { description: 'The users to block.' }) {
      userIds,
    }: BlockUsersInput,
    @Ctx() context: Context,
  ): Promise<BlockUsersPayload> {
    const caller = context.requireSignedIn()
    return new BlockUsersPayload(await this.statuses.block(caller, userIds, context.origin))
  }

  @Mutation(() => UnblockUsersPayload, {
    description: `Unblocks users, who can then sign in again. Requires \`users.manage\`, as blocking does.

Returns a result for each user. A user who is already active stays active.`,
  })
  @RequirePermission('users.manage', 'UNBLOCK_USER')
  async unblockUsers(
    @Arg('input', () => UnblockUsersInput, { description: 'The users to unblock.' }) {
      userIds,
    }: UnblockUsersInput,
    @Ctx() context: Context,
  ): Promise<UnblockUsersPayload> {
    const caller = context.requireSignedIn()
    return new UnblockUsersPayload(await this.statuses.unblock(caller, userIds, context.origin))
  }

  @FieldResolver(() => AccessRefusalEnum, {
    nullable: true,
    description: 'Why the caller may not block or unblock this user; null if they may.',
  })
  refusalToBlock(@Root() user: User, @Ctx() context: Context): AccessRefusal | null {
    return refusalFor(context, user, refusalToBlock)
  }
}
