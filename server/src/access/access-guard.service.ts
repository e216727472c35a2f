import {
  hasPermission,
  type MutationName,
  mutationRules,
  type Permission,
} from '@rekey/shared/access'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { forbidden } from '../graphql/api-error.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OperationAction } from '../operations/operation.entity.js'
import type { OperationService } from '../operations/operation.service.js'
import type { Actor } from '../users/actor.js'
import type { UserService } from '../users/user.service.js'

type MutationRules = typeof mutationRules

/** A mutation that takes a permission, on whomever it acts. */
export type GuardedMutation = {
  [Name in MutationName]: MutationRules[Name] extends { permission: Permission } ? Name : never
}[MutationName]

/** A call of such a mutation. */
export interface GuardedCall {
  readonly mutation: GuardedMutation
  /** As what a refusal is recorded. */
  readonly action: OperationAction
  /** Who is signed in, as their request began. */
  readonly actor: Actor
  /** On whom it acts, where that is one user. */
  readonly subjectId?: string
  readonly origin: RequestOrigin
}

const refused = Symbol('refused')

/** Lets those through who hold the permission that `mutationRules` in shared/access asks for. */
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
    { mutation, action, actor, subjectId, origin }: GuardedCall,
    work: (unit: WritingUnitOfWork, actor: Actor) => Promise<Result>,
  ): Promise<Result> {
    const { permission } = mutationRules[mutation]
    const result = await this.database.write(async unit => {
      const caller = await this.users.callerIn(unit, actor)
      if (hasPermission(caller, permission)) return work(unit, caller)
      const subject = subjectId === undefined ? null : await this.users.findIn(unit, subjectId)
      await this.operations.record(unit, origin, {
        action,
        outcome: 'REFUSED',
        reason: 'FORBIDDEN',
        actorId: caller.id,
        subjectId: subject?.id ?? null,
      })
      return refused
    })
    if (result === refused) throw forbidden()
    return result
  }
}
