import { Badge, Checkbox, Group, Stack, Text } from '@mantine/core'
import {
  type Access,
  hasPermission,
  type Permission,
  permissionDescriptionKey,
  permissionTitleKey,
} from '@rekey/shared/access'
import { useId } from 'react'
import { useLocale } from '../messages/use-locale'
import { type PermissionSource, sourceOf, withPermission } from './access-form'
import { sourceMessages } from './access-words'
import classes from './PermissionFields.module.css'
import { PermissionGroups } from './PermissionGroups'

const sourceColors: Record<PermissionSource, string> = {
  ROLE: 'gray',
  GRANTED: 'rekey',
  WITHDRAWN: 'red',
  NONE: 'gray',
}

interface PermissionFieldProps {
  permission: Permission
  access: Access
  /** The user who would grant it. */
  actor: Access
  readOnly: boolean
  onChange: (access: Access) => void
}

const PermissionField = ({
  permission,
  access,
  actor,
  readOnly,
  onChange,
}: PermissionFieldProps) => {
  const { t } = useLocale()
  const id = useId()
  const source = sourceOf(access, permission)
  const sourceMessage = sourceMessages[source]
  const held = hasPermission(access, permission)
  const beyond = !hasPermission(actor, permission)
  // A permission of the role that the actor does not have can still be withdrawn.
  const reason = readOnly
    ? null
    : access.role === 'OWNER'
      ? t('access.permission.ofOwner')
      : beyond
        ? held
          ? t('access.permission.withdrawOrChangeRole')
          : t('access.permission.cannotGrant')
        : null
  const wrong = reason !== null && beyond && held
  return (
    <Group wrap="nowrap" align="flex-start" justify="space-between" className={classes.field}>
      <Checkbox
        checked={held}
        disabled={readOnly || access.role === 'OWNER' || (beyond && !held)}
        onChange={event =>
          onChange(withPermission(access, permission, event.currentTarget.checked))
        }
        label={t(permissionTitleKey[permission])}
        // In addition to its description.
        aria-describedby={`${id}-source`}
        description={
          <>
            {t(permissionDescriptionKey[permission])}
            {reason !== null && (
              <Text
                component="span"
                size="xs"
                display="block"
                c={wrong ? 'var(--mantine-color-error)' : 'dimmed'}
                mt={2}
              >
                {reason}
              </Text>
            )}
          </>
        }
        // A disabled permission must be readable too.
        styles={{
          label: { color: 'var(--mantine-color-text)' },
          description: { marginTop: 2, color: 'var(--mantine-color-dimmed)' },
        }}
      />
      <span id={`${id}-source`}>
        {sourceMessage !== null && (
          <Badge
            miw="max-content"
            variant={source === 'ROLE' ? 'default' : 'light'}
            color={sourceColors[source]}
            autoContrast
            radius="sm"
            tt="none"
            fw={500}
          >
            {t(sourceMessage)}
          </Badge>
        )}
      </span>
    </Group>
  )
}

interface Props {
  access: Access
  /**
   * The user who would grant the permissions. They can select only permissions that they have
   * themselves.
   */
  actor: Access
  readOnly?: boolean
  onChange: (access: Access) => void
}

/** All permissions by group, selected or not, each with its source. */
export const PermissionFields = ({ access, actor, readOnly = false, onChange }: Props) => (
  <Stack gap="lg">
    <PermissionGroups>
      {permission => (
        <PermissionField
          key={permission}
          permission={permission}
          access={access}
          actor={actor}
          readOnly={readOnly}
          onChange={onChange}
        />
      )}
    </PermissionGroups>
  </Stack>
)
