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
import { useViewer } from '../sessions/use-viewer'
import { describeFailure } from '../ui/describe-failure'
import { FailureAlert } from '../ui/FailureAlert'
import { LoadFailure } from '../ui/LoadFailure'
import { PageTitle } from '../ui/PageTitle'
import { StateBadge } from '../ui/StateBadge'
import { TimeAgo } from '../users/TimeAgo'
import classes from './mail.module.css'
import { MailDelivery } from './mail-delivery'
import { mailsInWords } from './mail-words'
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
  if (!delivery.configured) return <StateBadge state="off">Not configured</StateBadge>
  if (delivery.serverFault != null) return <StateBadge state="bad">Not accepting mail</StateBadge>
  return <StateBadge state="good">Configured</StateBadge>
}

const Facts = ({ delivery }: { delivery: Delivery }) => (
  <dl className={classes.facts}>
    <dt>Mail server</dt>
    <dd>
      <Group gap="xs">
        {delivery.server}
        <ServerBadge delivery={delivery} />
      </Group>
    </dd>
    {delivery.outboxFolder != null && (
      <>
        <dt>Folder</dt>
        <dd>{delivery.outboxFolder}</dd>
      </>
    )}
    <dt>Last delivery</dt>
    <dd>
      <TimeAgo at={delivery.lastDeliveredAt} never="None yet" />
    </dd>
    <dt>Waiting</dt>
    <dd>
      {mailsInWords(delivery.waitingCount)}
      {delivery.waitingSince != null && (
        <>
          , the oldest queued <TimeAgo at={delivery.waitingSince} />
        </>
      )}
    </dd>
    <dt>Failed</dt>
    <dd>{mailsInWords(delivery.failedCount)} in 30 days</dd>
  </dl>
)

const Trouble = ({ delivery: { configured, serverFault } }: { delivery: Delivery }) => {
  if (!configured) {
    return (
      <Alert color="yellow" icon={<IconMailOff aria-hidden />} title="Mail is not configured">
        Nobody receives mails. The server keeps them as files in the folder below. The operator
        configures a mail server with the setting SMTP_URL.
      </Alert>
    )
  }
  if (serverFault == null) return null
  return (
    <Alert
      color="red"
      icon={<IconMailExclamation aria-hidden />}
      title="The mail server accepts no mail"
      style={{ overflowWrap: 'anywhere' }}
    >
      {serverFault.reason}
      <Text size="sm" mt={4}>
        Since <TimeAgo at={serverFault.since} />. All mails wait, and go out by themselves once the
        server accepts them.
      </Text>
    </Alert>
  )
}

const TestResult = ({ outcome: { delivered, answer } }: { outcome: TestOutcome }) => {
  const alert = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each outcome is to be heard.
  useEffect(() => alert.current?.focus(), [delivered, answer])
  const title = !delivered
    ? 'The test mail was not accepted'
    : answer == null
      ? 'The test mail was kept as a file'
      : 'The mail server accepted the test mail'
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
      {answer != null && `Its answer: ${answer}`}
    </Alert>
  )
}

const MailSettings = () => {
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
      setFailure(describeFailure(problem))
    }
  }

  if (data === undefined) {
    return error === undefined ? (
      <Skeleton height={260} aria-busy="true" aria-label="Loading the mail settings" />
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
          Delivery
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
              Send test mail
            </Button>
            <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              To yourself, {viewer?.login}
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
  const { viewer } = useViewer()
  const allowed = viewer?.permissions.includes('settings.manage') === true
  return (
    <Stack gap="lg" maw={1000}>
      <PageTitle title="Mail" />
      {allowed ? (
        <MailSettings />
      ) : (
        <Alert icon={<IconLock aria-hidden />} title="You may not see the mail settings">
          They require the permission to manage settings.
        </Alert>
      )}
    </Stack>
  )
}
