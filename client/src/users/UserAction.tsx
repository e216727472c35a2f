import { Menu, Text } from '@mantine/core'
import { accessRefusalKeys } from '@rekey/shared/access'
import type { IconBan } from '@tabler/icons-react'
import type { AccessRefusal, UserActionsFragment } from '../gql/graphql'
import type { Translate } from '../messages/locale'

interface ActionProps {
  label: string
  Icon: typeof IconBan
  /** Why the action is not possible, as a text; null if it is possible. */
  reason: string | null
  /** Whether the action permanently removes something. */
  danger?: boolean
  onClick: () => void
}

/** An action in a menu. If it is not possible, it shows the reason. */
export const UserAction = ({ label, Icon, reason, danger = false, onClick }: ActionProps) => (
  <Menu.Item
    leftSection={<Icon size={16} aria-hidden />}
    disabled={reason !== null}
    // The first one has the focus when the menu opens.
    {...(reason === null ? { 'data-autofocus': true } : {})}
    // The reason must be readable, although the item is disabled.
    {...(reason === null ? {} : { opacity: 1 })}
    {...(danger && reason === null ? { c: 'var(--mantine-color-error)' } : {})}
    onClick={onClick}
  >
    {label}
    {reason !== null && (
      <Text component="span" size="xs" display="block" c="dimmed">
        {reason}
      </Text>
    )}
  </Menu.Item>
)

const reasonOf = (t: Translate, refusal: AccessRefusal | null | undefined): string | null =>
  refusal == null ? null : t(accessRefusalKeys[refusal])

/** Why an action is not possible; null if it is. */
export interface Reasons {
  readonly changePassword: string | null
  readonly sendResetLink: string | null
  readonly copyResetLink: string | null
  readonly requirePassword: string | null
  readonly signOut: string | null
  readonly copyInvitation: string | null
  readonly resendInvitation: string | null
  readonly block: string | null
  readonly resetSecondFactor: string | null
  readonly delete: string | null
}

/** The data of a user that decides which actions are possible. */
type ActedUser = Pick<
  UserActionsFragment,
  | 'status'
  | 'mustChangePassword'
  | 'refusalToBlock'
  | 'refusalToChangePassword'
  | 'refusalToDelete'
  | 'refusalToManageInvitation'
> &
  Partial<UserActionsFragment>

/**
 * Returns why actions on a user are not possible.
 *
 * @param user what is missing of the data refuses no action.
 * @param mailed whether Rekey can send mails.
 */
export const reasonsOf = (t: Translate, user: ActedUser, mailed: boolean): Reasons => {
  const { status } = user
  const password = reasonOf(t, user.refusalToChangePassword)
  const invited = status === 'INVITED' ? t('users.actions.notAccepted') : null
  const inactive = invited ?? (status === 'BLOCKED' ? t('users.actions.isBlocked') : null)
  const noPassword = user.hasPassword === false ? t('users.actions.noPassword') : null
  const required = user.mustChangePassword ? t('users.actions.alreadyRequired') : null
  return {
    changePassword: password,
    sendResetLink: password ?? inactive ?? (mailed ? null : t('users.actions.noMail')),
    copyResetLink: password ?? inactive,
    requirePassword: password ?? noPassword ?? required,
    signOut: password ?? inactive,
    copyInvitation: password,
    resendInvitation: reasonOf(t, user.refusalToManageInvitation),
    block:
      reasonOf(t, user.refusalToBlock) ??
      (status === 'INVITED' ? t('users.actions.stillInvited') : null),
    resetSecondFactor:
      reasonOf(t, user.refusalToResetSecondFactor) ??
      (user.secondFactors?.length === 0 ? t('users.actions.noSecondFactor') : null),
    delete: reasonOf(t, user.refusalToDelete),
  }
}
