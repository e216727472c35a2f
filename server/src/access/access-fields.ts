import { type Access, isPermission, permissions, type Role } from '@rekey/shared/access'
import { text } from '../messages/language.js'
import type { FieldProblem } from '../users/user-fields.js'

/** The message about a permission that does not exist. */
export const permissionUnknown = text('access.error.permissionUnknown', {
  permissions: permissions.join(', '),
})

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
    problems.push({ field, message: permissionUnknown })
  }
  const granted = new Set(given.grantedPermissions)
  const withdrawn = new Set(given.withdrawnPermissions)
  if (permissions.some(permission => granted.has(permission) && withdrawn.has(permission))) {
    const message = text('access.error.grantedAndWithdrawn')
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
