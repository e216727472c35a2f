import { permissionGroups } from '@rekey/shared/access'
import type { Locale, PlainMessageId } from '../messages/locale'
import { formatList } from '../ui/formats'
import type { PermissionSource } from './access-form'

const described = permissionGroups.flatMap(group => group.permissions)

/**
 * The title of a permission. A permission that is newer than these titles is returned unchanged.
 */
const permissionTitle = (permission: string): string =>
  described.find(one => one.permission === permission)?.title ?? permission

/** The titles of several permissions as a list. */
export const permissionTitles = (permissions: readonly string[]): string =>
  formatList(permissions.map(permissionTitle))

/** The titles of several permissions as a list. */
export const listPermissions = (
  { formatList }: Pick<Locale, 't' | 'formatList'>,
  permissions: readonly string[],
): string => formatList(permissions.map(permissionTitle))

/** The source of a permission in words; null if the user does not have it. */
export const sourceMessages: Record<PermissionSource, PlainMessageId | null> = {
  ROLE: 'access.source.ROLE',
  GRANTED: 'access.source.GRANTED',
  WITHDRAWN: 'access.source.WITHDRAWN',
  NONE: null,
}
