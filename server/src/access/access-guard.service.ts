import { hasPermission, type Permission } from '@rekey/shared/access'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { forbidden } from '../graphql/api-error.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OperationAction } from '../operations/operation.entity.js'
import type { OperationService } from '../operations/operation.service.js'
import type { Caller } from '../users/caller.js'
import type { UserService } from '../users/user.service.js'

/** A call of a mutation that requires a permission. */
export interface GuardedCall {
  /** The permission, as the mutation's `@RequirePermission` names it. */
  readonly permission: Permission
  /** As what a refusal is recorded. */
  readonly action: OperationAction
  /** Who is signed in, as their request began. */
  readonly actor: Caller
  /** On whom it acts, where that is one user. */
  readonly subjectId?: string
  readonly origin: RequestOrigin
}

const refused = Symbol('refused')

/** Checks a permission in the transaction of the work that requires it. */
export class AccessGuard {
  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly operations: OperationService,
  ) {}

  /**
   * Does the work of a mutation in one transaction, in which the caller is read anew: of
   * two owners who block each other at once, the second finds themselves blocked.
   *
   * @param work gets the caller as they are in that transaction.
   * @throws UNAUTHENTICATED when the caller was blocked or deleted meanwhile; FORBIDDEN
   * without the permission, and then the refusal is all that is kept.
   */
  async write<Result>(
    { permission, action, actor, subjectId, origin }: GuardedCall,
    work: (unit: WritingUnitOfWork, actor: Caller) => Promise<Result>,
  ): Promise<Result> {
    const result = await this.database.write(async unit => {
      const caller = await this.users.callerIn(unit, actor)
      if (hasPermission(caller, permission)) return work(unit, caller)
      await this.record(unit, origin, action, caller, subjectId ?? null)
      return refused
    })
    if (result === refused) throw forbidden()
    return result
  }

  /**
   * Records that a caller was refused a permission, on a user when there is one with that id.
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
