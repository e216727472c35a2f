import { refusalToBlock } from '@rekey/shared/access'
import type { ApiTokenEntity } from '../api-tokens/api-token.entity.js'
import type { ApiTokenService } from '../api-tokens/api-token.service.js'
import type { UnfinishedBulkJobsService } from '../bulk-jobs/unfinished-bulk-jobs.service.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OneTimeLinkService } from '../one-time-links/one-time-link.service.js'
import { changeOf } from '../operations/operation-change.js'
import type { SecondFactorService } from '../second-factor/second-factor.service.js'
import type { SessionService } from '../sessions/session.service.js'
import type { Caller } from '../users/caller.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import type { AdministratorNoticeService } from './administrator-notice.service.js'
import { readReason } from './reason.js'
import type {
  SelectionAction,
  UserOutcome,
  UserSelectionService,
} from './user-selection.service.js'

const prefixesOf = (tokens: readonly ApiTokenEntity[], owner: UserEntity) =>
  tokens.filter(({ userId }) => userId === owner.id).map(({ prefix }) => prefix)

/** Blocks and unblocks users. */
export class UserStatusService {
  constructor(
    private readonly selection: UserSelectionService,
    private readonly users: UserService,
    private readonly sessions: SessionService,
    private readonly secondFactors: SecondFactorService,
    private readonly links: OneTimeLinkService,
    private readonly apiTokens: ApiTokenService,
    private readonly jobs: UnfinishedBulkJobsService,
    private readonly notices: AdministratorNoticeService,
  ) {}

  /** Blocking with a reason, or null, as a change of a selection of users. */
  blocking(reason: string | null): SelectionAction {
    const given = readReason(reason ?? '')
    return {
      permission: 'users.manage',
      action: 'BLOCK_USER',
      refusalTo: refusalToBlock,
      removesOwners: true,
      stateRefusal: user => (user.status === 'INVITED' ? 'notActive' : null),
      isDone: user => user.status === 'BLOCKED',
      apply: async (unit, users, { actor, origin }) => {
        const ids = users.map(user => user.id)
        await this.sessions.endAllOf(unit, ids, 'BLOCKED')
        await this.secondFactors.endPending(unit, ids)
        await this.links.endAll(unit, ids)
        await this.links.endHandedOverBy(unit, ids)
        const by = { actorId: actor.id, origin }
        await this.jobs.stop(unit, ids, 'ANYTHING', 'STARTER_NOT_ACTIVE', by)
        await this.apiTokens.suspendAllOf(unit, ids)
        await this.notices.notifyAll(unit, users, actor, origin, () => ({ kind: 'blocked' }))
        return this.users.changeStatus(unit, users, 'BLOCKED')
      },
      changesOf: () => (given === null ? [] : [changeOf('reason', null, given)]),
    }
  }

  /**
   * Blocks users. Their sessions, links, bulk jobs and unfinished sign-ins end, their browsers are no longer
   * trusted, and their API tokens are suspended.
   *
   * @param reason is stored in the operation, permanently; null if there is none.
   * @throws as {@link UserSelectionService.change}.
   */
  block(
    actor: Caller,
    userIds: readonly string[],
    origin: RequestOrigin,
    reason: string | null = null,
  ): Promise<UserOutcome[]> {
    return this.selection.run(this.blocking(reason), { actor, origin }, userIds)
  }

  /**
   * Unblocks users. What ended when they were blocked stays ended.
   *
   * @param restoredTokenIds the suspended API tokens that work again. The others are revoked.
   * @throws as {@link UserSelectionService.change}.
   */
  unblock(
    actor: Caller,
    userIds: readonly string[],
    origin: RequestOrigin,
    restoredTokenIds: readonly string[] = [],
  ): Promise<UserOutcome[]> {
    let restored: ApiTokenEntity[] = []
    let revoked: ApiTokenEntity[] = []
    const call = { permission: 'users.manage', action: 'UNBLOCK_USER', actor, origin } as const
    return this.selection.change(call, userIds, {
      refusalTo: refusalToBlock,
      removesOwners: false,
      stateRefusal: user => (user.status === 'INVITED' ? 'notBlocked' : null),
      isDone: user => user.status === 'ACTIVE',
      apply: async (unit, users) => {
        const ids = users.map(user => user.id)
        ;({ restored, revoked } = await this.apiTokens.resumeOrRevoke(unit, ids, restoredTokenIds))
        await this.notices.notifyAll(unit, users, actor, origin, user => ({
          kind: 'unblocked',
          restored: prefixesOf(restored, user).length,
          revoked: prefixesOf(revoked, user).length,
        }))
        return this.users.changeStatus(unit, users, 'ACTIVE')
      },
      changesOf: user =>
        [
          changeOf('apiTokensRestored', null, prefixesOf(restored, user)),
          changeOf('apiTokensRevoked', prefixesOf(revoked, user), null),
        ].filter(({ from, to }) => from !== to),
    })
  }
}
