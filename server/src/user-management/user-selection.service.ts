import type { AccessRefusal, Permission } from '@rekey/shared/access'
import type { AccessGuard, GuardedCall } from '../access/access-guard.service.js'
import { ActiveOwners, codeOf, type RightsRefusal } from '../access/active-owners.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { badInput } from '../graphql/api-error.js'
import type { OperationAction } from '../operations/operation.entity.js'
import type { OperationRecord, OperationService } from '../operations/operation.service.js'
import type { OperationChange } from '../operations/operation-change.js'
import type { Wait } from '../throttle/throttle.service.js'
import type { Caller } from '../users/caller.js'
import { shownAfter } from '../users/shown-profile.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'

/** Why a user was not changed. */
export type UserRefusal =
  | RightsRefusal
  | { readonly kind: 'notFound' }
  | { readonly kind: StateRefusal }
  | { readonly kind: 'tooManyAttempts'; readonly retryAfterSeconds: number }

/** Why the state of a user, or of this Rekey, does not allow a change. */
export type StateRefusal =
  | 'notActive'
  | 'notBlocked'
  /** The user has accepted their invitation already. */
  | 'notInvited'
  /** The user has not accepted their invitation yet. */
  | 'invited'
  | 'blocked'
  /** The user has no password yet. */
  | 'passwordMissing'
  /** Someone else set the password, and the user must replace it. */
  | 'passwordTemporary'
  /** The account requires a new password, because this one is too old. */
  | 'passwordTooOld'
  /** No mail server is configured. */
  | 'mailNotConfigured'

/** The result for one user of a selection. */
export interface UserOutcome {
  readonly userId: string
  /** The updated user; null if refused, or if nothing changed and the caller may not read them. */
  readonly user: UserEntity | null
  readonly refusal: UserRefusal | null
}

/** The change to apply to each user of a selection. */
export interface SelectionChange {
  readonly refusalTo: (actor: Caller, user: UserEntity) => AccessRefusal | null
  /** Whether an active owner is no longer an active owner after the change. */
  readonly removesOwners: boolean
  /** Why the user's state does not allow the change; null if it does. */
  readonly stateRefusal?: (
    user: UserEntity,
    unit: WritingUnitOfWork,
  ) => StateRefusal | null | Promise<StateRefusal | null>
  /** Whether the user needs no change. */
  readonly isDone: (user: UserEntity) => boolean
  /** Counts the change of a user, and returns the wait if there were too many; null otherwise. */
  readonly begin?: (unit: WritingUnitOfWork, user: UserEntity) => Promise<Wait | null>
  /** Applies the change and returns the updated users, in the given order. */
  readonly apply: (
    unit: WritingUnitOfWork,
    users: UserEntity[],
    by: Pick<GuardedCall, 'actor' | 'origin'>,
  ) => Promise<UserEntity[]>
  /** The fields that changed, if the action does not imply them. */
  readonly changesOf?: (before: UserEntity, after: UserEntity) => OperationChange[]
}

/** A change with the permission it requires, and the action under which it is recorded. */
export interface SelectionAction extends SelectionChange {
  readonly permission: Permission
  readonly action: OperationAction
}

/** The maximum number of users for one call. */
export const maxUsersAtOnce = 100

/**
 * Applies the same change to many users in one transaction, with a result for each. If the caller
 * may not change one of them, the others are changed nevertheless.
 */
export class UserSelectionService {
  constructor(
    private readonly guard: AccessGuard,
    private readonly users: UserService,
    private readonly operations: OperationService,
  ) {}

  /**
   * @returns a result for each id, in the given order.
   * @throws as {@link AccessGuard.write}; BAD_USER_INPUT unless 1 to 100 ids are given.
   */
  async change(
    call: GuardedCall,
    userIds: readonly string[],
    change: SelectionChange,
  ): Promise<UserOutcome[]> {
    if (userIds.length === 0 || userIds.length > maxUsersAtOnce) {
      throw badInput(`userIds must contain 1 to ${maxUsersAtOnce} ids.`)
    }
    return this.guard.write(call, (unit, actor) =>
      this.changeIn(unit, { ...call, actor }, userIds, change),
    )
  }

