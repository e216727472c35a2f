import { Menu } from '@mantine/core'
import { IconBan, IconLockOpen, IconMail, IconPassword, IconPencil } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { Link, useLocation, useNavigate } from 'react-router'
import type { ListedUsersFragment } from '../gql/graphql'
import { useResendInvitation } from '../invitations/use-resend-invitation'
import { useMailSettings } from '../mail/use-mail-settings'
import { useLocale } from '../messages/use-locale'
import { useViewer } from '../sessions/use-viewer'
import { dialogSuffix } from '../ui/dialog-address'
import { notifyFailure, notifyProblem } from '../ui/notify'
import { returnFocus } from '../ui/return-focus'
import { BlockUserDialog } from './BlockUserDialog'
import { RowMenuButton } from './RowMenuButton'
import { SignInDialogs } from './SignInDialogs'
import { reasonsOf, UserAction } from './UserAction'
import { useUnblock } from './use-unblock'

/** The data of a listed user that the menu needs, so that it sends no request of its own. */
export type RowUser = Pick<
  ListedUsersFragment['nodes'][number],
  | 'id'
  | 'login'
  | 'name'
  | 'status'
  | 'role'
  | 'refusalToBlock'
  | 'refusalToChangePassword'
  | 'refusalToDelete'
  | 'refusalToManageInvitation'
>

/** The most frequent actions on a user. The profile has all of them. It is open at first. */
export const UserRowMenu = ({ user }: { user: RowUser }) => {
  const { t } = useLocale()
  const { search } = useLocation()
  const navigate = useNavigate()
  const { viewer } = useViewer()
  const settings = useMailSettings()
  const resending = useResendInvitation(user)
  const button = useRef<HTMLButtonElement>(null)
  const [opened, setOpened] = useState(true)
  const [dialog, setDialog] = useState<'sendResetLink' | 'block' | null>(null)
  const close = () => {
    setDialog(null)
    // The menu item that opened the dialog no longer exists.
    returnFocus(button)
  }
  const unblocking = useUnblock({
    user,
    onFailure: reason => notifyFailure(t('users.actions.notUnblocked'), reason),
    onProblem: problem => notifyProblem(t, t('users.actions.notUnblocked'), problem),
    onClose: close,
  })
  const own = viewer?.id === user.id
  const profile = `/account/users/${user.id}`
  const reasons = reasonsOf(t, user, settings?.configured !== false)
  return (
    <>
      <Menu
        opened={opened}
        onChange={setOpened}
        // It was open when it appeared, so it does not know what had the focus before.
        onClose={() => button.current?.focus()}
        position="bottom-end"
        // Outside the table, which would cut it off, but within the main part of the page.
        portalProps={{ target: '#content' }}
        width={260}
        shadow="md"
      >
        <Menu.Target>
          <RowMenuButton ref={button} name={user.name} />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            component={Link}
            to={profile}
            state={{ from: search }}
            leftSection={<IconPencil size={16} aria-hidden />}
            data-autofocus
          >
            {t('users.table.edit')}
          </Menu.Item>
          <UserAction
            label={t('users.actions.changePassword')}
            Icon={IconPassword}
            reason={reasons.changePassword}
            // To close the dialog leads back to the table.
            onClick={() =>
              navigate(profile + dialogSuffix, { state: { from: search, byPencil: true } })
            }
          />
          {!own && user.status === 'INVITED' && (
            <UserAction
              label={t('users.actions.resendInvitation')}
              Icon={IconMail}
              reason={reasons.resendInvitation}
              onClick={resending.send}
            />
          )}
          {!own && user.status !== 'INVITED' && (
            <UserAction
              label={t('users.actions.sendResetLink')}
              Icon={IconMail}
              reason={reasons.sendResetLink}
              onClick={() => setDialog('sendResetLink')}
            />
          )}
          {!own && user.status === 'BLOCKED' && (
            <UserAction
              label={t('users.actions.unblock')}
              Icon={IconLockOpen}
              reason={reasons.block}
              onClick={unblocking.start}
            />
          )}
          {!own && user.status !== 'BLOCKED' && (
            <UserAction
              label={t('users.actions.block')}
              Icon={IconBan}
              reason={reasons.block}
              onClick={() => setDialog('block')}
            />
          )}
        </Menu.Dropdown>
      </Menu>
      <SignInDialogs
        user={user}
        action={dialog === 'sendResetLink' ? dialog : null}
        onClose={close}
      />
      <BlockUserDialog user={user} opened={dialog === 'block'} onClose={close} />
      {unblocking.dialog}
    </>
  )
}
