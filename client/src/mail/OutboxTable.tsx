import { useMutation } from '@apollo/client/react'
import { Button, Card, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { type ComponentProps, useRef, useState } from 'react'
import { graphql } from '../gql'
import type { MailState, OutboxMailsQuery } from '../gql/graphql'
import { useLocale } from '../messages/use-locale'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { FailureAlert } from '../ui/FailureAlert'
import { FilterSelect } from '../ui/FilterSelect'
import { ItemList } from '../ui/ItemList'
import { LoadFailure } from '../ui/LoadFailure'
import { notifySuccess } from '../ui/notify'
import { PageButtons } from '../ui/PageButtons'
import { StateBadge } from '../ui/StateBadge'
import table from '../ui/table.module.css'
import { useItemAction } from '../ui/use-item-action'
import { usePagedQuery } from '../ui/use-paged-query'
import { TimeAgo } from '../users/TimeAgo'
import { MailDelivery } from './mail-delivery'
import { mailStateNames, mailsInWords } from './mail-words'

const OutboxMails = graphql(`
  query OutboxMails(
    $first: Int
    $after: String
    $last: Int
    $before: String
    $states: [MailState!]
  ) {
    outboxMails(first: $first, after: $after, last: $last, before: $before, states: $states) {
      totalCount
      nodes {
        id
        recipient
        subject
        state
        createdAt
        attempts
        nextAttemptAt
        failure
        endedAt
        retryable
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`)

const RetryMail = graphql(`
  mutation RetryMail($input: RetryMailInput!) {
    retryMail(input: $input) {
      mail {
        id
        state
        attempts
        nextAttemptAt
        endedAt
      }
      errors {
        __typename
        ... on UserError {
          message
        }
      }
    }
  }
`)

const DropMail = graphql(`
  mutation DropMail($input: DropMailInput!) {
    dropMail(input: $input) {
      mail {
        id
        state
        retryable
      }
      errors {
        __typename
        ... on UserError {
          message
        }
      }
    }
  }
`)

type Mail = OutboxMailsQuery['outboxMails']['nodes'][number]

const { WAITING, FAILED, DROPPED } = mailStateNames
const listedNames = { WAITING, FAILED, DROPPED }

const badges: Record<MailState, ComponentProps<typeof StateBadge>['state']> = {
  WAITING: 'waiting',
  SENT: 'good',
  FAILED: 'bad',
  DROPPED: 'off',
}

const Progress = ({ mail: { attempts, nextAttemptAt, endedAt } }: { mail: Mail }) => (
  <Text size="xs" c="dimmed">
    {attempts > 0 && (attempts === 1 ? 'Refused once. ' : `Refused ${attempts} times. `)}
    {nextAttemptAt != null &&
      (new Date(nextAttemptAt).getTime() > Date.now() + 60_000 ? (
        <>
          Next attempt <TimeAgo at={nextAttemptAt} />.
        </>
      ) : (
        'Next attempt within a minute.'
      ))}
    {endedAt != null && (
      <>
        Ended <TimeAgo at={endedAt} />.
      </>
    )}
  </Text>
)

interface RowProps {
  mail: Mail
  busy: boolean
  onRetry: () => void
  onDrop: () => void
}

const Actions = ({ mail, busy, onRetry, onDrop }: RowProps) =>
  mail.state === 'DROPPED' ? null : (
    <Group gap="xs" wrap="nowrap" w="max-content" ml="auto">
      {mail.retryable && (
        <Button
          size="xs"
          variant="default"
          flex="none"
          loading={busy}
          onClick={onRetry}
          aria-label={`Retry the mail to ${mail.recipient}`}
        >
          Retry
        </Button>
      )}
      <Button
        size="xs"
        variant="default"
        flex="none"
        onClick={onDrop}
        aria-haspopup="dialog"
        aria-label={`Drop the mail to ${mail.recipient}`}
      >
        Drop
      </Button>
    </Group>
  )

const MailRow = (props: RowProps) => {
  const { mail } = props
  return (
    <tr>
      <td>
        <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
          {mail.recipient}
        </Text>
        <Text size="xs" c="dimmed">
          {mail.subject}, <TimeAgo at={mail.createdAt} />
        </Text>
      </td>
      <td>
        <StateBadge state={badges[mail.state]}>{mailStateNames[mail.state]}</StateBadge>
      </td>
      <td style={{ overflowWrap: 'anywhere' }}>
        {mail.failure ?? ''}
        <Progress mail={mail} />
      </td>
      <td data-end>
        <Actions {...props} />
      </td>
    </tr>
  )
}

const MailCard = (props: RowProps) => {
  const { mail } = props
  return (
    <Card component="li" withBorder padding="sm">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {mail.recipient}
        </Text>
        <StateBadge state={badges[mail.state]}>{mailStateNames[mail.state]}</StateBadge>
      </Group>
      <Text size="sm">
        {mail.subject}, <TimeAgo at={mail.createdAt} />
      </Text>
      {mail.failure != null && (
        <Text size="sm" mt={4} style={{ overflowWrap: 'anywhere' }}>
          {mail.failure}
        </Text>
      )}
      <Progress mail={mail} />
      <div style={{ marginTop: '0.5rem' }}>
        <Actions {...props} />
      </div>
    </Card>
  )
}

/** The mails that wait or failed, newest first, with buttons that retry or drop them. */
export const OutboxTable = () => {
  const { t } = useLocale()
  const [state, setState] = useState<MailState | null>(null)
  const { data, error, refetch, ways, toFirst } = usePagedQuery(OutboxMails, {
    variables: state === null ? {} : { states: [state] },
  })
  const [retry] = useMutation(RetryMail)
  const [drop] = useMutation(DropMail, { refetchQueries: [MailDelivery] })
  const [dropped, setDropped] = useState<Mail | null>(null)
  const [asking, setAsking] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)
  const list = useRef<HTMLElement>(null)
  const { run, showAnew, busyId, failure } = useItemAction(refetch, heading)
  const mails = data?.outboxMails

  const retryOne = (mail: Mail) =>
    run(mail.id, async () => {
      const { data: answer } = await retry({
        variables: { input: { mailId: mail.id } },
        refetchQueries: [MailDelivery],
      })
      const [refusal] = answer?.retryMail.errors ?? []
      if (refusal !== undefined) return refusal.message
      notifySuccess('Trying again', `The mail to ${mail.recipient} is due now.`)
      return null
    })
  const propsOf = (mail: Mail): RowProps => ({
    mail,
    busy: busyId === mail.id,
    onRetry: () => void retryOne(mail),
    onDrop: () => {
      setDropped(mail)
      setAsking(true)
    },
  })

  return (
    <Stack gap="sm">
      <Title ref={heading} tabIndex={-1} order={2} size="h4">
        Mails that were not delivered
      </Title>
      <FailureAlert failure={failure} />
      <Group justify="space-between">
        <FilterSelect
          label="State"
          any={t('mail.outbox.anyState')}
          names={listedNames}
          value={state as keyof typeof listedNames | null}
          onChange={chosen => {
            toFirst()
            setState(chosen)
          }}
        />
        <Text c="dimmed" size="sm" role="status">
          {mails === undefined ? '' : mailsInWords(mails.totalCount)}
        </Text>
      </Group>
      {mails === undefined ? (
        error === undefined ? (
          <Skeleton height={200} aria-label="Loading the mails" />
        ) : (
          <LoadFailure failure={error} onRetry={() => void refetch()} />
        )
      ) : mails.nodes.length === 0 ? (
        <Card withBorder padding="xl" ta="center">
          <Text fw={600}>
            {state === null ? 'No mail waits, and none failed' : 'No mails match'}
          </Text>
          {state !== null && (
            <Text c="dimmed" size="sm" mt={4}>
              Choose another state.
            </Text>
          )}
        </Card>
      ) : (
        <section ref={list} aria-label="Mails">
          <Card withBorder padding={0} visibleFrom="md">
            <table className={table.table}>
              <thead>
                <tr>
                  <th>Recipient</th>
                  <th>State</th>
                  <th>Reason</th>
                  <td />
                </tr>
              </thead>
              <tbody>
                {mails.nodes.map(mail => (
                  <MailRow key={mail.id} {...propsOf(mail)} />
                ))}
              </tbody>
            </table>
          </Card>
          <ItemList label="Mails" hiddenFrom="md">
            {mails.nodes.map(mail => (
              <MailCard key={mail.id} {...propsOf(mail)} />
            ))}
          </ItemList>
        </section>
      )}
      {mails !== undefined && <PageButtons list={list} pageInfo={mails.pageInfo} {...ways} />}
      <ConfirmDialog
        opened={asking}
        title="Drop this mail?"
        confirm="Drop"
        danger
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          const { data: answer } = await drop({
            variables: { input: { mailId: dropped?.id ?? '' } },
          })
          const [refusal] = answer?.dropMail.errors ?? []
          if (refusal !== undefined) return refusal.message
          notifySuccess('Mail dropped')
          await showAnew()
          return null
        }}
      >
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {dropped?.recipient} will never get “{dropped?.subject}”. The text of the mail is erased.
        </Text>
      </ConfirmDialog>
    </Stack>
  )
}
