import { type Access, isPermission, permissions, type Role } from '@rekey/shared/access'
import type { FieldProblem } from '../users/user-fields.js'

/** What makes up someone's access, by its names. */
export const accessNames = ['role', 'grantedPermissions', 'withdrawnPermissions'] as const

/** Role and permissions as they were given. */
export interface GivenAccess {
  readonly role: Role
  readonly grantedPermissions: readonly string[]
  readonly withdrawnPermissions: readonly string[]
}

/**
 * Checks and tidies what someone is to be given: each permission once, in their usual
 * order.
 *
 * @returns the access, or every problem that was found.
 */
export const readAccess = (
  given: GivenAccess,
): { readonly access: Access } | { readonly problems: readonly FieldProblem[] } => {
  const problems: FieldProblem[] = []
  for (const field of ['grantedPermissions', 'withdrawnPermissions'] as const) {
    if (given[field].every(isPermission)) continue
    problems.push({ field, message: `Permissions are any of ${permissions.join(', ')}.` })
  }
  const granted = new Set(given.grantedPermissions)
  const withdrawn = new Set(given.withdrawnPermissions)
  if (permissions.some(permission => granted.has(permission) && withdrawn.has(permission))) {
    const message = 'A permission is either granted or withdrawn.'
    problems.push({ field: 'withdrawnPermissions', message })
  }
  if (problems.length > 0) return { problems }
  return {
    access: {
      role: given.role,
      grantedPermissions: permissions.filter(permission => granted.has(permission)),
      withdrawnPermissions: permissions.filter(permission => withdrawn.has(permission)),
    },
  }
}
