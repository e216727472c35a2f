import { Select, type SelectProps } from '@mantine/core'
import { type Access, outranks, type Role, roles } from '@rekey/shared/access'
import { roleNames } from '../users/badges'

interface Props extends Omit<SelectProps, 'data' | 'value' | 'onChange'> {
  value: Role
  /** The user who would give the role. They cannot choose a role above their own. */
  actor: Access
  onChange: (role: Role) => void
}

const roleDescriptions: Record<Role, string> = {
  OWNER: 'Every permission, and nobody above.',
  ADMIN: 'Every permission, but no say over owners.',
  MEMBER: 'Their own profile, and what is granted beside it.',
}

/** A select for a role, up to the role of the user who gives it. */
export const RoleSelect = ({ value, actor, onChange, ...props }: Props) => (
  <Select
    label="Role"
    {...props}
    data={roles.map(role => ({
      value: role,
      label: roleNames[role],
      disabled: outranks(role, actor.role),
    }))}
    renderOption={({ option }) => (
      <span>
        {option.label}
        <br />
        <small>
          {option.disabled === true
            ? 'Above your own role.'
            : roleDescriptions[option.value as Role]}
        </small>
      </span>
    )}
    value={value}
    onChange={role => role !== null && onChange(role as Role)}
    allowDeselect={false}
  />
)
