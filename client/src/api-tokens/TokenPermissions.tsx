import { Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { isPermission, type Permission } from '@rekey/shared/access'
import { PermissionGroups } from '../access/PermissionGroups'
import classes from './TokenPermissions.module.css'

interface Props {
  /** What the person holds: nothing else can be ticked. */
  held: readonly string[]
  chosen: readonly Permission[]
  error: string | undefined
  onChange: (permissions: readonly Permission[]) => void
}

/** The permissions one holds oneself, ticked or not. */
export const TokenPermissions = ({ held, chosen, error, onChange }: Props) => {
  const own = held.filter(isPermission)
  const ticked = own.filter(permission => chosen.includes(permission))
  const all = ticked.length === own.length
  const errorId = 'permissions-error'
  return (
    <fieldset
      // Takes the focus when something is wrong with it.
      id="permissions"
      tabIndex={-1}
      className={classes.permissions}
      aria-labelledby="permissions-legend"
      aria-describedby={error === undefined ? 'permissions-hint' : `permissions-hint ${errorId}`}
    >
      <Group justify="space-between" wrap="nowrap">
        <Text component="span" id="permissions-legend" fw={600} size="sm">
          Permissions
        </Text>
        {own.length > 1 && (
          <Button size="compact-xs" variant="subtle" onClick={() => onChange(all ? [] : own)}>
            {all ? 'Choose none' : 'Choose all'}
          </Button>
        )}
      </Group>
      <Text size="xs" c="dimmed" id="permissions-hint" role="status" mb="sm">
        {own.length === 0
          ? 'You hold none, so it has none either: it can see and edit your own profile.'
          : ticked.length === 0
            ? 'Without any it can see and edit your own profile, and nothing else.'
            : 'It never has more than you: what is taken from you is taken from it.'}
      </Text>
      <Stack gap="md">
        <PermissionGroups shows={({ permission }) => own.includes(permission)}>
          {({ permission, title, description }) => (
            <Checkbox
              key={permission}
              label={title}
              description={description}
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
