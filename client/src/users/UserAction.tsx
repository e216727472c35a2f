import { Menu, Text } from '@mantine/core'
import { accessRefusalKeys, type Permission, permissionTitleKey } from '@rekey/shared/access'
import type { IconBan } from '@tabler/icons-react'
import { createContext, useContext } from 'react'
import type { AccessRefusal, UserActionsFragment } from '../gql/graphql'
import type { Translate } from '../messages/locale'

/** The reason that several actions of the menu share, which stands once above them. */
export const SharedReason = createContext<string | null>(null)

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
export const UserAction = ({ label, Icon, reason, danger = false, onClick }: ActionProps) => {
  const shared = useContext(SharedReason)
  return (
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
      {reason !== null && reason !== shared && (
        <Text component="span" size="xs" display="block" c="dimmed">
          {reason}
        </Text>
      )}
    </Menu.Item>
  )
}

/** Why an action that requires a permission is not possible, as specific as it is known. */
const reasonOf = (
  t: Translate,
  { name, role }: Pick<UserActionsFragment, 'name' | 'role'>,
  refusal: AccessRefusal | null | undefined,
  permission: Permission,
): string | null => {
  if (refusal == null) return null
  if (refusal === 'OUTRANKED' && role === 'OWNER') return t('users.actions.isOwner', { name })
  if (refusal === 'PERMISSION_MISSING') {
    return t('users.actions.permissionMissing', { permission: t(permissionTitleKey[permission]) })
  }
  return t(accessRefusalKeys[refusal])
}

/** Why an action is not possible; null if it is. */
export interface Reasons {
  readonly changePassword: string | null
  readonly sendResetLink: string | null
  readonly copyResetLink: string | null
  readonly requirePassword: string | null
  readonly keepPassword: string | null
  readonly signOut: string | null
  readonly copyInvitation: string | null
  readonly resendInvitation: string | null
  readonly revokeInvitation: string | null
  readonly block: string | null
  readonly resetSecondFactor: string | null
  readonly delete: string | null
}

/** The data of a user that decides which actions are possible. */
type ActedUser = Pick<
  UserActionsFragment,
  | 'name'
  | 'role'
  | 'status'
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
  const password = reasonOf(t, user, user.refusalToChangePassword, 'users.manage')
  const invitation = reasonOf(t, user, user.refusalToManageInvitation, 'users.invite')
  const invited = status === 'INVITED' ? t('users.actions.notAccepted') : null
  const inactive = invited ?? (status === 'BLOCKED' ? t('users.actions.isBlocked') : null)
  const noPassword = user.hasPassword === false ? t('users.actions.noPassword') : null
  const temporary = user.passwordTemporary ? t('users.actions.temporaryPassword') : null
  return {
    changePassword: password,
    sendResetLink: password ?? inactive ?? (mailed ? null : t('users.actions.noMail')),
    copyResetLink: password ?? inactive,
    requirePassword: password ?? noPassword,
    keepPassword: password ?? temporary,
    signOut: password ?? inactive,
    copyInvitation: password,
    resendInvitation: invitation ?? (mailed ? null : t('users.actions.noMailInvitation')),
    revokeInvitation: invitation,
    block:
      reasonOf(t, user, user.refusalToBlock, 'users.manage') ??
      (status !== 'INVITED'
        ? null
        : user.invitation?.status === 'VALID'
          ? t('users.actions.stillInvited')
          : t('users.actions.nothingToBlock')),
    resetSecondFactor:
      reasonOf(t, user, user.refusalToResetSecondFactor, 'users.manage') ??
      (user.secondFactors?.length === 0 ? t('users.actions.noSecondFactor') : null),
    delete: reasonOf(t, user, user.refusalToDelete, 'users.delete'),
  }
}
