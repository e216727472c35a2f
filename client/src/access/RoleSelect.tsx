import { Select, type SelectProps } from '@mantine/core'
import { type Access, outranks, type Role, roles } from '@rekey/shared/access'
import type { PlainMessageId } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { roleMessages } from '../users/badges'

interface Props extends Omit<SelectProps, 'data' | 'value' | 'onChange'> {
  value: Role
  /** The user who would give the role. They cannot choose a role above their own. */
  actor: Access
  onChange: (role: Role) => void
}

const roleDescriptionMessages: Record<Role, PlainMessageId> = {
  OWNER: 'access.roleSelect.OWNER',
  ADMIN: 'access.roleSelect.ADMIN',
  MEMBER: 'access.roleSelect.MEMBER',
}

/** A select for a role, up to the role of the user who gives it. */
export const RoleSelect = ({ value, actor, onChange, ...props }: Props) => {
  const { t } = useLocale()
  return (
    <Select
      label={t('access.roleSelect.label')}
      {...props}
      data={roles.map(role => ({
        value: role,
        label: t(roleMessages[role]),
        disabled: outranks(role, actor.role),
      }))}
      renderOption={({ option }) => (
        <span>
          {option.label}
          <br />
          <small>
            {option.disabled === true
              ? t('access.roleSelect.aboveOwn')
              : t(roleDescriptionMessages[option.value as Role])}
          </small>
        </span>
      )}
      value={value}
      onChange={role => role !== null && onChange(role as Role)}
      allowDeselect={false}
    />
  )
}
