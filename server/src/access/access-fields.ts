import { type Access, isPermission, permissions, type Role } from '@rekey/shared/access'

/** Access as it is asked for, with permissions by their names. */
export interface AccessNames {
  readonly role: Role
  readonly grantedPermissions: readonly string[]
  readonly withdrawnPermissions: readonly string[]
}

/** What is wrong with the access that was asked for. */
export interface AccessProblem {
  readonly field: 'grantedPermissions' | 'withdrawnPermissions'
  readonly message: string
}

/** Checks and tidies: each permission once, in the usual order. */
export const readAccess = (
  given: AccessNames,
): { access: Access } | { problems: AccessProblem[] } => {
  const problems: AccessProblem[] = []
  for (const field of ['grantedPermissions', 'withdrawnPermissions'] as const) {
    if (!given[field].every(isPermission)) {
      problems.push({ field, message: `Permissions are ${permissions.join(', ')}.` })
    }
  }
  if (given.grantedPermissions.some(name => given.withdrawnPermissions.includes(name))) {
    const message = 'A permission can be granted or withdrawn, not both.'
    problems.push({ field: 'withdrawnPermissions', message })
  }
  if (problems.length > 0) return { problems }
  const among = (names: readonly string[]) => permissions.filter(one => names.includes(one))
  return {
    access: {
      role: given.role,
      grantedPermissions: among(given.grantedPermissions),
      withdrawnPermissions: among(given.withdrawnPermissions),
    },
  }
}
