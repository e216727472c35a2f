import type {
  WebhookDeliveryStatus,
  WebhookDisabledReason,
  WebhookEventGroup,
  WebhookFailure,
} from '../gql/graphql'
import type { PlainMessageId, Translate } from '../messages/locale'
import { hostOf } from '../ui/formats'

/** The names of the delivery statuses. */
export const deliveryStatusMessages: Record<WebhookDeliveryStatus, PlainMessageId> = {
  PENDING: 'webhooks.status.PENDING',
  DELIVERED: 'webhooks.status.DELIVERED',
  FAILED: 'webhooks.status.FAILED',
}

/** The headings of the groups of events. */
export const groupMessages: Record<WebhookEventGroup, PlainMessageId> = {
  USERS: 'webhooks.group.USERS',
  PASSWORDS: 'webhooks.group.PASSWORDS',
  SESSIONS: 'webhooks.group.SESSIONS',
  SECOND_FACTORS: 'webhooks.group.SECOND_FACTORS',
  API_TOKENS: 'webhooks.group.API_TOKENS',
}

/** Why a webhook is disabled. */
export const disabledReasonMessages: Record<WebhookDisabledReason, PlainMessageId> = {
  BY_USER: 'webhooks.disabled.BY_USER',
  GONE: 'webhooks.disabled.GONE',
  FAILING: 'webhooks.disabled.FAILING',
}

const failureMessages: Record<WebhookFailure, PlainMessageId> = {
  ADDRESS_REFUSED: 'webhooks.failure.ADDRESS_REFUSED',
  HOST_NOT_FOUND: 'webhooks.failure.HOST_NOT_FOUND',
  CONNECTION_FAILED: 'webhooks.failure.CONNECTION_FAILED',
  CERTIFICATE_REFUSED: 'webhooks.failure.CERTIFICATE_REFUSED',
  TIMED_OUT: 'webhooks.failure.TIMED_OUT',
  SECRET_UNREADABLE: 'webhooks.failure.SECRET_UNREADABLE',
}

/** The outcome of an attempt, as text. */
export const attemptInWords = (
  t: Translate,
  {
    status,
    failure,
  }: { readonly status?: number | null; readonly failure?: WebhookFailure | null },
): string => {
  if (failure != null) return t(failureMessages[failure])
  return status == null
    ? t('webhooks.attempt.answeredNothing')
    : t('webhooks.attempt.answered', { status: String(status) })
}

/** The short name of a webhook: its description, or its host. */
export const nameOf = (webhook: { readonly url: string; readonly description: string }): string =>
  webhook.description === '' ? hostOf(webhook.url) : webhook.description
