import type { AccessRefusal } from '@rekey/shared/access'
import type { AccessGuard, GuardedCall } from '../access/access-guard.service.js'
import { ActiveOwners, codeOf, type RightsRefusal } from '../access/active-owners.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { badInput } from '../graphql/api-error.js'
import type { OperationRecord, OperationService } from '../operations/operation.service.js'
import type { OperationChange } from '../operations/operation-change.js'
import type { Caller } from '../users/caller.js'
import { shownAfter } from '../users/shown-profile.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'

/** Why nothing was done to a user. */
export type UserRefusal = RightsRefusal | { readonly kind: 'notFound' | 'notActive' | 'notBlocked' }

/** What became of one user of a selection. */
export interface UserOutcome {
  readonly userId: string
  /** As they are now; null when it was refused, or nothing changed and the caller may not read it. */
  readonly user: UserEntity | null
  readonly refusal: UserRefusal | null
}

/** What is done to each user of a selection. */
export interface SelectionChange {
  readonly refusalTo: (actor: Caller, user: UserEntity) => AccessRefusal | null
  /** Whether an active owner is none any more afterwards. */
  readonly takesOwnersAway: boolean
  /** Why the user's status does not allow it; null when it does. */
  readonly statusRefusal?: (user: UserEntity) => 'notActive' | 'notBlocked' | null
  /** Whether there is nothing left to do. */
  readonly isDone: (user: UserEntity) => boolean
  /** Does it, and returns the users as they are then, in the order given. */
  readonly apply: (unit: WritingUnitOfWork, users: UserEntity[]) => Promise<UserEntity[]>
  /** What it changed of a user, where the action does not say it. */
  readonly changesOf?: (before: UserEntity, after: UserEntity) => OperationChange[]
}

/** How many users one call may act on. */
export const mostAtOnce = 100

/**
 * Does the same to many users in one transaction, with an outcome for each: whoever may
 * not be touched does not keep the others from it.
 */
export class UserSelectionService {
  constructor(
    private readonly guard: AccessGuard,
    private readonly users: UserService,
    private readonly operations: OperationService,
  ) {}

  /**
   * @returns an outcome for each id, in the order given.
   * @throws as {@link AccessGuard.write}; BAD_USER_INPUT unless 1 to 100 ids are given.
   */
  async change(
    call: GuardedCall,
    userIds: readonly string[],
    change: SelectionChange,
  ): Promise<UserOutcome[]> {
    if (userIds.length === 0 || userIds.length > mostAtOnce) {
      throw badInput(`userIds takes 1 to ${mostAtOnce} ids.`)
    }
    const { action, origin } = call
    return this.guard.write(call, async (unit, actor) => {
      const ids = [...new Set(userIds)]
      const byId = new Map((await this.users.findManyIn(unit, ids)).map(user => [user.id, user]))
      // In the order given: of two owners the first can go.
      const found = ids.flatMap(id => byId.get(id) ?? [])
      const owners = await ActiveOwners.among(unit, this.users, found)
      const refusals = new Map<string, UserRefusal>()
      const todo: UserEntity[] = []
      for (const user of found) {
        const refusal = refusalOf(actor, user, change, owners)
        if (refusal !== null) refusals.set(user.id, refusal)
        else if (!change.isDone(user)) {
          todo.push(user)
          if (change.takesOwnersAway) owners.remove(user)
        }
      }
      const changed = await change.apply(unit, todo)
      const now = new Map([...found, ...changed].map(user => [user.id, user]))
      const records = found.flatMap((user): OperationRecord[] => {
        const record = { action, actorId: actor.id, subjectId: user.id }
        if (todo.includes(user)) {
          const changes = change.changesOf?.(user, now.get(user.id) ?? user) ?? []
          return [{ ...record, outcome: 'DONE', changes }]
        }
        const refusal = refusals.get(user.id)
        // Only what is a matter of rights.
        if (refusal === undefined || !('reason' in refusal || refusal.kind === 'lastOwner'))
          return []
        return [{ ...record, outcome: 'REFUSED', reason: codeOf(refusal) }]
      })
      await this.operations.recordAll(unit, origin, records)

      return userIds.map((userId): UserOutcome => {
        const user = now.get(userId)
        if (user === undefined) return { userId, user: null, refusal: { kind: 'notFound' } }
        const refusal = refusals.get(userId) ?? null
        if (refusal !== null) return { userId, user: null, refusal }
        const isChanged = todo.some(({ id }) => id === userId)
        return { userId, user: shownAfter(actor, user, isChanged), refusal }
      })
    })
  }
}

const refusalOf = (
  actor: Caller,
  user: UserEntity,
  change: SelectionChange,
  owners: ActiveOwners,
): UserRefusal | null => {
  const reason = change.refusalTo(actor, user)
  const refusal = owners.refusalOf(user, reason, change.takesOwnersAway)
  if (refusal !== null) return refusal
  const kind = change.statusRefusal?.(user) ?? null
  return kind === null ? null : { kind }
}
