import { Button, Card, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { graphql } from '../gql'
import type { WebhookDeliveriesQuery, WebhookDeliveryStatus } from '../gql/graphql'
import type { Translate } from '../messages/locale'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { FilterSelect } from '../ui/FilterSelect'
import { ItemList } from '../ui/ItemList'
import { LoadFailure } from '../ui/LoadFailure'
import { PageButtons } from '../ui/PageButtons'
import table from '../ui/table.module.css'
import { usePagedQuery } from '../ui/use-paged-query'
import { TimeAgo } from '../users/TimeAgo'
import { DeliveryStatusBadge } from './WebhookBadges'
import { attemptInWords, deliveryStatusMessages } from './webhook-words'

/** A page of a webhook's deliveries. */
export const Deliveries = graphql(`
  query WebhookDeliveries(
    $id: ID!
    $first: Int
    $after: String
    $last: Int
    $before: String
    $statuses: [WebhookDeliveryStatus!]
  ) {
    webhook(id: $id) {
      id
      deliveries(
        first: $first
        after: $after
        last: $last
        before: $before
        statuses: $statuses
      ) {
        totalCount
        nodes {
          id
          type
          status
          nextAttemptAt
          createdAt
          attempts {
            id
            status
            failure
          }
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          startCursor
          endCursor
        }
      }
    }
  }
`)

type Delivery = NonNullable<WebhookDeliveriesQuery['webhook']>['deliveries']['nodes'][number]

const lastOf = (t: Translate, { attempts: [last] }: Delivery): string =>
  last === undefined ? t('webhooks.deliveries.notSent') : attemptInWords(t, last)

const NextAttempt = ({ delivery: { status, attempts, nextAttemptAt } }: { delivery: Delivery }) => {
  const { t } = useLocale()
  return (
    status === 'PENDING' &&
    attempts.length > 0 && (
      <Text size="xs" c="dimmed">
        {nextAttemptAt == null ? (
          t('webhooks.deliveries.nextWhenEnabled')
        ) : (
          <Message
            id="webhooks.deliveries.next"
            values={{ time: <TimeAgo at={nextAttemptAt} /> }}
          />
        )}
      </Text>
    )
  )
}

interface RowProps {
  delivery: Delivery
  onOpen: () => void
}

const OpenButton = ({ delivery, onOpen }: RowProps) => {
  const { t } = useLocale()
  return (
    <Button
      size="xs"
      variant="default"
      flex="none"
      onClick={onOpen}
      aria-haspopup="dialog"
      aria-label={t('webhooks.deliveries.detailsLabel', { event: delivery.type })}
    >
      {t('webhooks.deliveries.details')}
    </Button>
  )
}

const DeliveryRow = ({ delivery, onOpen }: RowProps) => {
  const { t } = useLocale()
  return (
    <tr>
      <td>
        <TimeAgo at={delivery.createdAt} />
      </td>
      <td>{delivery.type}</td>
      <td>
        <DeliveryStatusBadge status={delivery.status} />
      </td>
      <td>
        {lastOf(t, delivery)}
        <NextAttempt delivery={delivery} />
      </td>
      <td data-end>
        <OpenButton delivery={delivery} onOpen={onOpen} />
      </td>
    </tr>
  )
}

const DeliveryCard = ({ delivery, onOpen }: RowProps) => {
  const { t } = useLocale()
  return (
    <Card component="li" withBorder padding="sm">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text fw={600} size="sm">
          {delivery.type}
        </Text>
        <DeliveryStatusBadge status={delivery.status} />
      </Group>
      <Group justify="space-between" wrap="nowrap" align="flex-end" mt={4}>
        <div>
          <Text size="sm">{lastOf(t, delivery)}</Text>
          <NextAttempt delivery={delivery} />
          <Text size="xs" c="dimmed">
            <TimeAgo at={delivery.createdAt} />
          </Text>
        </div>
        <OpenButton delivery={delivery} onOpen={onOpen} />
      </Group>
    </Card>
  )
}

const lookEveryMs = 2_000

interface Props {
  webhookId: string
  onOpen: (deliveryId: string) => void
}

/** The deliveries of a webhook, newest first. It polls while a delivery is pending. */
export const DeliveriesTable = ({ webhookId, onOpen }: Props) => {
  const { t } = useLocale()
  const [status, setStatus] = useState<WebhookDeliveryStatus | null>(null)
  const { data, error, refetch, startPolling, stopPolling, buttonProps, toFirst } = usePagedQuery(
    Deliveries,
    { variables: { id: webhookId, ...(status === null ? {} : { statuses: [status] }) } },
  )
  const list = useRef<HTMLElement>(null)
  const deliveries = data?.webhook?.deliveries
  const onTheirWay =
    deliveries?.nodes.some(one => one.status === 'PENDING' && one.nextAttemptAt != null) === true
  useEffect(() => {
    if (!onTheirWay) return
    startPolling(lookEveryMs)
    return stopPolling
  }, [onTheirWay, startPolling, stopPolling])

  if (error !== undefined && deliveries === undefined) {
    return <LoadFailure failure={error} onRetry={() => void refetch()} />
  }
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <FilterSelect
          label={t('webhooks.deliveries.status')}
          any={t('webhooks.deliveries.anyStatus')}
          names={{
            PENDING: deliveryStatusMessages.PENDING,
            DELIVERED: deliveryStatusMessages.DELIVERED,
            FAILED: deliveryStatusMessages.FAILED,
          }}
          value={status}
          onChange={chosen => {
            toFirst()
            setStatus(chosen)
          }}
        />
        <Text c="dimmed" size="sm" role="status">
          {deliveries === undefined
            ? ''
            : t('webhooks.deliveries.count', { count: deliveries.totalCount })}
        </Text>
      </Group>
      {deliveries === undefined ? (
        <Skeleton height={200} aria-label={t('webhooks.deliveries.loading')} />
      ) : deliveries.nodes.length === 0 ? (
        <Card withBorder padding="xl" ta="center">
          <Text fw={600}>
            {status === null ? t('webhooks.deliveries.none') : t('webhooks.deliveries.noMatch')}
          </Text>
          <Text c="dimmed" size="sm" mt={4}>
            {status === null
              ? t('webhooks.deliveries.noneHint')
              : t('webhooks.deliveries.noMatchHint')}
          </Text>
        </Card>
      ) : (
        <section ref={list} aria-label={t('webhooks.deliveries.list')}>
          <Card withBorder padding={0} visibleFrom="md">
            <table className={table.table}>
              <thead>
                <tr>
                  <th>{t('webhooks.deliveries.when')}</th>
                  <th>{t('webhooks.deliveries.event')}</th>
                  <th>{t('webhooks.deliveries.status')}</th>
                  <th>{t('webhooks.deliveries.lastAttempt')}</th>
                  <td />
                </tr>
              </thead>
              <tbody>
                {deliveries.nodes.map(delivery => (
                  <DeliveryRow
                    key={delivery.id}
                    delivery={delivery}
                    onOpen={() => onOpen(delivery.id)}
                  />
                ))}
              </tbody>
            </table>
          </Card>
          <ItemList label={t('webhooks.deliveries.list')} hiddenFrom="md">
            {deliveries.nodes.map(delivery => (
              <DeliveryCard
                key={delivery.id}
                delivery={delivery}
                onOpen={() => onOpen(delivery.id)}
              />
            ))}
          </ItemList>
        </section>
      )}
      {deliveries !== undefined && (
        <PageButtons list={list} pageInfo={deliveries.pageInfo} {...buttonProps} />
      )}
    </Stack>
  )
}
