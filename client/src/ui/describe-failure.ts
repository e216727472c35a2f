import { ServerError, ServerParseError } from '@apollo/client/errors'
import type { GraphQLFormattedError } from 'graphql'
import type { PlainMessageId, Translate } from '../messages/locale'
import { isOffline, Unreachable } from './connection'
import { OutcomeUnknown } from './outcome-unknown'
import { retryAfterOf } from './retry-after'

/** The errors of an answer, thrown by the client or by a plain request; null if there are none. */
const errorsOf = (failure: unknown): readonly GraphQLFormattedError[] | null =>
  failure instanceof Error && 'errors' in failure && Array.isArray(failure.errors)
    ? failure.errors
    : null

/** Describes a failure without an answer of the API: that of a proxy, or none at all. */
const describeUnanswered = (t: Translate, failure: unknown): string => {
  if (failure instanceof Unreachable) {
    return t(isOffline() ? 'failure.offline' : 'failure.unreachable')
  }
  if (!ServerError.is(failure) && !ServerParseError.is(failure)) return t('failure.unknown')
  const { statusCode: status, response } = failure
  const seconds = retryAfterOf(response.headers.get('retry-after'))
  if (status === 429) {
    return seconds === undefined
      ? t('failure.tooManyRequests')
      : t('failure.rateLimited', { seconds })
  }
  if (status === 503 && seconds !== undefined) return t('failure.busy', { seconds })
  if (status < 500) return t('failure.notFromRekey')
  const requestId = response.headers.get('x-request-id')
  return requestId
    ? t('failure.unexpected', { requestId })
    : t('failure.gateway', { status: String(status) })
}

// Messages of the other codes are for developers, and in English.
const failureMessages = new Map<string, PlainMessageId>([
  ['FORBIDDEN', 'failure.forbidden'],
  ['SERVICE_UNAVAILABLE', 'failure.unavailable'],
  ['UNAUTHENTICATED', 'failure.signedOut'],
])

/**
 * Describes a failed request in a sentence.
 *
 * @param whenUnknown the sentence if the request may have been carried out.
 */
export const describeFailure = (t: Translate, failure: unknown, whenUnknown?: string): string => {
  if (failure instanceof OutcomeUnknown) return whenUnknown ?? t('failure.answerLost')
  const errors = errorsOf(failure)
  if (errors === null) return describeUnanswered(t, failure)
  const [error] = errors
  const { code, requestId, retryAfterSeconds } = error?.extensions ?? {}
  if (code === 'INTERNAL_SERVER_ERROR' && typeof requestId === 'string') {
    return t('failure.unexpected', { requestId })
  }
  if (code === 'IDEMPOTENCY_ANSWER_NOT_KEPT') return t('failure.answerNotKept')
  // A user who cancelled the confirmation sees this where they started.
  if (code === 'REAUTHENTICATION_REQUIRED') return t('failure.notConfirmed')
  if (code === 'RATE_LIMITED' && typeof retryAfterSeconds === 'number') {
    return t('failure.rateLimited', { seconds: retryAfterSeconds })
  }
  const message = typeof code === 'string' ? failureMessages.get(code) : undefined
  return message === undefined ? (error?.message ?? t('failure.unknown')) : t(message)
}

/** Whether a mutation was done but its answer is not available. */
export const isDoneUnanswered = (failure: unknown): boolean =>
  errorsOf(failure)?.some(error => error.extensions?.code === 'IDEMPOTENCY_ANSWER_NOT_KEPT') ??
  false

/** Whether the API rejected the request because a permission is missing. */
export const isForbidden = (failure: unknown): boolean =>
  errorsOf(failure)?.some(error => error.extensions?.code === 'FORBIDDEN') ?? false
