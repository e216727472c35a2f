import { useApolloClient } from '@apollo/client/react'
import { Button, Group, List, Menu, Modal, Paper, Stack, Text, ThemeIcon } from '@mantine/core'
import type { Role } from '@rekey/shared/access'
import { IconCheck, IconChevronUp, IconX } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { subjectOf } from '../access/access-form'
import { RoleSelect } from '../access/RoleSelect'
import { BulkJobDialog } from '../bulk-jobs/BulkJobDialog'
import { buttonMessages } from '../bulk-jobs/bulk-job'
import { StartBulkJobDialog } from '../bulk-jobs/StartBulkJobDialog'
import type { BulkAction, ChangedUserFragment, MatchingUsersInput } from '../gql/graphql'
import { MailNotice } from '../mail/MailNotice'
import { useMailSettings } from '../mail/use-mail-settings'
import type { PlainMessageId, Translate } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { useViewer } from '../sessions/use-viewer'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { describeFailure } from '../ui/describe-failure'
import { useDialogTitle } from '../ui/document-title'
import { returnFocus } from '../ui/return-focus'
import classes from './BulkActions.module.css'
import { roleMessages } from './badges'
import { useBlockReason } from './use-block-reason'
import type { BulkRights, SelectableUser } from './use-selection'
import { BlockUsers, ChangeRoles, UnblockUsers } from './user-status'

type Action = 'block' | 'unblock' | 'changeRoles'

interface Result {
  readonly id: string
  readonly name: string
  /** Why the action was not done; null if it was. */
  readonly refusal: string | null
}

const maxPerRequest = 100

/** The actions that only send a mail, so they need a mail server. */
const mailedActions: readonly BulkAction[] = ['SEND_PASSWORD_RESET_LINK', 'RESEND_INVITATION']

/** The texts of an action that need no arguments. */
const actionMessages: Record<Action, Record<'message' | 'button', PlainMessageId>> = {
  block: { message: 'users.bulk.block.message', button: 'users.bulk.block.button' },
  unblock: { message: 'users.bulk.unblock.message', button: 'users.bulk.unblock.button' },
  changeRoles: {
    message: 'users.bulk.changeRoles.message',
    button: 'users.bulk.changeRoles.button',
  },
}

const titleMessages = {
  block: 'users.bulk.block.title',
  unblock: 'users.bulk.unblock.title',
  changeRoles: 'users.bulk.changeRoles.title',
} as const

/** The texts of the results of an action. */
interface Outcome {
  /** The result of one user. */
  readonly done: string
  readonly allDone: (count: number) => string
  readonly someDone: (done: number, count: number) => string
}

const outcomeOf = (t: Translate, action: Action, role: Role): Outcome => {
  if (action === 'block') {
    return {
      done: t('users.bulk.block.done'),
      allDone: count => t('users.bulk.block.allDone', { count }),
      someDone: (done, count) => t('users.bulk.block.someDone', { done, count }),
    }
  }
  if (action === 'unblock') {
    return {
      done: t('users.bulk.unblock.done'),
      allDone: count => t('users.bulk.unblock.allDone', { count }),
      someDone: (done, count) => t('users.bulk.unblock.someDone', { done, count }),
    }
  }
  const name = t(roleMessages[role])
  return {
    done: t('users.bulk.changeRoles.done', { role: name }),
    allDone: count => t('users.bulk.changeRoles.allDone', { role: name, count }),
    someDone: (done, count) => t('users.bulk.changeRoles.someDone', { role: name, done, count }),
  }
}

const Names = ({ users }: { users: readonly SelectableUser[] }) => {
  const { t } = useLocale()
  return (
    <List size="sm" className={classes.names} aria-label={t('users.bulk.label')}>
      {users.map(user => (
        <List.Item key={user.id}>{user.name}</List.Item>
      ))}
    </List>
  )
}

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
  outcome: Outcome
  opened: boolean
  onClose: () => void
}

