import type { Permission } from '@rekey/shared/access'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { forbidden } from '../graphql/api-error.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OperationAction } from '../operations/operation.entity.js'
import type { OperationService } from '../operations/operation.service.js'
import type { Caller } from '../users/caller.js'
import type { UserService } from '../users/user.service.js'
import { missingOf } from './require-permission.js'

/** A call of a mutation that requires a permission. */
export interface GuardedCall {
  /** The permission, the same as in the mutation's `@RequirePermission`. */
  readonly permission: Permission
  /** A second permission, the same as in the mutation's `@RequirePermission`. */
  readonly furtherPermission?: Permission
  /** The action under which a rejection is recorded. */
  readonly action: OperationAction
  /** The caller, as they were when the request began. */
  readonly actor: Caller
  /** The user on whom the mutation acts, if it is one user. */
  readonly subjectId?: string
  readonly origin: RequestOrigin
}

/** The permission that the caller lacks. */
class Missing {
  constructor(readonly permission: Permission) {}
}

/** Checks a permission in the transaction of the work that requires it. */
export class AccessGuard {
  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly operations: OperationService,
  ) {}

  /**
   * Does the work of a mutation in one transaction, which reads the caller again: if two owners
   * block each other at once, the second one is already blocked.
   *
   * @param work receives the caller as they are in that transaction.
   * @throws UNAUTHENTICATED if the caller was blocked or deleted in the meantime; FORBIDDEN without
   * the permission, and then only the rejection is recorded.
   */
  async write<Result>(
    { permission, furtherPermission, action, actor, subjectId, origin }: GuardedCall,
    work: (unit: WritingUnitOfWork, actor: Caller) => Promise<Result>,
  ): Promise<Result> {
    const result = await this.database.write(async unit => {
      const caller = await this.users.callerIn(unit, actor)
      const required = [permission, furtherPermission ?? permission]
      const missing = missingOf(caller, required)
      if (missing === undefined) return work(unit, caller)
      // Returned, because an error would roll the record back.
      await this.record(unit, origin, action, caller, subjectId ?? null)
      return new Missing(missing)
    })
    if (result instanceof Missing) throw forbidden(result.permission)
    return result
  }

  /**
   * Records that a caller lacked a permission; with the user concerned if the id belongs to one.
   *
   * @throws UNAUTHENTICATED when the caller was blocked or their session ended in the meantime.
   */
  recordRefusal(
    origin: RequestOrigin,
    action: OperationAction,
    caller: Caller,
    userId: string | null,
  ): Promise<void> {
    return this.database.write(async unit => {
      await this.users.callerIn(unit, caller)
      await this.record(unit, origin, action, caller, userId)
    })
  }

  private async record(
    unit: WritingUnitOfWork,
    origin: RequestOrigin,
    action: OperationAction,
    caller: Pick<Caller, 'id'>,
    userId: string | null,
  ): Promise<void> {
    const subject = userId === null ? null : await this.users.findIn(unit, userId)
    await this.operations.record(unit, origin, {
      action,
      outcome: 'REFUSED',
      reason: 'FORBIDDEN',
      actorId: caller.id,
      subjectId: subject?.id ?? null,
    })
  }
}
