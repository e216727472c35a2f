import { Stack, Text } from '@mantine/core'
import { type PermissionDescription, permissionGroups } from '@rekey/shared/access'
import type { ReactNode } from 'react'
import classes from './PermissionGroups.module.css'

interface Props {
  /** Selects the permissions to show; all by default. */
  shows?: (described: PermissionDescription) => boolean
  /** Renders one permission. */
  children: (described: PermissionDescription) => ReactNode
}

/** Shows permissions in groups. */
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
