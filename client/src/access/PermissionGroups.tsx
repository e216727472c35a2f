import { Stack, Text } from '@mantine/core'
import { type PermissionDescription, permissionGroups } from '@rekey/shared/access'
import type { ReactNode } from 'react'
import classes from './PermissionGroups.module.css'

interface Props {
  /** Which are shown; all of them unless told otherwise. */
  shows?: (described: PermissionDescription) => boolean
  /** How one is shown. */
  children: (described: PermissionDescription) => ReactNode
}

/** Permissions in the groups in which people look for them. */
export const PermissionGroups = ({ shows = () => true, children }: Props) =>
  permissionGroups
    .map(group => ({ ...group, permissions: group.permissions.filter(shows) }))
    .filter(group => group.permissions.length > 0)
    .map(group => (
      <fieldset key={group.title} className={classes.group}>
        <Text component="legend" fw={600} size="sm" mb="xs">
          {group.title}
        </Text>
        <Stack gap="sm">{group.permissions.map(children)}</Stack>
      </fieldset>
    ))
