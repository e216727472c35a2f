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
  /** Why it can't be done, in words; null when it can. */
  reason: string | null
  /** Whether it takes something away for good. */
  danger?: boolean
  onClick: () => void
}

const Action = ({ label, Icon, reason, danger = false, onClick }: ActionProps) => (
  <Menu.Item
    leftSection={<Icon size={16} aria-hidden />}
    disabled={reason !== null}
    // The reason is there to be read.
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
  /** Where one goes when the user is gone: the place in the table one came from. */
  usersAddress: string
}

/** What can be done to a user as a whole: block, unblock, delete. */
export const UserActions = ({ user, usersAddress }: Props) => {
  const client = useApolloClient()
  const navigate = useNavigate()
  const [dialog, setDialog] = useState<'block' | 'resetSecondFactor' | 'delete' | null>(null)
  const actions = useRef<HTMLButtonElement>(null)
  const [blockUsers] = useMutation(BlockUsers)
  const [unblockUsers] = useMutation(UnblockUsers)
  const [resetSecondFactor] = useMutation(ResetSecondFactor)
  const { refusalToBlock, refusalToDelete, refusalToResetSecondFactor } = user
  // Nothing here is for them: a menu of reasons would only be in the way.
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
    // The item of the menu that opened it is gone.
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
          // First away, then forget: the page would say that there is no such user.
          await navigate(usersAddress, { replace: true })
          const cached = client.cache.identify({ __typename: 'User', id: user.id })
          if (cached !== undefined) client.cache.evict({ id: cached })
          client.cache.gc()
        }}
      />
    </>
  )
}
