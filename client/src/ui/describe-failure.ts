import type { GraphQLFormattedError } from 'graphql'
import { OutcomeUnknown } from './outcome-unknown'

/** The errors of an answer, thrown by the client or by a plain request; null if there are none. */
const errorsOf = (failure: unknown): readonly GraphQLFormattedError[] | null =>
  failure instanceof Error && 'errors' in failure && Array.isArray(failure.errors)
    ? failure.errors
    : null

// Rekey has its own answer for this; a proxy in front sends only the status.
const isTooMany = (failure: unknown): boolean =>
  failure instanceof Error && 'statusCode' in failure && failure.statusCode === 429

/** Advice for a mutation whose outcome is unknown. */
const lostAnswer =
  'The answer was lost, so it is not known whether this was done. Reload the page and check before you try again.'

/**
 * Describes a failed request in a sentence.
 *
 * @param whenUnknown the sentence if the request may have been carried out.
 */
export const describeFailure = (failure: unknown, whenUnknown = lostAnswer): string => {
  if (failure instanceof OutcomeUnknown) return whenUnknown
  const errors = errorsOf(failure)
  if (errors === null) {
    return isTooMany(failure)
      ? 'Too many requests. Wait a little, then try again.'
      : 'Rekey can’t be reached. Check your connection and try again.'
  }
  const [error] = errors
  const { code, requestId } = error?.extensions ?? {}
  if (code === 'INTERNAL_SERVER_ERROR' && typeof requestId === 'string') {
    return `Something went wrong. Request id: ${requestId}`
  }
  if (code === 'IDEMPOTENCY_ANSWER_NOT_KEPT') {
    return 'This was done, but its answer was lost. Reload the page to see the result.'
  }
  // A user who cancelled the confirmation sees this where they started.
  if (code === 'REAUTHENTICATION_REQUIRED') {
    return 'Nothing was changed: it was not confirmed that it is you.'
  }
  return error?.message ?? 'Something went wrong.'
}

/** Whether a mutation was done but its answer is not available. */
export const isDoneUnanswered = (failure: unknown): boolean =>
  errorsOf(failure)?.some(error => error.extensions?.code === 'IDEMPOTENCY_ANSWER_NOT_KEPT') ??
  false

/** Whether the API rejected the request because a permission is missing. */
export const isForbidden = (failure: unknown): boolean =>
  errorsOf(failure)?.some(error => error.extensions?.code === 'FORBIDDEN') ?? false
