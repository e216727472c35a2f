import type { AccessRefusal } from '@rekey/shared/access'
import type { UnitOfWork } from '../database/unit-of-work.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'

/** Why something may not be done to a user. */
export type RightsRefusal =
  | { readonly kind: 'lastOwner' }
  | { readonly kind: 'accessDenied'; readonly reason: AccessRefusal }

/** The code under which such a refusal is recorded. */
export const codeOf = (refusal: RightsRefusal): string =>
  refusal.kind === 'lastOwner' ? 'LAST_OWNER' : refusal.reason

const isActiveOwner = ({ role, status }: UserEntity): boolean =>
  role === 'OWNER' && status === 'ACTIVE'

/**
 * The owners who can sign in, counted in the transaction that may take one away: an
 * account without any would be lost to everyone.
 */
export class ActiveOwners {
  private constructor(private left: number) {}

  /** Counts them, when any of those concerned is one. */
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
   * Why something may not be done to a user; null when it may.
   *
   * @param reason why the caller may not do it, by the rules of shared/access.
   * @param takesAway whether an active owner is none any more afterwards.
   */
  refusalOf(
    user: UserEntity,
    reason: AccessRefusal | null,
    takesAway: boolean,
  ): RightsRefusal | null {
    const isLast = takesAway && isActiveOwner(user) && this.left <= 1
    // Told rather than SELF: nobody else could do it either.
    if (isLast && (reason === null || reason === 'SELF')) return { kind: 'lastOwner' }
    return reason === null ? null : { kind: 'accessDenied', reason }
  }

  /** Takes one away. Does nothing for anyone who is not one of them. */
  remove(user: UserEntity): void {
    if (isActiveOwner(user)) this.left -= 1
  }
}
