import {
  type Access,
  outranks,
  permissionsOf,
  type Role,
  refusalToChangeAccess,
  refusalToChangePassword,
} from '@rekey/shared/access'
import { accessNames, type GivenAccess, readAccess } from '../access/access-fields.js'
import type { AccessGuard } from '../access/access-guard.service.js'
import { ActiveOwners, codeOf, type RightsRefusal } from '../access/active-owners.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OperationService } from '../operations/operation.service.js'
import { changesBetween } from '../operations/operation-change.js'
import type { SecondFactorService } from '../second-factor/second-factor.service.js'
import type { SessionService } from '../sessions/session.service.js'
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

/** The actions after which a user has another password. */
const settingPassword = ['ACTIVATE_USER', 'CHANGE_PASSWORD', 'RESET_PASSWORD'] as const

/** Whether the access after a change exceeds the access before it. */
const isRaised = (before: Access, after: Access): boolean => {
  const held = permissionsOf(before)
  return (
    outranks(after.role, before.role) ||
    permissionsOf(after).some(permission => !held.includes(permission))
  )
}

/** Changes roles, and grants and withdraws individual permissions. */
export class AccessService {
  constructor(
    private readonly guard: AccessGuard,
    private readonly selection: UserSelectionService,
    private readonly users: UserService,
    private readonly operations: OperationService,
    private readonly sessions: SessionService,
    private readonly secondFactors: SecondFactorService,
  ) {}

  /**
   * Replaces the access of a user. If it grows, and someone else set the user's password, and may not set it for a
   * user with the new access, the password and the sessions end: otherwise that person would get the
   * new access, too.
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
      const [changed = user] = await this.apply(unit, [user], read.access)
      await this.operations.record(unit, origin, { ...record, outcome: 'DONE', changes })
      return { kind: 'changed', user: changed }
    })
  }

  /**
   * Like {@link change}, for the roles of users. The permissions granted to and withdrawn from each
   * user stay.
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
      apply: (unit, users) => this.apply(unit, users, { role }),
      changesOf: (before, after) => changesBetween(before, after, accessNames),
    })
  }

  private async apply(
    unit: WritingUnitOfWork,
    users: readonly UserEntity[],
    access: Pick<Access, 'role'> & Partial<Access>,
  ): Promise<UserEntity[]> {
    const changed = await this.users.changeAccess(unit, users, access)
    const raised = changed.filter((user, index) => isRaised(users[index] ?? user, user))
    const known = await this.withPasswordKnownBelow(unit, raised)
    if (known.length === 0) return changed
    const ids = known.map(({ id }) => id)
    // Whoever knows the password may have signed in with it.
    await this.sessions.endAllOf(unit, ids, 'ENDED_BY_ADMINISTRATOR')
    await this.secondFactors.endPending(unit, ids)
    const expired = await this.users.expirePasswords(unit, known)
    const byId = new Map(expired.map(user => [user.id, user]))
    return changed.map(user => byId.get(user.id) ?? user)
  }

  /** The users whose password was set by someone who may not set it now. */
  private async withPasswordKnownBelow(
    unit: WritingUnitOfWork,
    users: readonly UserEntity[],
  ): Promise<UserEntity[]> {
    const setters = await this.operations.lastActorsOf(
      unit,
      settingPassword,
      users.filter(({ passwordHash }) => passwordHash !== null).map(({ id }) => id),
    )
    const ids = new Set([...setters.values()].flatMap(id => id ?? []))
    const found = await this.users.findManyIn(unit, [...ids])
    const byId = new Map(found.map(user => [user.id, user]))
    return users.filter(user => {
      const setterId = setters.get(user.id) ?? null
      if (setterId === null || setterId === user.id) return false
      const setter = byId.get(setterId)
      if (setter?.status !== 'ACTIVE') return true
      return refusalToChangePassword({ ...setter, limitedTo: null }, user) !== null
    })
  }
}
