import { type AccessRefusal, hasPermission, type Permission } from '@rekey/shared/access'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { forbidden, unauthenticated } from '../graphql/api-error.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OperationAction } from '../operations/operation.entity.js'
import type { OperationService } from '../operations/operation.service.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'

/** Something someone sets about, as it is told in the operation list when it is refused. */
export interface Undertaking {
  readonly action: OperationAction
  /** On whom; null when on nobody known yet. */
  readonly subjectId: string | null
}

/** Turns away those who may not, and keeps a record of it. */
export class PermissionGuard {
  constructor(
    private readonly users: UserService,
    private readonly operations: OperationService,
  ) {}

  /** @throws FORBIDDEN, on record, for those who lack the permission. */
  async require(
    actor: UserEntity,
    permission: Permission,
    undertaking: Undertaking,
    origin: RequestOrigin,
  ): Promise<void> {
    if (hasPermission(actor, permission)) return
    await this.operations.recordRefusal(origin, {
      ...undertaking,
      reason: 'FORBIDDEN',
      actorId: actor.id,
    })
    throw forbidden()
  }

  /**
   * The caller as they are within this transaction: what was known of them before it
   * may have been taken from them meanwhile.
   *
   * @throws UNAUTHENTICATED when they are not active any more.
   */
  async actorIn(unit: UnitOfWork, caller: UserEntity): Promise<UserEntity> {
    const actor = await this.users.findIn(unit, caller.id)
    if (actor === null || actor.status !== 'ACTIVE') throw unauthenticated()
    return actor
  }

  /** Keeps a record of a refusal, in a transaction that changes nothing else. */
  async recordDenial(
    unit: WritingUnitOfWork,
    actor: UserEntity,
    undertaking: Undertaking,
    reason: AccessRefusal | 'LAST_OWNER',
    origin: RequestOrigin,
  ): Promise<void> {
    await this.operations.record(unit, origin, {
      ...undertaking,
      outcome: 'REFUSED',
      reason,
      actorId: actor.id,
    })
  }
}
