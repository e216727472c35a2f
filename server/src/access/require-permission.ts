import { type Actor, hasPermission, type Permission } from '@rekey/shared/access'
import { forbidden } from '../graphql/api-error.js'

/** The first of these permissions that the caller lacks; undefined if the caller has all of them. */
export const missingOf = (
  caller: Actor,
  permissions: readonly Permission[],
): Permission | undefined => permissions.find(permission => !hasPermission(caller, permission))

/** Requires all of these permissions. @throws FORBIDDEN, with the first one that is missing. */
export const requirePermission = (caller: Actor, ...permissions: readonly Permission[]): void => {
  const missing = missingOf(caller, permissions)
  if (missing !== undefined) throw forbidden(missing)
}
