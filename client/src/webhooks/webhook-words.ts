import type { WebhookDeliveryStatus, WebhookDisabledReason, WebhookFailure } from '../gql/graphql'
import { hostOf } from '../ui/formats'

/** How far a delivery is, in words. */
export const deliveryStatusNames: Record<WebhookDeliveryStatus, string> = {
  PENDING: 'Pending',
  DELIVERED: 'Delivered',
  FAILED: 'Failed',
}

/** Why a webhook is disabled, in words. */
export const disabledReasons: Record<WebhookDisabledReason, string> = {
  BY_USER: 'Someone disabled it. Nothing is sent to it until it is enabled.',
  GONE: 'The receiver answered 410 Gone: it wants to hear no more. Nothing is sent to it until it is enabled.',
  FAILING:
    'For three days no attempt has come through. Nothing is sent to it until it is enabled; what is still to be delivered goes out then.',
}

const failures: Record<WebhookFailure, string> = {
  ADDRESS_REFUSED: 'Not called: the address is not of the public internet',
  HOST_NOT_FOUND: 'The name of the host was not found',
  CONNECTION_FAILED: 'The connection failed',
  CERTIFICATE_REFUSED: 'The certificate is not to be trusted',
  TIMED_OUT: 'No answer in time',
  SECRET_UNREADABLE: 'Not called: the secret can’t be read. Rotate it',
}

/** What came of an attempt, in words. */
export const attemptInWords = (attempt: {
  readonly status?: number | null
  readonly failure?: WebhookFailure | null
}): string =>
  attempt.failure == null ? `Answered ${attempt.status ?? 'nothing'}` : failures[attempt.failure]

/** What a webhook is called where there is little room: what it is for, else its host. */
export const nameOf = (webhook: { readonly url: string; readonly description: string }): string =>
  webhook.description === '' ? hostOf(webhook.url) : webhook.description
