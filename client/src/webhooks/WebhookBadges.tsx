import type { ComponentProps } from 'react'
import type { WebhookDeliveryStatus } from '../gql/graphql'
import { StateBadge } from '../ui/StateBadge'
import { deliveryStatusNames } from './webhook-words'

interface Props {
  webhook: { readonly enabled: boolean; readonly failingSince?: string | null }
}

/** The state of a webhook: enabled, disabled or failing. */
export const WebhookStateBadge = ({ webhook: { enabled, failingSince } }: Props) => {
  if (!enabled) return <StateBadge state="off">Disabled</StateBadge>
  return failingSince == null ? (
    <StateBadge state="good">Enabled</StateBadge>
  ) : (
    <StateBadge state="bad">Failing</StateBadge>
  )
}

const states: Record<WebhookDeliveryStatus, ComponentProps<typeof StateBadge>['state']> = {
  PENDING: 'waiting',
  DELIVERED: 'good',
  FAILED: 'bad',
}

/** The status of a delivery. */
export const DeliveryStatusBadge = ({ status }: { status: WebhookDeliveryStatus }) => (
  <StateBadge state={states[status]}>{deliveryStatusNames[status]}</StateBadge>
)
