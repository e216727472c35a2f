import { Button, Card, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { graphql } from '../gql'
import type { WebhookDeliveriesQuery, WebhookDeliveryStatus } from '../gql/graphql'
import { useLocale } from '../messages/use-locale'
import { FilterSelect } from '../ui/FilterSelect'
import { ItemList } from '../ui/ItemList'
import { LoadFailure } from '../ui/LoadFailure'
import { PageButtons } from '../ui/PageButtons'
import table from '../ui/table.module.css'
import { usePagedQuery } from '../ui/use-paged-query'
import { TimeAgo } from '../users/TimeAgo'
import { DeliveryStatusBadge } from './WebhookBadges'
import { attemptInWords, deliveryStatusNames } from './webhook-words'

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

const lastOf = ({ attempts: [last] }: Delivery): string =>
  last === undefined ? 'Not sent yet' : attemptInWords(last)

const NextAttempt = ({ delivery }: { delivery: Delivery }) =>
  delivery.status === 'PENDING' &&
  delivery.attempts.length > 0 && (
    <Text size="xs" c="dimmed">
      Next <TimeAgo at={delivery.nextAttemptAt} never="when the webhook is enabled" />
    </Text>
  )

interface RowProps {
  delivery: Delivery
  onOpen: () => void
}

const OpenButton = ({ delivery, onOpen }: RowProps) => (
  <Button
    size="xs"
    variant="default"
    flex="none"
    onClick={onOpen}
    aria-haspopup="dialog"
    aria-label={`Details of ${delivery.type}`}
  >
    Details
  </Button>
)

const DeliveryRow = ({ delivery, onOpen }: RowProps) => (
  <tr>
    <td>
      <TimeAgo at={delivery.createdAt} />
    </td>
    <td>{delivery.type}</td>
    <td>
      <DeliveryStatusBadge status={delivery.status} />
    </td>
    <td>
      {lastOf(delivery)}
      <NextAttempt delivery={delivery} />
    </td>
    <td data-end>
      <OpenButton delivery={delivery} onOpen={onOpen} />
    </td>
  </tr>
)

const DeliveryCard = ({ delivery, onOpen }: RowProps) => (
  <Card component="li" withBorder padding="sm">
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <Text fw={600} size="sm">
        {delivery.type}
      </Text>
      <DeliveryStatusBadge status={delivery.status} />
    </Group>
    <Group justify="space-between" wrap="nowrap" align="flex-end" mt={4}>
      <div>
        <Text size="sm">{lastOf(delivery)}</Text>
        <NextAttempt delivery={delivery} />
        <Text size="xs" c="dimmed">
          <TimeAgo at={delivery.createdAt} />
        </Text>
      </div>
      <OpenButton delivery={delivery} onOpen={onOpen} />
    </Group>
  </Card>
)

const lookEveryMs = 2_000

interface Props {
  webhookId: string
  onOpen: (deliveryId: string) => void
}

/** The deliveries of a webhook, newest first. It polls while a delivery is pending. */
export const DeliveriesTable = ({ webhookId, onOpen }: Props) => {
  const { t } = useLocale()
  const [status, setStatus] = useState<WebhookDeliveryStatus | null>(null)
  const { data, error, refetch, startPolling, stopPolling, ways, toFirst } = usePagedQuery(
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
          label="Status"
          any={t('webhooks.deliveries.anyStatus')}
          names={deliveryStatusNames}
          value={status}
          onChange={chosen => {
            toFirst()
            setStatus(chosen)
          }}
        />
        <Text c="dimmed" size="sm" role="status">
          {deliveries === undefined
            ? ''
            : `${deliveries.totalCount} ${deliveries.totalCount === 1 ? 'delivery' : 'deliveries'} in 30 days`}
        </Text>
      </Group>
      {deliveries === undefined ? (
        <Skeleton height={200} aria-label="Loading the deliveries" />
      ) : deliveries.nodes.length === 0 ? (
        <Card withBorder padding="xl" ta="center">
          <Text fw={600}>{status === null ? 'Nothing was sent yet' : 'No deliveries match'}</Text>
          <Text c="dimmed" size="sm" mt={4}>
            {status === null ? 'Send a test to see a delivery.' : 'Choose another status.'}
          </Text>
        </Card>
      ) : (
        <section ref={list} aria-label="Deliveries">
          <Card withBorder padding={0} visibleFrom="md">
            <table className={table.table}>
              <thead>
                <tr>
                  <th>When</th>
                  <th>Event</th>
                  <th>Status</th>
                  <th>Last attempt</th>
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
          <ItemList label="Deliveries" hiddenFrom="md">
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
        <PageButtons list={list} pageInfo={deliveries.pageInfo} {...ways} />
      )}
    </Stack>
  )
}
