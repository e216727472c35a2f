import { useApolloClient } from '@apollo/client/react'
import { Button, Menu, Text } from '@mantine/core'
import {
  IconBan,
  IconChevronDown,
  IconLink,
  IconLock,
  IconLockOpen,
  IconLogout,
  IconMail,
  IconMailOff,
  IconPassword,
  IconPencil,
  IconShieldX,
  IconTrash,
} from '@tabler/icons-react'
import { type ReactNode, type RefObject, useState } from 'react'
import { useNavigate } from 'react-router'
import { graphql } from '../gql'
import type { UserActionsFragment } from '../gql/graphql'
import { useResendInvitation } from '../invitations/use-resend-invitation'
import { useRevokeInvitation } from '../invitations/use-revoke-invitation'
import { useMailSettings } from '../mail/use-mail-settings'
import { useLocale } from '../messages/use-locale'
import { notifyFailure, notifyProblem, notifySuccess } from '../ui/notify'
import { returnFocus } from '../ui/return-focus'
import { BlockUserDialog } from './BlockUserDialog'
import { DeleteUserDialog } from './DeleteUserDialog'
import { ResetSecondFactorDialog } from './ResetSecondFactorDialog'
import { type SignInAction, SignInDialogs } from './SignInDialogs'
import { type Reasons, reasonsOf, SharedReason, UserAction } from './UserAction'
import { useUnblock } from './use-unblock'

graphql(`
  fragment UserActions on User {
    id
    login
    name
    role
    status
    invitation {
      status
    }
    mustChangePassword
    passwordTemporary
    hasPassword
    refusalToBlock
    refusalToChangePassword
    refusalToDelete
    refusalToManageInvitation
    refusalToResetSecondFactor
    secondFactors {
      id
    }
  }
`)

interface ItemGroupProps {
  label: string
  children: ReactNode
}

/** A group of menu items with a heading. */
const ItemGroup = ({ label, children }: ItemGroupProps) => (
  // A menu may contain only items and groups, so the heading is in a group.
  // biome-ignore lint/a11y/useSemanticElements: a fieldset is not allowed in a menu.
  <div role="group" aria-label={label}>
    <Menu.Label aria-hidden>{label}</Menu.Label>
    {children}
  </div>
)

/** Whether no action is available to the viewer. A menu of reasons would then not help. */
const isIdle = (user: UserActionsFragment): boolean =>
  [
    user.refusalToBlock,
    user.refusalToChangePassword,
    user.refusalToDelete,
    user.refusalToResetSecondFactor,
  ].every(refusal => refusal === 'PERMISSION_MISSING' || refusal === 'SELF')

