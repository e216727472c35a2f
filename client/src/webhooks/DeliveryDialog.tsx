import { useMutation, useQuery } from '@apollo/client/react'
import { Button, Card, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { graphql } from '../gql'
import type { WebhookDeliveryQuery } from '../gql/graphql'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { CodeBlock } from '../ui/CodeBlock'
import { Dialog } from '../ui/Dialog'
import { describeFailure } from '../ui/describe-failure'
import { FailureAlert } from '../ui/FailureAlert'
import facts from '../ui/facts.module.css'
import { formatJson } from '../ui/formats'
import { ItemList } from '../ui/ItemList'
import { LoadFailure } from '../ui/LoadFailure'
import { usePhone } from '../ui/use-phone'
import { TimeAgo } from '../users/TimeAgo'
import { DeliveryStatusBadge } from './WebhookBadges'
import { attemptInWords } from './webhook-words'

const Delivery = graphql(`
  query WebhookDelivery($id: ID!) {
    webhookDelivery(id: $id) {
      id
      eventId
      type
      body
      status
      nextAttemptAt
      createdAt
      attempts {
        id
        at
        durationMs
        status
        failure
        excerpt
      }
    }
  }
`)

const Replay = graphql(`
  mutation ReplayWebhookDelivery($input: ReplayWebhookDeliveryInput!) {
    replayWebhookDelivery(input: $input) {
      delivery {
        id
        status
        nextAttemptAt
      }
      errors {
        __typename
        ... on UserError {
          message
          path
        }
      }
    }
  }
`)

type Delivery = NonNullable<WebhookDeliveryQuery['webhookDelivery']>

const Attempt = ({ attempt }: { attempt: Delivery['attempts'][number] }) => {
  const { t } = useLocale()
  return (
    <Card component="li" withBorder padding="sm">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text size="sm" fw={500}>
          {attemptInWords(t, attempt)}
        </Text>
        <Text size="sm" c="dimmed" ta="end">
          <Message
            id="webhooks.delivery.attempt"
            values={{ time: <TimeAgo at={attempt.at} />, duration: attempt.durationMs }}
          />
        </Text>
      </Group>
      {attempt.excerpt != null && attempt.excerpt !== '' && (
        <div style={{ marginTop: '0.5rem' }}>
          <CodeBlock label={t('webhooks.delivery.response')} maxHeight="8rem">
            {attempt.excerpt}
          </CodeBlock>
        </div>
      )}
    </Card>
  )
}

const DeliveryDetail = ({ delivery }: { delivery: Delivery }) => {
  const { t } = useLocale()
  return (
    <>
      <dl className={facts.list}>
        <dt>{t('webhooks.deliveries.status')}</dt>
        <dd>
          <DeliveryStatusBadge status={delivery.status} />
        </dd>
        <dt>{t('webhooks.delivery.happened')}</dt>
        <dd>
          <TimeAgo at={delivery.createdAt} />
        </dd>
        {delivery.status === 'PENDING' && (
          <>
            <dt>{t('webhooks.delivery.nextAttempt')}</dt>
            <dd>
              <TimeAgo at={delivery.nextAttemptAt} never={t('webhooks.delivery.whenEnabled')} />
            </dd>
          </>
        )}
        <dt>webhook-id</dt>
        <dd>
          <bdi>{delivery.eventId}</bdi>
        </dd>
      </dl>
      <div>
        <Title order={3} size="h6" mb="xs">
          {t('webhooks.delivery.body')}
        </Title>
        <CodeBlock label={t('webhooks.delivery.body')}>{formatJson(delivery.body)}</CodeBlock>
      </div>
      <div>
        <Title order={3} size="h6" mb="xs">
          {t('webhooks.delivery.attempts')}
        </Title>
        {delivery.attempts.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('webhooks.delivery.noAttempts')}
          </Text>
        ) : (
          <ItemList label={t('webhooks.delivery.attempts')}>
            {delivery.attempts.map(attempt => (
              <Attempt key={attempt.id} attempt={attempt} />
            ))}
          </ItemList>
        )}
      </div>
    </>
  )
}

const lookEveryMs = 1_500

interface Props {
  /** The delivery to show; null closes the dialog. */
  deliveryId: string | null
  onClose: () => void
  /** Called after the delivery was sent again. */
  onReplayed: () => void
}

/** Shows a delivery with its attempts, and can send it again. */
export const DeliveryDialog = ({ deliveryId, onClose, onReplayed }: Props) => {
  const { t } = useLocale()
  const phone = usePhone()
  const [failure, setFailure] = useState<string | null>(null)
  const { data, error, refetch, startPolling, stopPolling } = useQuery(Delivery, {
    variables: { id: deliveryId ?? '' },
    skip: deliveryId === null,
    fetchPolicy: 'cache-and-network',
  })
  const [replay, { loading: replaying }] = useMutation(Replay)
  const delivery = data?.webhookDelivery
  const pending = delivery?.status === 'PENDING'
  useEffect(() => {
    if (!pending || deliveryId === null) return
    startPolling(lookEveryMs)
    return stopPolling
  }, [pending, deliveryId, startPolling, stopPolling])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the error belongs to the delivery shown before.
  useEffect(() => setFailure(null), [deliveryId])

  const sendAgain = async (id: string) => {
    setFailure(null)
    try {
      const { data: answer } = await replay({ variables: { input: { deliveryId: id } } })
      const [refusal] = answer?.replayWebhookDelivery.errors ?? []
      if (refusal === undefined) onReplayed()
      else setFailure(refusal.message)
    } catch (problem) {
      setFailure(describeFailure(t, problem))
    }
  }
  return (
    <Dialog
      opened={deliveryId !== null}
      onClose={onClose}
      fullScreen={phone}
      size={640}
      title={delivery?.type ?? t('webhooks.delivery.title')}
    >
      <Stack gap="md">
        <FailureAlert failure={failure} />
        {delivery != null ? (
          <DeliveryDetail delivery={delivery} />
        ) : error !== undefined ? (
          <LoadFailure failure={error} onRetry={() => void refetch()} />
        ) : data === undefined ? (
          <Skeleton height={300} aria-label={t('webhooks.delivery.loading')} />
        ) : (
          <Text size="sm">{t('webhooks.delivery.gone')}</Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('ui.button.close')}
          </Button>
          {delivery != null && (
            <Button
              leftSection={<IconRefresh size={16} aria-hidden />}
              loading={replaying}
              onClick={() => void sendAgain(delivery.id)}
            >
              {t('webhooks.delivery.replay')}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  )
}
