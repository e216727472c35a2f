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
    description: `Shuts users out. Takes \`users.manage\`; nobody blocks themselves or someone who outranks them, and the last owner stays.

Their sessions, password resets and half-made sign-ins end at once, and no device of theirs is trusted any more. Each user has an outcome of their own; who is blocked already stays so.`,
  })
  @RequirePermission('users.manage', 'BLOCK_USER')
  @RequireRecentProof()
  async blockUsers(
    @Arg('input', () => BlockUsersInput, { description: 'Whom.' }) { userIds }: BlockUsersInput,
    @Ctx() context: Context,
  ): Promise<BlockUsersPayload> {
    const caller = context.requireSignedIn()
    return new BlockUsersPayload(await this.statuses.block(caller, userIds, context.origin))
  }

  @Mutation(() => UnblockUsersPayload, {
    description: `Lets blocked users sign in again. Takes \`users.manage\`, as blocking does.

Each user has an outcome of their own; who is active already stays so.`,
  })
  @RequirePermission('users.manage', 'UNBLOCK_USER')
  async unblockUsers(
    @Arg('input', () => UnblockUsersInput, { description: 'Whom.' }) { userIds }: UnblockUsersInput,
    @Ctx() context: Context,
  ): Promise<UnblockUsersPayload> {
    const caller = context.requireSignedIn()
    return new UnblockUsersPayload(await this.statuses.unblock(caller, userIds, context.origin))
  }

  @FieldResolver(() => AccessRefusalEnum, {
    nullable: true,
    description: 'Why the caller may not block or unblock this user; null when they may.',
  })
  refusalToBlock(@Root() user: User, @Ctx() context: Context): AccessRefusal | null {
    return refusalFor(context, user, refusalToBlock)
  }
}
