import type { WebhookDeliveryStatus } from '../gql/graphql'
import classes from './WebhookBadges.module.css'
import { deliveryStatusNames } from './webhook-words'

interface Props {
  webhook: { readonly enabled: boolean; readonly failingSince?: string | null }
}

/** Whether a webhook is told anything, and whether that comes through. */
export const WebhookStateBadge = ({ webhook: { enabled, failingSince } }: Props) => {
  const [state, word] = !enabled
    ? ['off', 'Disabled']
    : failingSince == null
      ? ['good', 'Enabled']
      : ['bad', 'Failing']
  return (
    <span className={classes.badge} data-state={state}>
      {word}
    </span>
  )
}

const states: Record<WebhookDeliveryStatus, string> = {
  PENDING: 'waiting',
  DELIVERED: 'good',
  FAILED: 'bad',
}

/** How far a delivery is; the word tells it, the colour only helps. */
export const DeliveryStatusBadge = ({ status }: { status: WebhookDeliveryStatus }) => (
  <span className={classes.badge} data-state={states[status]}>
    {deliveryStatusNames[status]}
  </span>
)