/** The reason that most of these actions share; null if fewer than three do. */
const sharedReasonOf = (reasons: readonly (string | null)[]): string | null => {
  const counts = new Map<string, number>()
  for (const reason of reasons) {
    if (reason !== null) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  const [most] = [...counts].sort(([, one], [, other]) => other - one)
  return most === undefined || most[1] < 3 ? null : most[0]
}

/** The reason that several actions share. It has the focus first, so that it is read aloud. */
const SharedReasonItem = ({ reason }: { reason: string }) => (
  <Menu.Item
    leftSection={<IconLock size={16} aria-hidden />}
    aria-disabled
    closeMenuOnClick={false}
    data-autofocus
  >
    <Text component="span" size="xs">
      {reason}
    </Text>
  </Menu.Item>
)

interface MenuProps {
  user: UserActionsFragment
  own: boolean
  reasons: Reasons
  onSignIn: (action: SignInAction) => void
  onChangePassword: () => void
  onResendInvitation: () => void
  onRevokeInvitation: () => void
  onBlock: () => void
  onUnblock: () => void
  onResetSecondFactor: () => void
  onDelete: () => void
}

/** The actions on how an active or blocked user signs in. */
const PasswordItems = ({
  user,
  reasons,
  onSignIn,
}: Pick<MenuProps, 'user' | 'reasons' | 'onSignIn'>) => {
  const { t } = useLocale()
  return (
    <>
      <UserAction
        label={t('users.actions.sendResetLink')}
        Icon={IconMail}
        reason={reasons.sendResetLink}
        onClick={() => onSignIn('sendResetLink')}
      />
      <UserAction
        label={t('users.actions.copyResetLink')}
        Icon={IconLink}
        reason={reasons.copyResetLink}
        onClick={() => onSignIn('copyResetLink')}
      />
      {user.mustChangePassword && user.hasPassword !== false ? (
        <UserAction
          label={t('users.actions.keepPassword')}
          Icon={IconPassword}
          reason={reasons.keepPassword}
          onClick={() => onSignIn('keepPassword')}
        />
      ) : (
        <UserAction
          label={t('users.actions.requirePassword')}
          Icon={IconPassword}
          reason={reasons.requirePassword}
          onClick={() => onSignIn('requirePassword')}
        />
      )}
    </>
  )
}

const InvitationItems = ({
  user,
  reasons,
  onSignIn,
  onResendInvitation,
  onRevokeInvitation,
}: Pick<
  MenuProps,
  'user' | 'reasons' | 'onSignIn' | 'onResendInvitation' | 'onRevokeInvitation'
>) => {
  const { t } = useLocale()
  return (
    <ItemGroup label={t('users.actions.invitationGroup')}>
      <UserAction
        label={t(
          user.invitation == null ? 'invitations.notice.send' : 'users.actions.resendInvitation',
        )}
        Icon={IconMail}
        reason={reasons.resendInvitation}
        onClick={onResendInvitation}
      />
      <UserAction
        label={t('users.actions.copyInvitation')}
        Icon={IconLink}
        reason={reasons.copyInvitation}
        onClick={() => onSignIn('copyInvitation')}
      />
      {user.invitation?.status === 'VALID' && (
        <UserAction
          label={t('invitations.notice.revoke')}
          Icon={IconMailOff}
          reason={reasons.revokeInvitation}
          onClick={onRevokeInvitation}
        />
      )}
    </ItemGroup>
  )
}

const AccountItems = ({ user, reasons, onBlock, onUnblock, onDelete }: MenuProps) => {
  const { t } = useLocale()
  return (
    <ItemGroup label={t('users.actions.accountGroup')}>
      {user.status === 'BLOCKED' ? (
        <UserAction
          label={t('users.actions.unblock')}
          Icon={IconLockOpen}
          reason={reasons.block}
          onClick={onUnblock}
        />
      ) : (
        <UserAction
          label={t('users.actions.block')}
          Icon={IconBan}
          reason={reasons.block}
          onClick={onBlock}
        />
      )}
      <UserAction
        label={t('users.actions.delete')}
        Icon={IconTrash}
        danger
        reason={reasons.delete}
        onClick={onDelete}
      />
    </ItemGroup>
  )
}

const MenuItems = (props: MenuProps) => {
  const { t } = useLocale()
  const { user, own, reasons, onSignIn } = props
  const invited = user.status === 'INVITED'
  const shared = own ? null : sharedReasonOf(Object.values(reasons))
  return (
    <SharedReason value={shared}>
      {shared !== null && <SharedReasonItem reason={shared} />}
      <ItemGroup label={t('users.actions.passwordGroup')}>
        <UserAction
          label={t('users.actions.changePassword')}
          Icon={IconPencil}
          reason={reasons.changePassword}
          onClick={props.onChangePassword}
        />
        {!own && !invited && <PasswordItems {...props} />}
      </ItemGroup>
      {/* The page "My account" has what users can do about their own sign-in. */}
      {!own && (
        <>
          {invited && <InvitationItems {...props} />}
          <ItemGroup label={t('users.actions.signInGroup')}>
            {!invited && (
              <UserAction
                label={t('users.actions.signOut')}
                Icon={IconLogout}
                reason={reasons.signOut}
                onClick={() => onSignIn('signOut')}
              />
            )}
            <UserAction
              label={t('users.actions.resetSecondFactor')}
              Icon={IconShieldX}
              reason={reasons.resetSecondFactor}
              onClick={props.onResetSecondFactor}
            />
          </ItemGroup>
          <AccountItems {...props} />
        </>
      )}
    </SharedReason>
  )
}

interface Props {
  user: UserActionsFragment
  /** Whether this is the profile of the viewer. */
  own: boolean
  /** The button that opens the menu. */
  button: RefObject<HTMLButtonElement | null>
  onChangePassword: () => void
  /** The address to open after the user was deleted: the previous place in the table. */
  usersAddress: string
}

/** The menu of actions on a user, such as block, unblock and delete. */
export const UserActions = ({ user, own, button, onChangePassword, usersAddress }: Props) => {
  const { t } = useLocale()
  const client = useApolloClient()
  const navigate = useNavigate()
  const [dialog, setDialog] = useState<'block' | 'resetSecondFactor' | 'delete' | null>(null)
  const [signInAction, setSignInAction] = useState<SignInAction | null>(null)
  const settings = useMailSettings()
  const resending = useResendInvitation(user)
  const close = () => {
    setDialog(null)
    setSignInAction(null)
    // The menu item that opened the dialog no longer exists.
    returnFocus(button)
  }
  const revoking = useRevokeInvitation(user, close)
  const unblocking = useUnblock({
    user,
    onFailure: reason => notifyFailure(t('users.actions.notUnblocked'), reason),
    onProblem: problem => notifyProblem(t, t('users.actions.notUnblocked'), problem),
    onClose: close,
  })
  if (isIdle(user)) return null

  return (
    <>
      <Menu position="bottom-end" width={280} shadow="md" withinPortal={false}>
        <Menu.Target>
          <Button
            ref={button}
            variant="default"
            rightSection={<IconChevronDown size={16} aria-hidden />}
          >
            {t('users.actions.menu')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah="min(36rem, 80dvh)" style={{ overflowY: 'auto' }}>
          <MenuItems
            user={user}
            own={own}
            reasons={reasonsOf(t, user, settings?.configured !== false)}
            onSignIn={setSignInAction}
            onChangePassword={onChangePassword}
            onResendInvitation={resending.send}
            onRevokeInvitation={revoking.start}
            onBlock={() => setDialog('block')}
            onUnblock={unblocking.start}
            onResetSecondFactor={() => setDialog('resetSecondFactor')}
            onDelete={() => setDialog('delete')}
          />
        </Menu.Dropdown>
      </Menu>
      <SignInDialogs user={user} action={signInAction} onClose={close} />
      {unblocking.dialog}
      {revoking.dialog}
      <BlockUserDialog user={user} opened={dialog === 'block'} onClose={close} />
      <ResetSecondFactorDialog
        user={user}
        opened={dialog === 'resetSecondFactor'}
        onClose={close}
      />
      <DeleteUserDialog
        user={user}
        opened={dialog === 'delete'}
        onClose={close}
        onDeleted={async () => {
          notifySuccess(t('users.delete.done', { name: user.name }))
          // Leave the page before the cache removes the user. Otherwise the page would
          // report that there is no such user.
          await navigate(usersAddress, { replace: true })
          const cached = client.cache.identify({ __typename: 'User', id: user.id })
          if (cached !== undefined) client.cache.evict({ id: cached })
          client.cache.gc()
        }}
      />
    </>
  )
}
