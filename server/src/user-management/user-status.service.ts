import { refusalToBlock } from '@rekey/shared/access'
import type { ApiTokenService } from '../api-tokens/api-token.service.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OneTimeLinkService } from '../one-time-links/one-time-link.service.js'
import type { SecondFactorService } from '../second-factor/second-factor.service.js'
import type { SessionService } from '../sessions/session.service.js'
import type { Caller } from '../users/caller.js'
import type { UserService } from '../users/user.service.js'
import type {
  SelectionAction,
  UserOutcome,
  UserSelectionService,
} from './user-selection.service.js'

/** Blocks and unblocks users. */
export class UserStatusService {
  constructor(
    private readonly selection: UserSelectionService,
    private readonly users: UserService,
    private readonly sessions: SessionService,
    private readonly secondFactors: SecondFactorService,
    private readonly links: OneTimeLinkService,
    private readonly apiTokens: ApiTokenService,
  ) {}

  /** Blocking, as a change of a selection of users. */
  readonly blocking: SelectionAction = {
    permission: 'users.manage',
    action: 'BLOCK_USER',
    refusalTo: refusalToBlock,
    removesOwners: true,
    stateRefusal: user => (user.status === 'INVITED' ? 'notActive' : null),
    isDone: user => user.status === 'BLOCKED',
    apply: async (unit, users) => {
      const ids = users.map(user => user.id)
      await this.sessions.endAllOf(unit, ids, 'BLOCKED')
      await this.secondFactors.endPending(unit, ids)
      await this.links.endAll(unit, ids)
      await this.apiTokens.revokeAllOf(unit, ids)
      return this.users.changeStatus(unit, users, 'BLOCKED')
    },
  }

  /**
   * Blocks users. Their sessions, links, API tokens and unfinished sign-ins end, and their browsers
   * are no longer trusted.
   *
   * @throws as {@link UserSelectionService.change}.
   */
  block(actor: Caller, userIds: readonly string[], origin: RequestOrigin): Promise<UserOutcome[]> {
    return this.selection.run(this.blocking, { actor, origin }, userIds)
  }

  /**
   * Unblocks users. What ended when they were blocked stays ended.
   *
   * @throws as {@link UserSelectionService.change}.
   */
  unblock(
    actor: Caller,
    userIds: readonly string[],
    origin: RequestOrigin,
  ): Promise<UserOutcome[]> {
    const call = { permission: 'users.manage', action: 'UNBLOCK_USER', actor, origin } as const
    return this.selection.change(call, userIds, {
      refusalTo: refusalToBlock,
      removesOwners: false,
      stateRefusal: user => (user.status === 'INVITED' ? 'notBlocked' : null),
      isDone: user => user.status === 'ACTIVE',
      apply: (unit, users) => this.users.changeStatus(unit, users, 'ACTIVE'),
    })
  }
}
