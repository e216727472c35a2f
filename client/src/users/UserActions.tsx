import { useApolloClient, useMutation } from '@apollo/client/react'
import { Button, Menu, Text } from '@mantine/core'
import { accessRefusalKeys } from '@rekey/shared/access'
import { IconBan, IconChevronDown, IconLockOpen, IconShieldX, IconTrash } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { graphql } from '../gql'
import type { AccessRefusal, UserActionsFragment } from '../gql/graphql'
import type { Translate } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { notifyFailure, notifyProblem, notifySuccess } from '../ui/notify'
import { returnFocus } from '../ui/return-focus'
import { DeleteUserDialog } from './DeleteUserDialog'
import { BlockUsers, UnblockUsers } from './user-status'

graphql(`
  fragment UserActions on User {
    id
    login
    name
    status
    refusalToBlock
    refusalToDelete
    refusalToResetSecondFactor
    secondFactors {
      id
    }
  }
`)

const ResetSecondFactor = graphql(`
  mutation ResetSecondFactor($input: ResetSecondFactorInput!) {
    resetSecondFactor(input: $input) {
      user {
        id
        secondFactors {
          id
        }
      }
      errors {
        ... on UserError {
          message
        }
      }
    }
  }
`)

interface ActionProps {
  label: string
  Icon: typeof IconBan
  /** Why the action is not possible, as a text; null if it is possible. */
  reason: string | null
  /** Whether the action permanently removes something. */
  danger?: boolean
  onClick: () => void
}

const Action = ({ label, Icon, reason, danger = false, onClick }: ActionProps) => (
  <Menu.Item
    leftSection={<Icon size={16} aria-hidden />}
    disabled={reason !== null}
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

interface Props {
  user: UserActionsFragment
  /** The address to open after the user was deleted: the previous place in the table. */
  usersAddress: string
}

/** The menu of actions on a user, such as block, unblock and delete. */
export const UserActions = ({ user, usersAddress }: Props) => {
  const { t } = useLocale()
  const client = useApolloClient()
  const navigate = useNavigate()
  const [dialog, setDialog] = useState<'block' | 'resetSecondFactor' | 'delete' | null>(null)
  const actions = useRef<HTMLButtonElement>(null)
  const [blockUsers] = useMutation(BlockUsers)
  const [unblockUsers] = useMutation(UnblockUsers)
  const [resetSecondFactor] = useMutation(ResetSecondFactor)
  const { refusalToBlock, refusalToDelete, refusalToResetSecondFactor } = user
  // If no action is available to the viewer, a menu of reasons would not help.
  const idle = ['PERMISSION_MISSING', 'SELF']
  if (
    [refusalToBlock, refusalToDelete, refusalToResetSecondFactor].every(
      refusal => refusal != null && idle.includes(refusal),
    )
  ) {
    return null
  }

  const close = () => {
    setDialog(null)
    // The menu item that opened the dialog no longer exists.
    returnFocus(actions)
  }
  const unblock = async () => {
    try {
      const { data } = await unblockUsers({ variables: { input: { userIds: [user.id] } } })
      const error = data?.unblockUsers.results[0]?.errors[0]
      if (error === undefined) notifySuccess(t('users.actions.unblocked', { name: user.name }))
      else notifyFailure(t('users.actions.notUnblocked'), error.message)
    } catch (problem) {
      notifyProblem(t, t('users.actions.notUnblocked'), problem)
    }
  }

  return (
    <>
      <Menu position="bottom-end" width={280} shadow="md">
        <Menu.Target>
          <Button
            ref={actions}
            variant="default"
            rightSection={<IconChevronDown size={16} aria-hidden />}
          >
            {t('users.actions.menu')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {user.status === 'BLOCKED' ? (
            <Action
              label={t('users.actions.unblock')}
              Icon={IconLockOpen}
              reason={reasonOf(t, refusalToBlock)}
              onClick={() => void unblock()}
            />
          ) : (
            <Action
              label={t('users.actions.block')}
              Icon={IconBan}
              reason={
                reasonOf(t, refusalToBlock) ??
                (user.status === 'INVITED' ? t('users.actions.stillInvited') : null)
              }
              onClick={() => setDialog('block')}
            />
          )}
          <Action
            label={t('users.actions.resetSecondFactor')}
            Icon={IconShieldX}
            reason={
              reasonOf(t, refusalToResetSecondFactor) ??
              (user.secondFactors?.length === 0 ? t('users.actions.noSecondFactor') : null)
            }
            onClick={() => setDialog('resetSecondFactor')}
          />
          <Action
            label={t('users.actions.delete')}
            Icon={IconTrash}
            danger
            reason={reasonOf(t, refusalToDelete)}
            onClick={() => setDialog('delete')}
          />
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={dialog === 'block'}
        title={t('users.actions.blockTitle', { name: user.name })}
        confirm={t('users.actions.blockConfirm')}
        danger
        onClose={close}
        onConfirm={async () => {
          const { data } = await blockUsers({ variables: { input: { userIds: [user.id] } } })
          const error = data?.blockUsers.results[0]?.errors[0]
          if (error !== undefined) return error.message
          notifySuccess(t('users.actions.blocked', { name: user.name }))
          return null
        }}
      >
        <Text size="sm">{t('users.actions.blockMessage')}</Text>
      </ConfirmDialog>
      <ConfirmDialog
        opened={dialog === 'resetSecondFactor'}
        title={t('users.actions.resetTitle', { name: user.name })}
        confirm={t('users.actions.resetConfirm')}
        danger
        onClose={close}
        onConfirm={async () => {
          const { data } = await resetSecondFactor({ variables: { input: { userId: user.id } } })
          const [error] = data?.resetSecondFactor.errors ?? []
          if (error !== undefined) return error.message
          notifySuccess(t('users.actions.resetDone', { name: user.name }))
          return null
        }}
      >
        <Text size="sm">{t('users.actions.resetMessage')}</Text>
      </ConfirmDialog>
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
