import { CombinedGraphQLErrors } from '@apollo/client/errors'

/** What to tell of a request that failed, in a sentence. */
export const describeFailure = (failure: unknown): string => {
  if (!CombinedGraphQLErrors.is(failure)) {
    return 'Rekey can’t be reached. Check your connection and try again.'
  }
  const [error] = failure.errors
  const requestId = error?.extensions?.requestId
  if (typeof requestId === 'string') return `Something went wrong. Request id: ${requestId}`
  return error?.message ?? 'Something went wrong.'
}

/** Whether the API refused for want of a right. */
export const isForbidden = (failure: unknown): boolean =>
  CombinedGraphQLErrors.is(failure) &&
  failure.errors.some(error => error.extensions?.code === 'FORBIDDEN')
