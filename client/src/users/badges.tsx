import type { Role, UserStatus } from '../gql/graphql'
import type { PlainMessageId } from '../messages/locale'
import classes from './badges.module.css'

/** The names of the roles. */
export const roleMessages: Record<Role, PlainMessageId> = {
  OWNER: 'access.role.OWNER',
  ADMIN: 'access.role.ADMIN',
  MEMBER: 'access.role.MEMBER',
}

export const roleNames: Record<Role, string> = { OWNER: 'Owner', ADMIN: 'Admin', MEMBER: 'Member' }

/** The names of the statuses. */
export const statusNames: Record<UserStatus, string> = {
  ACTIVE: 'Active',
  INVITED: 'Invited',
  BLOCKED: 'Blocked',
}

/** Shows a role as a badge. */
export const RoleBadge = ({ role }: { role: Role }) => (
  <span className={classes.role}>{roleNames[role]}</span>
)

/** Shows a status as a badge. The word has the meaning, the colour only supports it. */
export const StatusBadge = ({ status }: { status: UserStatus }) => (
  <span className={classes.status} data-status={status}>
    {statusNames[status]}
  </span>
)
