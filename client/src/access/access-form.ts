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

/** The source of a user's permission, or the reason why the user does not have it. */
export type PermissionSource = 'ROLE' | 'GRANTED' | 'WITHDRAWN' | 'NONE'

/** Access as the API returns it, with permissions as plain text. */
interface ReceivedAccess {
  readonly role: Role
  readonly grantedPermissions: readonly string[]
  readonly withdrawnPermissions: readonly string[]
}

/** Converts access of the API. Leaves out permissions that are newer than this page. */
export const readAccess = ({
  role,
  grantedPermissions,
  withdrawnPermissions,
}: ReceivedAccess): Access => ({
  role,
  grantedPermissions: grantedPermissions.filter(isPermission),
  withdrawnPermissions: withdrawnPermissions.filter(isPermission),
})

/** The signed-in user in the form that the access rules require. */
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

/** The source of the permission. */
export const sourceOf = (access: Access, permission: Permission): PermissionSource => {
  const held = hasPermission(access, permission)
  if (isOfRole(access.role, permission)) return held ? 'ROLE' : 'WITHDRAWN'
  return held ? 'GRANTED' : 'NONE'
}

/** The access with or without one permission. Adds a grant or a withdrawal if the role differs. */
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
 * The access in the usual order, without grants and withdrawals that have no effect. So the saved
 * access is the visible one, and no hidden entry takes effect when the role changes.
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

/** Whether both lead to the same permissions. */
export const isSameAccess = (one: Access, other: Access): boolean =>
  JSON.stringify(tidyAccess(one)) === JSON.stringify(tidyAccess(other))

/** The parts of an access that exceed the actor's own, so that the actor cannot give them. */
export const beyondOwn = (
  actor: Access,
  access: Access,
): { readonly role: boolean; readonly permissions: readonly Permission[] } => ({
  role: outranks(access.role, actor.role),
  permissions: permissionsOf(access).filter(permission => !hasPermission(actor, permission)),
})

/** The permissions in which two accesses differ, in the usual order. */
export const differingPermissions = (one: Access, other: Access): readonly Permission[] =>
  permissions.filter(
    permission => hasPermission(one, permission) !== hasPermission(other, permission),
  )
