import { permissionGroups } from '@rekey/shared/access'
import { formatList } from '../ui/formats'
import type { PermissionSource } from './access-form'

const described = permissionGroups.flatMap(group => group.permissions)

/** A permission in two or three words; one that is newer than these words as it is. */
const permissionTitle = (permission: string): string =>
  described.find(one => one.permission === permission)?.title ?? permission

/** Several permissions in words, one after the other. */
export const permissionTitles = (permissions: readonly string[]): string =>
  formatList(permissions.map(permissionTitle))

/** Where a permission comes from, in words; nothing to say of what is not there. */
export const sourceNames: Record<PermissionSource, string | null> = {
  ROLE: 'From the role',
  GRANTED: 'Granted',
  WITHDRAWN: 'Withdrawn',
  NONE: null,
}
