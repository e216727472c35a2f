import { Stack, Text } from '@mantine/core'
import { type Permission, permissionGroups } from '@rekey/shared/access'
import type { ReactNode } from 'react'
import { useLocale } from '../messages/use-locale'
import classes from './PermissionGroups.module.css'

interface Props {
  /** Selects the permissions to show; all by default. */
  shows?: (permission: Permission) => boolean
  /** Renders one permission. */
  children: (permission: Permission) => ReactNode
}

/** Shows permissions in groups. */
export const PermissionGroups = ({ shows = () => true, children }: Props) => {
  const { t } = useLocale()
  return permissionGroups
    .map(group => ({ ...group, permissions: group.permissions.filter(shows) }))
    .filter(group => group.permissions.length > 0)
    .map(group => (
      <fieldset key={group.titleKey} className={classes.group}>
        <Text component="legend" fw={600} size="sm" mb="xs">
          {t(group.titleKey)}
        </Text>
        <Stack gap="sm">{group.permissions.map(children)}</Stack>
      </fieldset>
    ))
}
