import { Badge } from '@mantine/core'
import type { Role, UserStatus } from '../gql/graphql'

/** Roles in words. */
export const roleNames: Record<Role, string> = { OWNER: 'Owner', ADMIN: 'Admin', MEMBER: 'Member' }

/** Statuses in words. */
export const statusNames: Record<UserStatus, string> = {
  ACTIVE: 'Active',
  INVITED: 'Invited',
  BLOCKED: 'Blocked',
}

const statusColors: Record<UserStatus, string> = {
  ACTIVE: 'rekey',
  INVITED: 'blue',
  BLOCKED: 'red',
}

/** The role as a badge. */
export const RoleBadge = ({ role }: { role: Role }) => (
  <Badge miw="max-content" variant="default" radius="sm" tt="none" fw={500}>
    {roleNames[role]}
  </Badge>
)

/** The status as a badge; the word tells it, the colour only helps. */
export const StatusBadge = ({ status }: { status: UserStatus }) => (
  <Badge
    miw="max-content"
    variant="light"
    color={statusColors[status]}
    radius="sm"
    tt="none"
    fw={600}
    autoContrast
  >
    {statusNames[status]}
  </Badge>
)
