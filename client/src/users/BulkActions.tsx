import { useApolloClient } from '@apollo/client/react'
import { Button, Group, List, Modal, Paper, Stack, Text, ThemeIcon } from '@mantine/core'
import type { Role } from '@rekey/shared/access'
import { IconCheck, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { subjectOf } from '../access/access-form'
import { RoleSelect } from '../access/RoleSelect'
import type { ChangedUserFragment } from '../gql/graphql'
import { useViewer } from '../sessions/use-viewer'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { describeFailure } from '../ui/describe-failure'
import classes from './BulkActions.module.css'
import { roleNames } from './badges'
import type { BulkRights, SelectableUser } from './use-selection'
import { BlockUsers, ChangeRoles, UnblockUsers } from './user-status'

type Action = 'block' | 'unblock' | 'changeRoles'

interface Result {
  readonly id: string
  readonly name: string
  /** Why the action was not done; null if it was. */
  readonly refusal: string | null
}

const countInWords = (count: number): string => (count === 1 ? '1 user' : `${count} users`)

const mostPerRequest = 100

const confirms = {
  block: {
    title: (count: string) => `Block ${count}?`,
    message: 'Their sessions end at once, and they can’t sign in until someone unblocks them.',
    confirm: 'Block',
    done: 'Blocked',
  },
  unblock: {
    title: (count: string) => `Unblock ${count}?`,
    message: 'They can sign in again, with the passwords they have.',
    confirm: 'Unblock',
    done: 'Unblocked',
  },
  changeRoles: {
    title: (count: string) => `Change the role of ${count}?`,
    message: 'What is granted to or withdrawn from single ones stays as it is.',
    confirm: 'Change role',
    done: 'Changed',
  },
} as const

const Names = ({ users }: { users: readonly SelectableUser[] }) => (
  <List size="sm" className={classes.names} aria-label="Selected users">
    {users.map(user => (
      <List.Item key={user.id}>{user.name}</List.Item>
    ))}
  </List>
)

const ResultLine = ({ result, done }: { result: Result; done: string }) => (
  <List.Item
    icon={
      <ThemeIcon
        size={20}
        radius="xl"
        variant="light"
        color={result.refusal === null ? 'rekey' : 'red'}
      >
        {result.refusal === null ? (
          <IconCheck size={14} aria-hidden />
        ) : (
          <IconX size={14} aria-hidden />
        )}
      </ThemeIcon>
    }
  >
    <Text component="span" size="sm" fw={500}>
      {result.name}
    </Text>
    <Text component="span" size="sm" c="dimmed" display="block">
      {result.refusal ?? done}
    </Text>
  </List.Item>
)

interface ResultsDialogProps {
  results: readonly Result[]
  done: string
  opened: boolean
  onClose: () => void
}

const ResultsDialog = ({ results, done, opened, onClose }: ResultsDialogProps) => {
  const refused = results.filter(result => result.refusal !== null).length
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={
        refused === 0
          ? `${done}: ${countInWords(results.length)}`
          : `${done}: ${results.length - refused} of ${results.length}`
      }
    >
      <List spacing="xs" className={classes.names} aria-label="Results">
        {/* Failures first. */}
        {[...results]
          .sort((one, other) => Number(one.refusal === null) - Number(other.refusal === null))
          .map(result => (
            <ResultLine key={result.id} result={result} done={done} />
          ))}
      </List>
      <Group justify="flex-end" mt="lg">
        <Button onClick={onClose} data-autofocus>
          Done
        </Button>
      </Group>
    </Modal>
  )
}

interface Props {
  users: readonly SelectableUser[]
  may: BulkRights
  onClear: () => void
}

/** The actions on the selected users, below the list. */
export const BulkActions = ({ users, may, onClear }: Props) => {
  const client = useApolloClient()
  const { viewer } = useViewer()
  const [action, setAction] = useState<Action>('block')
  const [stage, setStage] = useState<'idle' | 'asking' | 'done'>('idle')
  const [role, setRole] = useState<Role>('MEMBER')
  const [results, setResults] = useState<readonly Result[]>([])
  if (!viewer) return null
  const words = confirms[action]

  const send = async (userIds: string[]): Promise<readonly ChangedUserFragment[]> => {
    if (action === 'block') {
      const variables = { input: { userIds } }
      const { data } = await client.mutate({ mutation: BlockUsers, variables })
      return data?.blockUsers.results ?? []
    }
    if (action === 'unblock') {
      const variables = { input: { userIds } }
      const { data } = await client.mutate({ mutation: UnblockUsers, variables })
      return data?.unblockUsers.results ?? []
    }
    const variables = { input: { userIds, role } }
    const { data } = await client.mutate({ mutation: ChangeRoles, variables })
    return data?.changeRoles.results ?? []
  }
  const run = async (): Promise<null> => {
    const nameOf = new Map(users.map(user => [user.id, user.name]))
    const all: Result[] = []
    const ids = [...nameOf.keys()]
    for (let from = 0; from < ids.length; from += mostPerRequest) {
      const resultOf = (id: string, refusal: string | null) =>
        all.push({ id, name: nameOf.get(id) ?? '', refusal })
      try {
        const done = await send(ids.slice(from, from + mostPerRequest))
        for (const { userId, errors } of done) resultOf(userId, errors[0]?.message ?? null)
      } catch (problem) {
        if (from === 0) throw problem
        // The earlier batches are done, so their results must be shown.
        for (const id of ids.slice(from)) resultOf(id, describeFailure(problem))
        break
      }
    }
    setResults(all)
    setStage('done')
    await client.refetchQueries({ include: 'active' })
    return null
  }
  const ask = (next: Action) => {
    setAction(next)
    setStage('asking')
  }

  return (
    <>
      <Paper component="section" aria-label="Selected users" withBorder className={classes.bar}>
        {/* Announced with the count of users, in a live region that exists before this text. */}
        <Text size="sm" fw={600}>
          {countInWords(users.length)} selected
        </Text>
        <Button variant="subtle" size="xs" onClick={onClear}>
          Clear
        </Button>
        <Group gap="xs" className={classes.actions}>
          {may.block && (
            <>
              <Button variant="default" size="sm" onClick={() => ask('block')}>
                Block
              </Button>
              <Button variant="default" size="sm" onClick={() => ask('unblock')}>
                Unblock
              </Button>
            </>
          )}
          {may.changeRoles && (
            <Button variant="default" size="sm" onClick={() => ask('changeRoles')}>
              Change role
            </Button>
          )}
        </Group>
      </Paper>
      <ConfirmDialog
        opened={stage === 'asking'}
        title={words.title(countInWords(users.length))}
        confirm={words.confirm}
        danger={action === 'block'}
        // Not if the results have replaced the question.
        onClose={() => setStage(before => (before === 'asking' ? 'idle' : before))}
        onConfirm={run}
      >
        <Stack gap="sm">
          {action === 'changeRoles' && (
            <RoleSelect
              label="New role"
              value={role}
              actor={subjectOf(viewer)}
              onChange={setRole}
            />
          )}
          <Text size="sm">{words.message}</Text>
          <Names users={users} />
        </Stack>
      </ConfirmDialog>
      <ResultsDialog
        results={results}
        done={action === 'changeRoles' ? `Now ${roleNames[role]}` : words.done}
        opened={stage === 'done'}
        onClose={() => {
          setStage('idle')
          onClear()
        }}
      />
    </>
  )
}
