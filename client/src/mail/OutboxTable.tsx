import { useMutation } from '@apollo/client/react'
import { Button, Card, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { type ComponentProps, useRef, useState } from 'react'
import { graphql } from '../gql'
import type { MailState, OutboxMailsQuery } from '../gql/graphql'
import { Message } from '../messages/Message'
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
import { mailStateMessages } from './mail-words'

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

/** The states that the list can show. Mails that were sent are not in it. */
type ListedState = Exclude<MailState, 'SENT'>

type Mail = OutboxMailsQuery['outboxMails']['nodes'][number]

const badges: Record<MailState, ComponentProps<typeof StateBadge>['state']> = {
  WAITING: 'waiting',
  SENT: 'good',
  FAILED: 'bad',
  DROPPED: 'off',
}

const Progress = ({ mail: { attempts, nextAttemptAt, endedAt } }: { mail: Mail }) => {
  const { t } = useLocale()
  return (
    <Text size="xs" c="dimmed">
      {attempts > 0 && t('mail.progress.refused', { count: attempts })}{' '}
      {nextAttemptAt != null &&
        (new Date(nextAttemptAt).getTime() > Date.now() + 60_000 ? (
          <Message id="mail.progress.next" values={{ time: <TimeAgo at={nextAttemptAt} /> }} />
        ) : (
          t('mail.progress.nextSoon')
        ))}{' '}
      {endedAt != null && (
        <Message id="mail.progress.ended" values={{ time: <TimeAgo at={endedAt} /> }} />
      )}
    </Text>
  )
}

interface RowProps {
  mail: Mail
  busy: boolean
  onRetry: () => void
  onDrop: () => void
}

const Actions = ({ mail, busy, onRetry, onDrop }: RowProps) => {
  const { t } = useLocale()
  return mail.state === 'DROPPED' ? null : (
    <Group gap="xs" wrap="nowrap" w="max-content" ms="auto">
      {mail.retryable && (
        <Button
          size="xs"
          variant="default"
          flex="none"
          loading={busy}
          onClick={onRetry}
          aria-label={t('mail.outbox.retryLabel', { recipient: mail.recipient })}
        >
          {t('mail.outbox.retry')}
        </Button>
      )}
      <Button
        size="xs"
        variant="default"
        flex="none"
        onClick={onDrop}
        aria-haspopup="dialog"
        aria-label={t('mail.outbox.dropLabel', { recipient: mail.recipient })}
      >
        {t('mail.outbox.drop')}
      </Button>
    </Group>
  )
}

/** The subject of a mail, and when it was written. */
const Subject = ({ mail: { subject, createdAt } }: { mail: Mail }) => (
  <Message
    id="mail.outbox.subject"
    values={{ subject: <bdi>{subject}</bdi>, time: <TimeAgo at={createdAt} /> }}
  />
)

const MailRow = (props: RowProps) => {
  const { t } = useLocale()
  const { mail } = props
  return (
    <tr>
      <td>
        <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
          <bdi>{mail.recipient}</bdi>
        </Text>
        <Text size="xs" c="dimmed">
          <Subject mail={mail} />
        </Text>
      </td>
      <td>
        <StateBadge state={badges[mail.state]}>{t(mailStateMessages[mail.state])}</StateBadge>
      </td>
      <td style={{ overflowWrap: 'anywhere' }}>
        <bdi>{mail.failure ?? ''}</bdi>
        <Progress mail={mail} />
      </td>
      <td data-end>
        <Actions {...props} />
      </td>
    </tr>
  )
}

const MailCard = (props: RowProps) => {
  const { t } = useLocale()
  const { mail } = props
  return (
    <Card component="li" withBorder padding="sm">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>
          <bdi>{mail.recipient}</bdi>
        </Text>
        <StateBadge state={badges[mail.state]}>{t(mailStateMessages[mail.state])}</StateBadge>
      </Group>
      <Text size="sm">
        <Subject mail={mail} />
      </Text>
      {mail.failure != null && (
        <Text size="sm" mt={4} style={{ overflowWrap: 'anywhere' }}>
          <bdi>{mail.failure}</bdi>
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
  const [state, setState] = useState<ListedState | null>(null)
  const { data, error, refetch, buttonProps, toFirst } = usePagedQuery(OutboxMails, {
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
      notifySuccess(
        t('mail.outbox.retried'),
        t('mail.outbox.retriedText', { recipient: mail.recipient }),
      )
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
        {t('mail.outbox.title')}
      </Title>
      <FailureAlert failure={failure} />
      <Group justify="space-between">
        <FilterSelect
          label={t('mail.outbox.state')}
          any={t('mail.outbox.anyState')}
          names={{
            WAITING: mailStateMessages.WAITING,
            FAILED: mailStateMessages.FAILED,
            DROPPED: mailStateMessages.DROPPED,
          }}
          value={state}
          onChange={chosen => {
            toFirst()
            setState(chosen)
          }}
        />
        <Text c="dimmed" size="sm" role="status">
          {mails === undefined ? '' : t('mail.outbox.count', { count: mails.totalCount })}
        </Text>
      </Group>
      {mails === undefined ? (
        error === undefined ? (
          <Skeleton height={200} aria-label={t('mail.outbox.loading')} />
        ) : (
          <LoadFailure failure={error} onRetry={() => void refetch()} />
        )
      ) : mails.nodes.length === 0 ? (
        <Card withBorder padding="xl" ta="center">
          <Text fw={600}>{state === null ? t('mail.outbox.none') : t('mail.outbox.noMatch')}</Text>
          {state !== null && (
            <Text c="dimmed" size="sm" mt={4}>
              {t('mail.outbox.noMatchHint')}
            </Text>
          )}
        </Card>
      ) : (
        <section ref={list} aria-label={t('mail.outbox.list')}>
          <Card withBorder padding={0} visibleFrom="md">
            <table className={table.table}>
              <thead>
                <tr>
                  <th>{t('mail.outbox.recipient')}</th>
                  <th>{t('mail.outbox.state')}</th>
                  <th>{t('mail.outbox.reason')}</th>
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
          <ItemList label={t('mail.outbox.list')} hiddenFrom="md">
            {mails.nodes.map(mail => (
              <MailCard key={mail.id} {...propsOf(mail)} />
            ))}
          </ItemList>
        </section>
      )}
      {mails !== undefined && (
        <PageButtons list={list} pageInfo={mails.pageInfo} {...buttonProps} />
      )}
      <ConfirmDialog
        opened={asking}
        title={t('mail.drop.title')}
        confirm={t('mail.outbox.drop')}
        danger
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          const { data: answer } = await drop({
            variables: { input: { mailId: dropped?.id ?? '' } },
          })
          const [refusal] = answer?.dropMail.errors ?? []
          if (refusal !== undefined) return refusal.message
          notifySuccess(t('mail.drop.done'))
          await showAnew()
          return null
        }}
      >
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          <Message
            id="mail.drop.text"
            values={{
              recipient: <bdi>{dropped?.recipient}</bdi>,
              subject: <bdi>{dropped?.subject}</bdi>,
            }}
          />
        </Text>
      </ConfirmDialog>
    </Stack>
  )
}
