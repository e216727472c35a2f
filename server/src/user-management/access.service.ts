import { type Role, refusalToChangeAccess } from '@rekey/shared/access'
import { accessNames, type GivenAccess, readAccess } from '../access/access-fields.js'
import type { AccessGuard } from '../access/access-guard.service.js'
import { ActiveOwners, codeOf, type RightsRefusal } from '../access/active-owners.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OperationService } from '../operations/operation.service.js'
import { changesBetween } from '../operations/operation-change.js'
import type { Caller } from '../users/caller.js'
import { requireReadable, shownAfter } from '../users/shown-profile.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import type { FieldProblem } from '../users/user-fields.js'
import type { UserOutcome, UserSelectionService } from './user-selection.service.js'

/** A request to change the access of a user. */
export interface AccessChange extends GivenAccess {
  readonly userId: string
  /** The version that the change began from. Without it, the change overwrites other edits. */
  readonly version?: number | undefined
}

/** The result of a change of access. */
export type AccessChangeResult =
  | RightsRefusal
  | {
      readonly kind: 'changed'
      /** The updated user; null if nothing changed and the caller may not read the profile. */
      readonly user: UserEntity | null
    }
  | { readonly kind: 'changedMeanwhile'; readonly user: UserEntity }
  | { readonly kind: 'invalid'; readonly problems: readonly FieldProblem[] }
  | { readonly kind: 'notFound' }

/** Changes roles, and grants and withdraws individual permissions. */
export class AccessService {
  constructor(
    private readonly guard: AccessGuard,
    private readonly selection: UserSelectionService,
    private readonly users: UserService,
    private readonly operations: OperationService,
  ) {}

  /**
   * Replaces the access of a user.
   *
   * @throws as {@link AccessGuard.write}.
   */
  change(actor: Caller, change: AccessChange, origin: RequestOrigin): Promise<AccessChangeResult> {
    const { userId: subjectId } = change
    const call = {
      permission: 'access.manage',
      action: 'CHANGE_ACCESS',
      actor,
      subjectId,
      origin,
    } as const
    return this.guard.write(call, async (unit, caller): Promise<AccessChangeResult> => {
      const user = await this.users.findIn(unit, subjectId)
      if (user === null) return { kind: 'notFound' }
      const read = readAccess(change)
      // Reports that the caller may not change the access before it reports invalid fields.
      const access = 'access' in read ? read.access : undefined
      const reason = refusalToChangeAccess(caller, user, access)
      const owners = await ActiveOwners.among(unit, this.users, [user])
      const refusal = owners.refusalOf(
        user,
        reason,
        access !== undefined && access.role !== 'OWNER',
      )
      const record = { action: 'CHANGE_ACCESS', actorId: caller.id, subjectId } as const
      if (refusal !== null) {
        const code = codeOf(refusal)
        await this.operations.record(unit, origin, { ...record, outcome: 'REFUSED', reason: code })
        return refusal
      }
      if ('problems' in read) return { kind: 'invalid', problems: read.problems }
      if (change.version !== undefined && change.version !== user.version) {
        requireReadable(caller, user)
        return { kind: 'changedMeanwhile', user }
      }
      const changes = changesBetween(user, read.access, accessNames)
      if (changes.length === 0) return { kind: 'changed', user: shownAfter(caller, user, false) }
      const [changed = user] = await this.users.changeAccess(unit, [user], read.access)
      await this.operations.record(unit, origin, { ...record, outcome: 'DONE', changes })
      return { kind: 'changed', user: changed }
    })
  }

  /**
   * Gives users another role. The permissions granted to and withdrawn from each user stay.
   *
   * @throws as {@link UserSelectionService.change}.
   */
  changeRoles(
    actor: Caller,
    userIds: readonly string[],
    role: Role,
    origin: RequestOrigin,
  ): Promise<UserOutcome[]> {
    const call = { permission: 'access.manage', action: 'CHANGE_ACCESS', actor, origin } as const
    return this.selection.change(call, userIds, {
      refusalTo: (caller, user) => refusalToChangeAccess(caller, user, { ...user, role }),
      removesOwners: role !== 'OWNER',
      isDone: user => user.role === role,
      apply: (unit, users) => this.users.changeAccess(unit, users, { role }),
      changesOf: (before, after) => changesBetween(before, after, accessNames),
    })
  }
}
