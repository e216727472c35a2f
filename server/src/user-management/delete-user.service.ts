import { refusalToDelete } from '@rekey/shared/access'
import { loginKeyOf } from '@rekey/shared/login'
import type { AccessGuard } from '../access/access-guard.service.js'
import { ActiveOwners, codeOf, type RightsRefusal } from '../access/active-owners.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OperationService } from '../operations/operation.service.js'
import type { Caller } from '../users/caller.js'
import type { UserService } from '../users/user.service.js'
import type { SelectionAction } from './user-selection.service.js'

/** A request to delete a user. */
export interface UserDeletion {
  readonly userId: string
  /** The user's login, typed to confirm that the caller means this user. */
  readonly login: string
}

/** The result of a deletion. */
export type UserDeletionResult =
  | RightsRefusal
  | { readonly kind: 'deleted' | 'notFound' | 'loginMismatch' }

/**
 * Deletes users with all their personal data. The operation list keeps what they did and what was
 * done to them, only by their id.
 */
export class DeleteUserService {
  constructor(
    private readonly guard: AccessGuard,
    private readonly users: UserService,
    private readonly operations: OperationService,
  ) {}

  /** Deletion, as a change of a selection of users. */
  readonly deleting: SelectionAction = {
    permission: 'users.delete',
    action: 'DELETE_USER',
    refusalTo: refusalToDelete,
    removesOwners: true,
    isDone: () => false,
    apply: async (unit, users) => {
      for (const user of users) await this.users.erase(unit, user)
      return []
    },
  }

  /**
   * Deletes one user.
   *
   * @throws as {@link AccessGuard.write}.
   */
  delete(
    actor: Caller,
    { userId, login }: UserDeletion,
    origin: RequestOrigin,
  ): Promise<UserDeletionResult> {
    const { permission, action } = this.deleting
    const call = { permission, action, actor, subjectId: userId, origin }
    return this.guard.write(call, async (unit, caller): Promise<UserDeletionResult> => {
      const user = await this.users.findIn(unit, userId)
      if (user === null) return { kind: 'notFound' }
      const owners = await ActiveOwners.among(unit, this.users, [user])
      const refusal = owners.refusalOf(user, refusalToDelete(caller, user), true)
      const record = { action, actorId: caller.id, subjectId: user.id }
      if (refusal !== null) {
        const reason = codeOf(refusal)
        await this.operations.record(unit, origin, { ...record, outcome: 'REFUSED', reason })
        return refusal
      }
      if (loginKeyOf(login) !== loginKeyOf(user.login)) return { kind: 'loginMismatch' }

      await this.users.erase(unit, user)
      await this.operations.record(unit, origin, { ...record, outcome: 'DONE' })
      return { kind: 'deleted' }
    })
  }
}
