import type { WebhookDeliveryStatus, WebhookDisabledReason, WebhookFailure } from '../gql/graphql'
import { hostOf } from '../ui/formats'

/** The names of the delivery statuses. */
export const deliveryStatusNames: Record<WebhookDeliveryStatus, string> = {
  PENDING: 'Pending',
  DELIVERED: 'Delivered',
  FAILED: 'Failed',
}

/** Why a webhook is disabled, as text. */
export const disabledReasons: Record<WebhookDisabledReason, string> = {
  BY_USER: 'A user disabled this webhook. Rekey sends nothing to it until you enable it.',
  GONE: 'The receiver answered 410 Gone, which means that it no longer accepts events. Rekey sends nothing to it until you enable it.',
  FAILING:
    'Every attempt has failed for three days. Rekey sends nothing to this webhook until you enable it. It then sends the pending events.',
}

const failures: Record<WebhookFailure, string> = {
  ADDRESS_REFUSED: 'Not sent: the host has no public internet address',
  HOST_NOT_FOUND: 'The host name was not found',
  CONNECTION_FAILED: 'The connection failed',
  CERTIFICATE_REFUSED: 'The certificate is not trusted',
  TIMED_OUT: 'The receiver did not answer in time',
  SECRET_UNREADABLE: 'Not sent: the secret cannot be read. Rotate it.',
}

/** The outcome of an attempt, as text. */
export const attemptInWords = (attempt: {
  readonly status?: number | null
  readonly failure?: WebhookFailure | null
}): string =>
  attempt.failure == null ? `Answered ${attempt.status ?? 'nothing'}` : failures[attempt.failure]

/** The short name of a webhook: its description, or its host. */
export const nameOf = (webhook: { readonly url: string; readonly description: string }): string =>
  webhook.description === '' ? hostOf(webhook.url) : webhook.description
