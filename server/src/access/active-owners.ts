import type { AccessRefusal } from '@rekey/shared/access'
import type { UnitOfWork } from '../database/unit-of-work.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'

/** Why an action on a user is not allowed. */
export type RightsRefusal =
  | { readonly kind: 'lastOwner' }
  | { readonly kind: 'accessDenied'; readonly reason: AccessRefusal }

/** The code under which the rejection is recorded. */
export const codeOf = (refusal: RightsRefusal): string =>
  refusal.kind === 'lastOwner' ? 'LAST_OWNER' : refusal.reason

const isActiveOwner = ({ role, status }: UserEntity): boolean =>
  role === 'OWNER' && status === 'ACTIVE'

/**
 * The number of owners who can sign in, counted in the transaction that may remove one. No one
 * could manage an account without an owner.
 */
export class ActiveOwners {
  private constructor(private left: number) {}

  /** Counts the active owners, if one of the users concerned is one. */
  static async among(
    unit: UnitOfWork,
    users: UserService,
    concerned: readonly UserEntity[],
  ): Promise<ActiveOwners> {
    const matters = concerned.some(isActiveOwner)
    return new ActiveOwners(
      matters ? await users.countActiveOwners(unit) : Number.POSITIVE_INFINITY,
    )
  }

  /**
   * Why an action on a user is not allowed; null if it is.
   *
   * @param reason why the rules of shared/access do not allow it to the caller.
   * @param removesOwner whether the user is no longer an active owner afterwards.
   */
  refusalOf(
    user: UserEntity,
    reason: AccessRefusal | null,
    removesOwner: boolean,
  ): RightsRefusal | null {
    const isLast = removesOwner && isActiveOwner(user) && this.left <= 1
    // Takes precedence over SELF, because no one else could do it either.
    if (isLast && (reason === null || reason === 'SELF')) return { kind: 'lastOwner' }
    return reason === null ? null : { kind: 'accessDenied', reason }
  }

  /** Subtracts an active owner. Does nothing for other users. */
  remove(user: UserEntity): void {
    if (isActiveOwner(user)) this.left -= 1
  }
}
