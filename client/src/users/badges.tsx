import type { Role, UserStatus } from '../gql/graphql'
import classes from './badges.module.css'

/** Roles in words. */
export const roleNames: Record<Role, string> = { OWNER: 'Owner', ADMIN: 'Admin', MEMBER: 'Member' }

/** Statuses in words. */
export const statusNames: Record<UserStatus, string> = {
  ACTIVE: 'Active',
  INVITED: 'Invited',
  BLOCKED: 'Blocked',
}

/** The role as a badge. */
export const RoleBadge = ({ role }: { role: Role }) => (
  <span className={classes.role}>{roleNames[role]}</span>
)

/** The status as a badge; the word tells it, the colour only helps. */
export const StatusBadge = ({ status }: { status: UserStatus }) => (
  <span className={classes.status} data-status={status}>
    {statusNames[status]}
  </span>
)
