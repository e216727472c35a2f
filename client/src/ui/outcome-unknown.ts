import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors'

/** The answer to a mutation was lost: nobody here knows whether it was done. */
export class OutcomeUnknown extends Error {
  constructor(cause: unknown) {
    super('The answer to a mutation was lost.', { cause })
  }
}

const unknownCodes = new Set<unknown>(['OUTCOME_UNKNOWN', 'IDEMPOTENCY_KEY_IN_USE'])

/** The codes of an answer that is an error. */
export const codesOf = (failure: unknown): unknown[] =>
  CombinedGraphQLErrors.is(failure) ? failure.errors.map(({ extensions }) => extensions?.code) : []

/**
 * Whether a mutation that failed like this may have been done all the same. If the server gave a
 * reason, it was not. If no answer came, or one of a proxy, it may be.
 */
export const mayBeDone = (failure: unknown): boolean => {
  if (CombinedGraphQLErrors.is(failure)) {
    return codesOf(failure).some(code => unknownCodes.has(code))
  }
  return !(ServerError.is(failure) && failure.statusCode < 500)
}
