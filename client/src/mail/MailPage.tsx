import { useMutation, useQuery } from '@apollo/client/react'
import { Alert, Button, Card, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import {
  IconCircleCheck,
  IconLock,
  IconMailExclamation,
  IconMailOff,
  IconSend,
} from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { graphql } from '../gql'
import type { MailDeliveryQuery, SendTestMailMutation } from '../gql/graphql'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { useViewer } from '../sessions/use-viewer'
import { describeFailure } from '../ui/describe-failure'
import { FailureAlert } from '../ui/FailureAlert'
import facts from '../ui/facts.module.css'
import { LoadFailure } from '../ui/LoadFailure'
import { PageTitle } from '../ui/PageTitle'
import { StateBadge } from '../ui/StateBadge'
import { TimeAgo } from '../users/TimeAgo'
import { MailDelivery } from './mail-delivery'
import { OutboxTable } from './OutboxTable'

const SendTestMail = graphql(`
  mutation SendTestMail {
    sendTestMail {
      delivered
      answer
      errors {
        __typename
        ... on UserError {
          message
        }
      }
    }
  }
`)

type Delivery = MailDeliveryQuery['mailDelivery']
type TestOutcome = Pick<SendTestMailMutation['sendTestMail'], 'delivered' | 'answer'>

const ServerBadge = ({ delivery }: { delivery: Delivery }) => {
  const { t } = useLocale()
  if (!delivery.configured)
    return <StateBadge state="off">{t('mail.server.notConfigured')}</StateBadge>
  if (delivery.serverFault != null)
    return <StateBadge state="bad">{t('mail.server.notAccepting')}</StateBadge>
  return <StateBadge state="good">{t('mail.server.configured')}</StateBadge>
}

const Facts = ({ delivery }: { delivery: Delivery }) => {
  const { t } = useLocale()
  return (
    <dl className={facts.list}>
      <dt>{t('mail.facts.server')}</dt>
      <dd>
        <Group gap="xs">
          <bdi>{delivery.server}</bdi>
          <ServerBadge delivery={delivery} />
        </Group>
      </dd>
      {delivery.outboxFolder != null && (
        <>
          <dt>{t('mail.facts.folder')}</dt>
          <dd>
            <bdi>{delivery.outboxFolder}</bdi>
          </dd>
        </>
      )}
      {(delivery.configured || delivery.lastDeliveredAt != null) && (
        <>
          <dt>{t('mail.facts.lastDelivery')}</dt>
          <dd>
            <TimeAgo at={delivery.lastDeliveredAt} never={t('mail.facts.noDelivery')} />
          </dd>
        </>
      )}
      <dt>{t('mail.facts.waiting')}</dt>
      <dd>
        {delivery.waitingSince == null ? (
          t('mail.outbox.count', { count: delivery.waitingCount })
        ) : (
          <Message
            id="mail.facts.waitingSince"
            values={{
              count: delivery.waitingCount,
              time: <TimeAgo at={delivery.waitingSince} />,
            }}
          />
        )}
      </dd>
      <dt>{t('mail.facts.failed')}</dt>
      <dd>{t('mail.facts.failedCount', { count: delivery.failedCount })}</dd>
    </dl>
  )
}

const Trouble = ({ delivery: { configured, serverFault } }: { delivery: Delivery }) => {
  const { t } = useLocale()
  if (!configured) {
    return (
      <Alert
        color="yellow"
        icon={<IconMailOff aria-hidden />}
        title={t('mail.notConfigured.title')}
      >
        {t('mail.notConfigured.text')}
      </Alert>
    )
  }
  if (serverFault == null) return null
  return (
    <Alert
      color="red"
      icon={<IconMailExclamation aria-hidden />}
      title={t('mail.fault.title')}
      style={{ overflowWrap: 'anywhere' }}
    >
      {serverFault.reason}
      <Text size="sm" mt={4}>
        <Message id="mail.fault.text" values={{ time: <TimeAgo at={serverFault.since} /> }} />
      </Text>
    </Alert>
  )
}

const TestResult = ({ outcome: { delivered, answer } }: { outcome: TestOutcome }) => {
  const { t } = useLocale()
  const alert = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each outcome is to be heard.
  useEffect(() => alert.current?.focus(), [delivered, answer])
  const title = !delivered
    ? t('mail.test.refused')
    : answer == null
      ? t('mail.test.kept')
      : t('mail.test.accepted')
  return (
    <Alert
      ref={alert}
      tabIndex={-1}
      role="status"
      color={delivered ? 'rekey' : 'red'}
      icon={delivered ? <IconCircleCheck aria-hidden /> : <IconMailExclamation aria-hidden />}
      title={title}
      style={{ overflowWrap: 'anywhere' }}
    >
      {answer != null && t('mail.test.answer', { answer })}
    </Alert>
  )
}

const MailSettings = () => {
  const { t } = useLocale()
  const { viewer } = useViewer()
  const { data, error, refetch } = useQuery(MailDelivery, {
    fetchPolicy: 'cache-and-network',
    refetchOn: { windowFocus: true },
  })
  const [send, { loading }] = useMutation(SendTestMail, { fetchPolicy: 'no-cache' })
  const [outcome, setOutcome] = useState<TestOutcome | null>(null)
  const [failure, setFailure] = useState<string | null>(null)

  const sendTest = async () => {
    setFailure(null)
    setOutcome(null)
    try {
      const { data: answer } = await send()
      const [refusal] = answer?.sendTestMail.errors ?? []
      if (refusal !== undefined) setFailure(refusal.message)
      else setOutcome(answer?.sendTestMail ?? null)
      await refetch().catch(() => undefined)
    } catch (problem) {
      setFailure(describeFailure(t, problem))
    }
  }

  if (data === undefined) {
    return error === undefined ? (
      <Skeleton height={260} aria-busy="true" aria-label={t('mail.page.loading')} />
    ) : (
      <LoadFailure failure={error} onRetry={() => void refetch()} />
    )
  }
  const delivery = data.mailDelivery
  return (
    <>
      <Trouble delivery={delivery} />
      <Card withBorder padding="lg" component="section" aria-labelledby="delivery-section">
        <Title order={2} size="h5" mb="md" id="delivery-section">
          {t('mail.page.delivery')}
        </Title>
        <Stack gap="md">
          <Facts delivery={delivery} />
          <FailureAlert failure={failure} />
          {outcome !== null && <TestResult outcome={outcome} />}
          <Group gap="sm">
            <Button
              leftSection={<IconSend size={16} aria-hidden />}
              loading={loading}
              onClick={() => void sendTest()}
            >
              {t('mail.test.send')}
            </Button>
            <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              <Message id="mail.test.recipient" values={{ login: <bdi>{viewer?.login}</bdi> }} />
            </Text>
          </Group>
        </Stack>
      </Card>
      <OutboxTable />
    </>
  )
}

/** Shows whether mails leave, and the mails that were not delivered. */
export const MailPage = () => {
  const { t } = useLocale()
  const { viewer } = useViewer()
  const allowed = viewer?.permissions.includes('settings.manage') === true
  return (
    <Stack gap="lg" maw={1000}>
      <PageTitle title={t('mail.page.title')} />
      {allowed ? (
        <MailSettings />
      ) : (
        <Alert icon={<IconLock aria-hidden />} title={t('mail.forbidden.title')}>
          {t('mail.forbidden.text')}
        </Alert>
      )}
    </Stack>
  )
}
