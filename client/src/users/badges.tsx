import type { Role, UserStatus } from '../gql/graphql'
import type { PlainMessageId } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { StateBadge } from '../ui/StateBadge'
import classes from './badges.module.css'

/** The names of the roles. */
export const roleMessages: Record<Role, PlainMessageId> = {
  OWNER: 'access.role.OWNER',
  ADMIN: 'access.role.ADMIN',
  MEMBER: 'access.role.MEMBER',
}

/** The names of the statuses. */
export const statusMessages: Record<UserStatus, PlainMessageId> = {
  ACTIVE: 'users.status.ACTIVE',
  INVITED: 'users.status.INVITED',
  BLOCKED: 'users.status.BLOCKED',
}

/** The filters by password. */
export const passwordFilterMessages = {
  'must-change': 'users.password.mustChange',
} as const satisfies Record<string, PlainMessageId>

/** The filters by second factors. */
export const secondFactorFilterMessages = {
  none: 'users.secondFactor.none',
  any: 'users.secondFactor.any',
} as const satisfies Record<string, PlainMessageId>

/** Shows a role as a badge. */
export const RoleBadge = ({ role }: { role: Role }) => {
  const { t } = useLocale()
  return <span className={classes.role}>{t(roleMessages[role])}</span>
}

/** Shows a status as a badge. The word has the meaning, the colour only supports it. */
export const StatusBadge = ({ status }: { status: UserStatus }) => {
  const { t } = useLocale()
  return (
    <span className={classes.status} data-status={status}>
      {t(statusMessages[status])}
    </span>
  )
}

/** Shows that a user must choose a new password at the next sign-in. */
export const RequiredChangeBadge = () => {
  const { t } = useLocale()
  return <StateBadge state="waiting">{t('users.password.mustChange')}</StateBadge>
}