  /** Like {@link change}, for an action that names its permission. */
  run(
    action: SelectionAction,
    call: Pick<GuardedCall, 'actor' | 'subjectId' | 'origin'>,
    userIds: readonly string[],
  ): Promise<UserOutcome[]> {
    return this.change(
      { ...call, permission: action.permission, action: action.action },
      userIds,
      action,
    )
  }

  /**
   * Like {@link change}, in the transaction of the caller, who has read the actor in it and checked
   * the permission.
   */
  async changeIn(
    unit: WritingUnitOfWork,
    { action, actor, origin }: Pick<GuardedCall, 'action' | 'actor' | 'origin'>,
    userIds: readonly string[],
    change: SelectionChange,
  ): Promise<UserOutcome[]> {
    const ids = [...new Set(userIds)]
    const byId = new Map((await this.users.findManyIn(unit, ids)).map(user => [user.id, user]))
    // In the given order, so that of the last two owners the first one can be changed.
    const found = ids.flatMap(id => byId.get(id) ?? [])
    const owners = await ActiveOwners.among(unit, this.users, found)
    const refusals = new Map<string, UserRefusal>()
    // Records only the refusals that concern rights, and the first one of a limit.
    const refused: OperationRecord[] = []
    const todo: UserEntity[] = []
    for (const user of found) {
      const record = { action, outcome: 'REFUSED', actorId: actor.id, subjectId: user.id } as const
      const refusal = await refusalOf(unit, actor, user, change, owners)
      if (refusal !== null) {
        refusals.set(user.id, refusal)
        if ('reason' in refusal || refusal.kind === 'lastOwner') {
          refused.push({ ...record, reason: codeOf(refusal) })
        }
        continue
      }
      if (change.isDone(user)) continue
      const wait = (await change.begin?.(unit, user)) ?? null
      if (wait !== null) {
        const { first, retryAfterSeconds } = wait
        refusals.set(user.id, { kind: 'tooManyAttempts', retryAfterSeconds })
        if (first) refused.push({ ...record, reason: 'TOO_MANY_ATTEMPTS' })
        continue
      }
      todo.push(user)
      if (change.removesOwners) owners.remove(user)
    }
    const changed = todo.length === 0 ? [] : await change.apply(unit, todo, { actor, origin })
    const now = new Map([...found, ...changed].map(user => [user.id, user]))
    const done = todo.map((user): OperationRecord => {
      const changes = change.changesOf?.(user, now.get(user.id) ?? user) ?? []
      return { action, outcome: 'DONE', actorId: actor.id, subjectId: user.id, changes }
    })
    await this.operations.recordAll(unit, origin, inOrder(found, [...done, ...refused]))

    const changedIds = new Set(todo.map(({ id }) => id))
    return userIds.map((userId): UserOutcome => {
      const user = now.get(userId)
      if (user === undefined) return { userId, user: null, refusal: { kind: 'notFound' } }
      const refusal = refusals.get(userId) ?? null
      if (refusal !== null) return { userId, user: null, refusal }
      return { userId, user: shownAfter(actor, user, changedIds.has(userId)), refusal }
    })
  }
}

/** The records in the order of their users. */
const inOrder = (
  users: readonly UserEntity[],
  records: readonly OperationRecord[],
): OperationRecord[] => {
  const bySubject = new Map(records.map(record => [record.subjectId, record]))
  return users.flatMap(({ id }) => bySubject.get(id) ?? [])
}

const refusalOf = async (
  unit: WritingUnitOfWork,
  actor: Caller,
  user: UserEntity,
  change: SelectionChange,
  owners: ActiveOwners,
): Promise<RightsRefusal | { readonly kind: StateRefusal } | null> => {
  const reason = change.refusalTo(actor, user)
  const refusal = owners.refusalOf(user, reason, change.removesOwners)
  if (refusal !== null) return refusal
  const kind = (await change.stateRefusal?.(user, unit)) ?? null
  return kind === null ? null : { kind }
}
