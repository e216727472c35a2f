import { type AccessRefusal, refusalToBlock, refusalToDelete } from '@rekey/shared/access'
import type { PermissionGuard } from '../access/permission-guard.js'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { MailService } from '../mail/mail.service.js'
import type { OneTimeLinkService } from '../one-time-links/one-time-link.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { SessionService } from '../sessions/session.service.js'
import type { ThrottleService } from '../throttle/throttle.service.js'
import type { UserEntity } from './user.entity.js'
import type { UserService } from './user.service.js'
import { loginKeyOf } from './user-keys.js'

/** What became of blocking or unblocking someone. */
export type StatusChangeResult =
  | { readonly kind: 'changed'; readonly user: UserEntity }
  | { readonly kind: 'denied'; readonly refusal: AccessRefusal }
  | { readonly kind: 'notFound' | 'lastOwner' | 'notActive' }

/** What became of a deletion. */
export type DeletionResult =
  | { readonly kind: 'denied'; readonly refusal: AccessRefusal }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'notFound' | 'lastOwner' | 'loginMismatch' }

/** Blocks, unblocks and deletes users. */
export class UserStatusService {
  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly sessions: SessionService,
    private readonly operations: OperationService,
    private readonly links: OneTimeLinkService,
    private readonly mail: MailService,
    private readonly throttle: ThrottleService,
    private readonly guard: PermissionGuard,
  ) {}

  /**
   * Blocks users, one after the other: their sessions and links end at once. Who is
   * blocked already stays so.
   *
   * @returns what became of each, in the order given.
   * @throws FORBIDDEN without `users.manage`.
   */
  block(
    caller: UserEntity,
    userIds: readonly string[],
    origin: RequestOrigin,
  ): Promise<StatusChangeResult[]> {
    return this.each(caller, userIds, 'BLOCK_USER', origin, async (unit, user) => {
      if (await this.users.isLastOwner(unit, user)) return 'lastOwner'
      await this.sessions.endAll(unit, user.id, null, 'BLOCKED')
      await this.links.endPasswordResets(unit, user.id)
      return this.users.replaceStatus(unit, user, 'BLOCKED')
    })
  }

  /**
   * Unblocks users, one after the other. Who is active already stays so.
   *
   * @returns what became of each, in the order given.
   * @throws FORBIDDEN without `users.manage`.
   */
  unblock(
    caller: UserEntity,
    userIds: readonly string[],
    origin: RequestOrigin,
  ): Promise<StatusChangeResult[]> {
    return this.each(caller, userIds, 'UNBLOCK_USER', origin, (unit, user) =>
      this.users.replaceStatus(unit, user, 'ACTIVE'),
    )
  }

  /**
   * Deletes a user and the personal data kept about them. Operations stay, under a
   * pseudonym.
   *
   * @param login the user's login as the caller typed it, so that nobody is deleted by a slip.
   * @throws FORBIDDEN without `users.delete`.
   */
  async delete(
    caller: UserEntity,
    { userId, login }: { readonly userId: string; readonly login: string },
    origin: RequestOrigin,
  ): Promise<DeletionResult> {
    const undertaking = { action: 'DELETE_USER', subjectId: userId } as const
    await this.guard.require(caller, 'users.delete', undertaking, origin)
    return this.database.write(async (unit): Promise<DeletionResult> => {
      const user = await this.users.findIn(unit, userId)
      if (user === null) return { kind: 'notFound' }
      const actor = await this.guard.actorIn(unit, caller)
      const refusal = refusalToDelete(actor, user)
      if (refusal !== null) {
        await this.guard.recordDenial(unit, actor, undertaking, refusal, origin)
        return { kind: 'denied', refusal }
      }
      if (loginKeyOf(login.trim()) !== user.loginKey) return { kind: 'loginMismatch' }
      if (await this.users.isLastOwner(unit, user)) {
        await this.guard.recordDenial(unit, actor, undertaking, 'LAST_OWNER', origin)
        return { kind: 'lastOwner' }
      }
      await this.users.remove(unit, user.id)
      await this.mail.withdrawTo(unit, user.login)
      await this.throttle.forgetUser(unit, { id: user.id, login: user.loginKey })
      await this.operations.record(unit, origin, {
        ...undertaking,
        outcome: 'DONE',
        actorId: actor.id,
      })
      return { kind: 'deleted' }
    })
  }

  private async each(
    caller: UserEntity,
    userIds: readonly string[],
    action: 'BLOCK_USER' | 'UNBLOCK_USER',
    origin: RequestOrigin,
    change: (unit: WritingUnitOfWork, user: UserEntity) => Promise<UserEntity | 'lastOwner'>,
  ): Promise<StatusChangeResult[]> {
    await this.guard.require(caller, 'users.manage', { action, subjectId: null }, origin)
    const wanted = action === 'BLOCK_USER' ? 'BLOCKED' : 'ACTIVE'
    const results: StatusChangeResult[] = []
    for (const userId of userIds) {
      const undertaking = { action, subjectId: userId } as const
      results.push(
        await this.database.write(async (unit): Promise<StatusChangeResult> => {
          const user = await this.users.findIn(unit, userId)
          if (user === null) return { kind: 'notFound' }
          const actor = await this.guard.actorIn(unit, caller)
          const refusal = refusalToBlock(actor, user)
          if (refusal !== null) {
            await this.guard.recordDenial(unit, actor, undertaking, refusal, origin)
            return { kind: 'denied', refusal }
          }
          if (user.status === 'INVITED') return { kind: 'notActive' }
          if (user.status === wanted) return { kind: 'changed', user }
          const changed = await change(unit, user)
          if (changed === 'lastOwner') {
            await this.guard.recordDenial(unit, actor, undertaking, 'LAST_OWNER', origin)
            return { kind: 'lastOwner' }
          }
          const done = { ...undertaking, outcome: 'DONE', actorId: actor.id } as const
          await this.operations.record(unit, origin, done)
          return { kind: 'changed', user: changed }
        }),
      )
    }
    return results
  }
}
