import { type Access, isPermission, permissions, type Role } from '@rekey/shared/access'
import type { FieldProblem } from '../users/user-fields.js'

/** The fields that make up a user's access. */
export const accessNames = ['role', 'grantedPermissions', 'withdrawnPermissions'] as const

/** The role and permissions as they were sent. */
export interface GivenAccess {
  readonly role: Role
  readonly grantedPermissions: readonly string[]
  readonly withdrawnPermissions: readonly string[]
}

/**
 * Checks and normalizes the access to give a user: each permission once, in the usual order.
 *
 * @returns the access, or all problems found.
 */
export const readAccess = (
  given: GivenAccess,
): { readonly access: Access } | { readonly problems: readonly FieldProblem[] } => {
  const problems: FieldProblem[] = []
  for (const field of ['grantedPermissions', 'withdrawnPermissions'] as const) {
    if (given[field].every(isPermission)) continue
    problems.push({ field, message: `Permissions can be any of ${permissions.join(', ')}.` })
  }
  const granted = new Set(given.grantedPermissions)
  const withdrawn = new Set(given.withdrawnPermissions)
  if (permissions.some(permission => granted.has(permission) && withdrawn.has(permission))) {
    const message = 'A permission cannot be both granted and withdrawn.'
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