const ResultsDialog = ({ results, outcome, opened, onClose }: ResultsDialogProps) => {
  const { t } = useLocale()
  const refused = results.filter(result => result.refusal !== null).length
  const title =
    refused === 0
      ? outcome.allDone(results.length)
      : outcome.someDone(results.length - refused, results.length)
  useDialogTitle(opened ? title : null)
  return (
    <Modal opened={opened} onClose={onClose} title={title}>
      <List spacing="xs" className={classes.names} aria-label={t('users.bulk.results')}>
        {/* Failures first. */}
        {[...results]
          .sort((one, other) => Number(one.refusal === null) - Number(other.refusal === null))
          .map(result => (
            <ResultLine key={result.id} result={result} done={outcome.done} />
          ))}
      </List>
      <Group justify="flex-end" mt="lg">
        <Button onClick={onClose} data-autofocus>
          {t('ui.button.done')}
        </Button>
      </Group>
    </Modal>
  )
}

/** All users that match the search and the filters of the list. */
interface AllMatching {
  readonly count: number
  readonly matching: MatchingUsersInput
  /** Whether all of them are selected, and not only those in the list. */
  readonly selected: boolean
  readonly onSelect: () => void
}

interface Props {
  users: readonly SelectableUser[]
  /** Null if they cannot be selected: there are no others, or their number is unknown. */
  all: AllMatching | null
  may: BulkRights
  onClear: () => void
}

