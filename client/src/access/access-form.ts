import {
  type Access,
  hasPermission,
  isPermission,
  outranks,
  type Permission,
  permissions,
  permissionsByRole,
  permissionsOf,
  type Role,
  type Subject,
} from '@rekey/shared/access'

/** Where a permission of a person comes from, or why it is not there. */
export type PermissionSource = 'ROLE' | 'GRANTED' | 'WITHDRAWN' | 'NONE'

/** Access as the API gives it: permissions are plain text there. */
interface ReceivedAccess {
  readonly role: Role
  readonly grantedPermissions: readonly string[]
  readonly withdrawnPermissions: readonly string[]
}

/** Access of the API; permissions that are newer than this page are left out. */
export const readAccess = ({
  role,
  grantedPermissions,
  withdrawnPermissions,
}: ReceivedAccess): Access => ({
  role,
  grantedPermissions: grantedPermissions.filter(isPermission),
  withdrawnPermissions: withdrawnPermissions.filter(isPermission),
})

/** The one who is signed in, as the rules ask for them. */
export const subjectOf = (viewer: {
  readonly id: string
  readonly role: Role
  readonly permissions: readonly string[]
}): Subject => {
  const held = viewer.permissions.filter(isPermission)
  return {
    id: viewer.id,
    role: viewer.role,
    grantedPermissions: held,
    withdrawnPermissions: permissions.filter(permission => !held.includes(permission)),
  }
}

const isOfRole = (role: Role, permission: Permission): boolean =>
  (permissionsByRole[role] as readonly Permission[]).includes(permission)

/** Where the permission comes from. */
export const sourceOf = (access: Access, permission: Permission): PermissionSource => {
  const held = hasPermission(access, permission)
  if (isOfRole(access.role, permission)) return held ? 'ROLE' : 'WITHDRAWN'
  return held ? 'GRANTED' : 'NONE'
}

/** The access with one permission held or not, by a grant or a withdrawal where the role says otherwise. */
export const withPermission = (access: Access, permission: Permission, held: boolean): Access => {
  const without = (list: readonly Permission[]) => list.filter(other => other !== permission)
  const granted = without(access.grantedPermissions)
  const withdrawn = without(access.withdrawnPermissions)
  const ofRole = isOfRole(access.role, permission)
  return {
    role: access.role,
    grantedPermissions: held && !ofRole ? [...granted, permission] : granted,
    withdrawnPermissions: !held && ofRole ? [...withdrawn, permission] : withdrawn,
  }
}

/**
 * The access without grants and withdrawals that change nothing, in the usual order:
 * what is saved is what is seen, and nothing comes to life with another role.
 */
export const tidyAccess = (access: Access): Access => {
  const having = (source: PermissionSource) =>
    permissions.filter(permission => sourceOf(access, permission) === source)
  return {
    role: access.role,
    grantedPermissions: having('GRANTED'),
    withdrawnPermissions: having('WITHDRAWN'),
  }
}

/** Whether both come to the same. */
export const isSameAccess = (one: Access, other: Access): boolean =>
  JSON.stringify(tidyAccess(one)) === JSON.stringify(tidyAccess(other))

/** What lies beyond the actor's own access, and so can't be given by them. */
export const beyondOwn = (
  actor: Access,
  access: Access,
): { readonly role: boolean; readonly permissions: readonly Permission[] } => ({
  role: outranks(access.role, actor.role),
  permissions: permissionsOf(access).filter(permission => !hasPermission(actor, permission)),
})

/** The permissions in which two differ, in the usual order. */
export const differingPermissions = (one: Access, other: Access): readonly Permission[] =>
  permissions.filter(
    permission => hasPermission(one, permission) !== hasPermission(other, permission),
  )
