import { Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import {
  isPermission,
  type Permission,
  permissionDescriptionKey,
  permissionTitleKey,
} from '@rekey/shared/access'
import { PermissionGroups } from '../access/PermissionGroups'
import { useLocale } from '../messages/use-locale'
import classes from './TokenPermissions.module.css'

interface Props {
  /** The permissions of the user. Only these can be chosen. */
  held: readonly string[]
  chosen: readonly Permission[]
  error: string | undefined
  onChange: (permissions: readonly Permission[]) => void
}

/** A checkbox for each permission that the user has. */
export const TokenPermissions = ({ held, chosen, error, onChange }: Props) => {
  const { t } = useLocale()
  const own = held.filter(isPermission)
  const ticked = own.filter(permission => chosen.includes(permission))
  const all = ticked.length === own.length
  const errorId = 'permissions-error'
  return (
    <fieldset
      // Takes the focus if it has an error.
      id="permissions"
      tabIndex={-1}
      className={classes.permissions}
      aria-labelledby="permissions-legend"
      aria-describedby={error === undefined ? 'permissions-hint' : `permissions-hint ${errorId}`}
    >
      <Group justify="space-between" wrap="nowrap">
        <Text component="span" id="permissions-legend" fw={600} size="sm">
          {t('api-tokens.permissions.title')}
        </Text>
        {own.length > 1 && (
          <Button size="compact-xs" variant="subtle" onClick={() => onChange(all ? [] : own)}>
            {all ? t('ui.button.chooseNone') : t('ui.button.chooseAll')}
          </Button>
        )}
      </Group>
      <Text size="xs" c="dimmed" id="permissions-hint" role="status" mb="sm">
        {own.length === 0
          ? t('api-tokens.permissions.noneHeld')
          : ticked.length === 0
            ? t('api-tokens.permissions.noneChosen')
            : t('api-tokens.permissions.hint')}
      </Text>
      <Stack gap="md">
        <PermissionGroups shows={permission => own.includes(permission)}>
          {permission => (
            <Checkbox
              key={permission}
              label={t(permissionTitleKey[permission])}
              description={t(permissionDescriptionKey[permission])}
              checked={ticked.includes(permission)}
              onChange={event =>
                onChange(
                  event.currentTarget.checked
                    ? [...ticked, permission]
                    : ticked.filter(one => one !== permission),
                )
              }
            />
          )}
        </PermissionGroups>
      </Stack>
      {error !== undefined && (
        <Text id={errorId} size="xs" c="var(--mantine-color-error)" mt="xs" role="alert">
          {error}
        </Text>
      )}
    </fieldset>
  )
}