/** The actions on the selected users, below the list. */
export const BulkActions = ({ users, all, may, onClear }: Props) => {
  const { t } = useLocale()
  const client = useApolloClient()
  const { viewer } = useViewer()
  const [action, setAction] = useState<Action>('block')
  const [stage, setStage] = useState<'idle' | 'asking' | 'done'>('idle')
  const [role, setRole] = useState<Role>('MEMBER')
  const blockReason = useBlockReason()
  const mailed = useMailSettings()?.configured !== false
  const [results, setResults] = useState<readonly Result[]>([])
  const [jobAction, setJobAction] = useState<BulkAction>('SIGN_OUT')
  const [startsJob, setStartsJob] = useState(false)
  const [job, setJob] = useState<{ id: string; opened: boolean } | null>(null)
  const more = useRef<HTMLButtonElement>(null)
  if (!viewer) return null
  const messages = actionMessages[action]
  const isAll = all?.selected === true
  const jobActions: readonly BulkAction[] = [
    ...(may.block && isAll ? (['BLOCK'] as const) : []),
    ...(may.block
      ? ([
          'REQUIRE_PASSWORD_CHANGE',
          'WITHDRAW_PASSWORD_CHANGE_REQUIREMENT',
          'SEND_PASSWORD_RESET_LINK',
          'SIGN_OUT',
        ] as const)
      : []),
    ...(may.invite ? (['RESEND_INVITATION'] as const) : []),
    ...(may.delete ? (['DELETE'] as const) : []),
  ]
  const target = isAll
    ? { count: all.count, users: { matching: all.matching } }
    : { count: users.length, users: { userIds: users.map(({ id }) => id) } }

  const send = async (userIds: string[]): Promise<readonly ChangedUserFragment[]> => {
    if (action === 'block') {
      const variables = { input: { userIds, reason: blockReason.reason } }
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
    for (let from = 0; from < ids.length; from += maxPerRequest) {
      const resultOf = (id: string, refusal: string | null) =>
        all.push({ id, name: nameOf.get(id) ?? '', refusal })
      try {
        const done = await send(ids.slice(from, from + maxPerRequest))
        for (const { userId, errors } of done) resultOf(userId, errors[0]?.message ?? null)
      } catch (problem) {
        if (from === 0) throw problem
        // The earlier batches are done, so their results must be shown.
        for (const id of ids.slice(from)) resultOf(id, describeFailure(t, problem))
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
    blockReason.clear()
    setStage('asking')
  }

  return (
    <>
      <Paper
        component="section"
        aria-label={t('users.bulk.label')}
        withBorder
        className={classes.bar}
      >
        {/* Announced with the count of users, in a live region that exists before this text. */}
        <Text size="sm" fw={600}>
          {isAll
            ? t('users.bulk.allSelected', { count: all.count })
            : t('users.bulk.selected', { count: users.length })}
        </Text>
        {all !== null && !isAll && (
          <Button variant="subtle" size="xs" onClick={all.onSelect}>
            {t('users.bulk.selectAll', { count: all.count })}
          </Button>
        )}
        <Button variant="subtle" size="xs" onClick={onClear}>
          {t('users.bulk.clear')}
        </Button>
        <Group gap="xs" className={classes.actions}>
          {may.block && !isAll && (
            <>
              <Button variant="default" size="sm" onClick={() => ask('block')}>
                {t('users.bulk.block.button')}
              </Button>
              <Button variant="default" size="sm" onClick={() => ask('unblock')}>
                {t('users.bulk.unblock.button')}
              </Button>
            </>
          )}
          {may.changeRoles && !isAll && (
            <Button variant="default" size="sm" onClick={() => ask('changeRoles')}>
              {t('users.bulk.changeRoles.button')}
            </Button>
          )}
          {jobActions.length > 0 && (
            <Menu position="top-end" portalProps={{ target: '#content' }}>
              <Menu.Target>
                <Button
                  ref={more}
                  variant="default"
                  size="sm"
                  // A job accepts at most 100 ids.
                  disabled={!isAll && users.length > maxPerRequest}
                  rightSection={<IconChevronUp size={14} aria-hidden />}
                >
                  {t('users.bulk.more')}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {jobActions.map(one => (
                  <Menu.Item
                    key={one}
                    // The reason must be readable, although the item is disabled.
                    {...(!mailed && mailedActions.includes(one)
                      ? { disabled: true, opacity: 1 }
                      : {})}
                    {...(one === 'DELETE' || one === 'BLOCK'
                      ? { c: 'var(--mantine-color-error)' }
                      : {})}
                    onClick={() => {
                      setJobAction(one)
                      setStartsJob(true)
                    }}
                  >
                    {t(buttonMessages[one])}
                    {!mailed && mailedActions.includes(one) && (
                      <Text component="span" size="xs" display="block" c="dimmed">
                        {t('bulk-jobs.noMail')}
                      </Text>
                    )}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
        </Group>
      </Paper>
      <StartBulkJobDialog
        key={jobAction}
        action={jobAction}
        target={target}
        opened={startsJob}
        onClose={() => {
          setStartsJob(false)
          // The menu item that opened the dialog no longer exists.
          returnFocus(more)
        }}
        onStarted={id => {
          setStartsJob(false)
          setJob({ id, opened: true })
          void client.refetchQueries({ include: ['NewestBulkJobs'] })
        }}
      />
      {job !== null && (
        <BulkJobDialog
          key={job.id}
          jobId={job.id}
          opened={job.opened}
          onClose={() => {
            setJob({ ...job, opened: false })
            onClear()
          }}
        />
      )}
      <ConfirmDialog
        opened={stage === 'asking'}
        title={t(titleMessages[action], { count: users.length })}
        confirm={t(messages.button)}
        danger={action === 'block'}
        // Not if the results have replaced the question.
        onClose={() => setStage(before => (before === 'asking' ? 'idle' : before))}
        isReady={() => action !== 'block' || blockReason.check()}
        onConfirm={run}
      >
        <Stack gap="sm">
          {action === 'changeRoles' && (
            <RoleSelect
              label={t('users.bulk.newRole')}
              value={role}
              actor={subjectOf(viewer)}
              onChange={setRole}
            />
          )}
          <Text size="sm">{t(messages.message)}</Text>
          {action !== 'changeRoles' && <MailNotice />}
          {action === 'block' && blockReason.field}
          <Names users={users} />
        </Stack>
      </ConfirmDialog>
      <ResultsDialog
        results={results}
        outcome={outcomeOf(t, action, role)}
        opened={stage === 'done'}
        onClose={() => {
          setStage('idle')
          onClear()
        }}
      />
    </>
  )
}
