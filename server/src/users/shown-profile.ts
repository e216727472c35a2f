import { mayReadUser } from '@rekey/shared/access'
import { forbidden } from '../graphql/api-error.js'
import type { Caller } from './caller.js'
import type { UserEntity } from './user.entity.js'

/**
 * The profile that a mutation returns. If it changed nothing, a caller who may not read the profile
 * gets null: calls without effect, which leave no operation, would otherwise read any profile.
 */
export const shownAfter = (
  caller: Caller,
  user: UserEntity,
  changed: boolean,
): UserEntity | null => (changed || mayReadUser(caller, user) ? user : null)

/**
 * Requires that the caller may read the profile, before a refusal shows it to them.
 *
 * @throws FORBIDDEN otherwise.
 */
export const requireReadable = (caller: Caller, user: UserEntity): void => {
  if (!mayReadUser(caller, user))
    throw forbidden('users.read', 'You do not have permission to see this profile.')
}
