import type { ComponentProps } from 'react'
import type { WebhookDeliveryStatus } from '../gql/graphql'
import { useLocale } from '../messages/use-locale'
import { StateBadge } from '../ui/StateBadge'
import { deliveryStatusMessages } from './webhook-words'

interface Props {
  webhook: { readonly enabled: boolean; readonly failingSince?: string | null }
}

/** The state of a webhook: enabled, disabled or failing. */
export const WebhookStateBadge = ({ webhook: { enabled, failingSince } }: Props) => {
  const { t } = useLocale()
  if (!enabled) return <StateBadge state="off">{t('webhooks.state.disabled')}</StateBadge>
  return failingSince == null ? (
    <StateBadge state="good">{t('webhooks.state.enabled')}</StateBadge>
  ) : (
    <StateBadge state="bad">{t('webhooks.state.failing')}</StateBadge>
  )
}

const states: Record<WebhookDeliveryStatus, ComponentProps<typeof StateBadge>['state']> = {
  PENDING: 'waiting',
  DELIVERED: 'good',
  FAILED: 'bad',
}

/** The status of a delivery. */
export const DeliveryStatusBadge = ({ status }: { status: WebhookDeliveryStatus }) => {
  const { t } = useLocale()
  return <StateBadge state={states[status]}>{t(deliveryStatusMessages[status])}</StateBadge>
}
