import { isPermission, permissionTitleKey } from '@rekey/shared/access'
import type { Locale, PlainMessageId } from '../messages/locale'
import type { PermissionSource } from './access-form'

/** The titles of several permissions as a list. A permission that is not known stays as it is. */
export const listPermissions = (
  { t, formatList }: Pick<Locale, 't' | 'formatList'>,
  permissions: readonly string[],
): string =>
  formatList(
    permissions.map(permission =>
      isPermission(permission) ? t(permissionTitleKey[permission]) : permission,
    ),
  )

/** The source of a permission in words; null if the user does not have it. */
export const sourceMessages: Record<PermissionSource, PlainMessageId | null> = {
  ROLE: 'access.source.ROLE',
  GRANTED: 'access.source.GRANTED',
  WITHDRAWN: 'access.source.WITHDRAWN',
  NONE: null,
}
