import type { GraphQLFormattedError } from 'graphql'
import { OutcomeUnknown } from './outcome-unknown'

/** The errors of an answer, as both the client and a plain request throw them; or null. */
const errorsOf = (failure: unknown): readonly GraphQLFormattedError[] | null =>
  failure instanceof Error && 'errors' in failure && Array.isArray(failure.errors)
    ? failure.errors
    : null

// Rekey says so in an answer of its own; a proxy in front has none but the status.
const isTooMany = (failure: unknown): boolean =>
  failure instanceof Error && 'statusCode' in failure && failure.statusCode === 429

/** What to do about a mutation of which nobody knows whether it was done. */
const lostAnswer =
  'The answer was lost, so it is not known whether this was done. Reload the page and check before you try again.'

/**
 * What to tell of a request that failed, in a sentence.
 *
 * @param whenUnknown what to tell if it may have been done all the same.
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
  // Whoever did not want to confirm it reads this, where they began.
  if (code === 'REAUTHENTICATION_REQUIRED') {
    return 'Nothing was changed: it was not confirmed that it is you.'
  }
  return error?.message ?? 'Something went wrong.'
}

/** Whether a mutation was done although there is no answer to show for it. */
export const isDoneUnanswered = (failure: unknown): boolean =>
  errorsOf(failure)?.some(error => error.extensions?.code === 'IDEMPOTENCY_ANSWER_NOT_KEPT') ??
  false

/** Whether the API refused for want of a right. */
export const isForbidden = (failure: unknown): boolean =>
  errorsOf(failure)?.some(error => error.extensions?.code === 'FORBIDDEN') ?? false
