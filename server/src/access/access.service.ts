import {
  type Access,
  type AccessRefusal,
  type Role,
  refusalToChangeAccess,
} from '@rekey/shared/access'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OperationService } from '../operations/operation.service.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import { type AccessNames, type AccessProblem, readAccess } from './access-fields.js'
import type { PermissionGuard } from './permission-guard.js'

/** A change of someone's access. */
export interface AccessChange {
  readonly userId: string
  /** The version of the profile the change began from; left out, it overwrites. */
  readonly version?: number | undefined
  readonly access: AccessNames
}

/** What became of a change of access. */
export type AccessChangeResult =
  | { readonly kind: 'changed'; readonly user: UserEntity }
  | { readonly kind: 'changedMeanwhile'; readonly user: UserEntity }
  | { readonly kind: 'denied'; readonly refusal: AccessRefusal }
  | { readonly kind: 'invalid'; readonly problems: readonly AccessProblem[] }
  | { readonly kind: 'notFound' | 'lastOwner' }

/** Changes roles and single permissions. */
export class AccessService {
  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly operations: OperationService,
    private readonly guard: PermissionGuard,
  ) {}

  /**
   * Sets a role with what is granted and withdrawn beside it.
   *
   * @throws FORBIDDEN without `access.manage`.
   */
  async change(
    caller: UserEntity,
    change: AccessChange,
    origin: RequestOrigin,
  ): Promise<AccessChangeResult> {
    await this.requireAccess(caller, change.userId, origin)
    const read = readAccess(change.access)
    if ('problems' in read) return { kind: 'invalid', problems: read.problems }
    return this.database.write(async unit => {
      const user = await this.users.findIn(unit, change.userId)
      if (user === null) return { kind: 'notFound' }
      if (change.version !== undefined && change.version !== user.version) {
        return { kind: 'changedMeanwhile', user }
      }
      return this.put(unit, caller, user, read.access, origin)
    })
  }

  /**
   * Gives one role to each of these users, one after the other, and leaves what is
   * granted and withdrawn beside it as it is.
   *
   * @returns what became of each, in the order given.
   * @throws FORBIDDEN without `access.manage`.
   */
  async changeRoles(
    caller: UserEntity,
    userIds: readonly string[],
    role: Role,
    origin: RequestOrigin,
  ): Promise<AccessChangeResult[]> {
    await this.requireAccess(caller, null, origin)
    const results: AccessChangeResult[] = []
    for (const userId of userIds) {
      results.push(
        await this.database.write(async (unit): Promise<AccessChangeResult> => {
          const user = await this.users.findIn(unit, userId)
          if (user === null) return { kind: 'notFound' }
          const { grantedPermissions, withdrawnPermissions } = user
          const next = { role, grantedPermissions, withdrawnPermissions }
          return this.put(unit, caller, user, next, origin)
        }),
      )
    }
    return results
  }

  private async put(
    unit: WritingUnitOfWork,
    caller: UserEntity,
    user: UserEntity,
    next: Access,
    origin: RequestOrigin,
  ): Promise<AccessChangeResult> {
    const undertaking = { action: 'CHANGE_ACCESS', subjectId: user.id } as const
    const actor = await this.guard.actorIn(unit, caller)
    const refusal = refusalToChangeAccess(actor, user, next)
    if (refusal !== null) {
      await this.guard.recordDenial(unit, actor, undertaking, refusal, origin)
      return { kind: 'denied', refusal }
    }
    if (isSame(user, next)) return { kind: 'changed', user }
    if (next.role !== 'OWNER' && (await this.users.isLastOwner(unit, user))) {
      await this.guard.recordDenial(unit, actor, undertaking, 'LAST_OWNER', origin)
      return { kind: 'lastOwner' }
    }
    const changed = await this.users.replaceAccess(unit, user, next)
    await this.operations.record(unit, origin, {
      ...undertaking,
      outcome: 'DONE',
      actorId: actor.id,
    })
    return { kind: 'changed', user: changed }
  }

  private requireAccess(
    caller: UserEntity,
    subjectId: string | null,
    origin: RequestOrigin,
  ): Promise<void> {
    const undertaking = { action: 'CHANGE_ACCESS', subjectId } as const
    return this.guard.require(caller, 'access.manage', undertaking, origin)
  }
}

const isSame = (one: Access, other: Access): boolean =>
  one.role === other.role &&
  one.grantedPermissions.join() === other.grantedPermissions.join() &&
  one.withdrawnPermissions.join() === other.withdrawnPermissions.join()
