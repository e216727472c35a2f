import { useApolloClient, useMutation } from '@apollo/client/react'
import { Button, Menu, Text } from '@mantine/core'
import { IconBan, IconChevronDown, IconLockOpen, IconShieldX, IconTrash } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { refusalInWords } from '../access/refusal-words'
import { graphql } from '../gql'
import type { AccessRefusal, UserActionsFragment } from '../gql/graphql'
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

const wordsOf = (refusal: AccessRefusal | null | undefined): string | null =>
  refusal == null ? null : refusalInWords(refusal)

interface Props {
  user: UserActionsFragment
  /** The address to open after the user was deleted: the previous place in the table. */
  usersAddress: string
}

/** The menu of actions on a user, such as block, unblock and delete. */
export const UserActions = ({ user, usersAddress }: Props) => {
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
      if (error === undefined) notifySuccess(`${user.name} can sign in again`)
      else notifyFailure('Not unblocked', error.message)
    } catch (problem) {
      notifyProblem('Not unblocked', problem)
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
            Actions
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {user.status === 'BLOCKED' ? (
            <Action
              label="Unblock"
              Icon={IconLockOpen}
              reason={wordsOf(refusalToBlock)}
              onClick={() => void unblock()}
            />
          ) : (
            <Action
              label="Block"
              Icon={IconBan}
              reason={
                wordsOf(refusalToBlock) ??
                (user.status === 'INVITED' ? 'Still invited: revoke the invitation instead.' : null)
              }
              onClick={() => setDialog('block')}
            />
          )}
          <Action
            label="Reset second factor"
            Icon={IconShieldX}
            reason={
              wordsOf(refusalToResetSecondFactor) ??
              (user.secondFactors?.length === 0 ? 'They have none.' : null)
            }
            onClick={() => setDialog('resetSecondFactor')}
          />
          <Action
            label="Delete"
            Icon={IconTrash}
            danger
            reason={wordsOf(refusalToDelete)}
            onClick={() => setDialog('delete')}
          />
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={dialog === 'block'}
        title={`Block ${user.name}?`}
        confirm="Block"
        danger
        onClose={close}
        onConfirm={async () => {
          const { data } = await blockUsers({ variables: { input: { userIds: [user.id] } } })
          const error = data?.blockUsers.results[0]?.errors[0]
          if (error !== undefined) return error.message
          notifySuccess(`${user.name} is blocked`)
          return null
        }}
      >
        <Text size="sm">
          All their sessions end at once, and they can’t sign in until someone unblocks them.
          Nothing else is lost.
        </Text>
      </ConfirmDialog>
      <ConfirmDialog
        opened={dialog === 'resetSecondFactor'}
        title={`Reset the second factor of ${user.name}?`}
        confirm="Reset"
        danger
        onClose={close}
        onConfirm={async () => {
          const { data } = await resetSecondFactor({ variables: { input: { userId: user.id } } })
          const [error] = data?.resetSecondFactor.errors ?? []
          if (error !== undefined) return error.message
          notifySuccess(`The second factor of ${user.name} was reset`)
          return null
        }}
      >
        <Text size="sm">
          For those who have lost it. All they have is removed, with their recovery codes and
          trusted devices: their password alone signs them in, until they add another. They are told
          by e-mail. Make sure that it is they who ask for it.
        </Text>
      </ConfirmDialog>
      <DeleteUserDialog
        user={user}
        opened={dialog === 'delete'}
        onClose={close}
        onDeleted={async () => {
          notifySuccess(`${user.name} was deleted`)
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
