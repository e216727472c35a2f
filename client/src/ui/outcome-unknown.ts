import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors'
import { Unreachable } from './connection'

/** The answer to a mutation was lost, so the client does not know whether it was done. */
export class OutcomeUnknown extends Error {
  constructor(cause: unknown) {
    super('The answer to a mutation was lost.', { cause })
  }
}

const unknownCodes = new Set<unknown>(['OUTCOME_UNKNOWN', 'IDEMPOTENCY_KEY_IN_USE'])

/** The error codes of an answer. */
export const codesOf = (failure: unknown): unknown[] =>
  CombinedGraphQLErrors.is(failure) ? failure.errors.map(({ extensions }) => extensions?.code) : []

/**
 * Whether a mutation that failed with this error may have been done. If the server gave a reason,
 * it was not done, nor if the browser was offline. If there was no answer, or the answer of a proxy,
 * it may have been done.
 */
export const mayBeDone = (failure: unknown): boolean => {
  if (CombinedGraphQLErrors.is(failure)) {
    return codesOf(failure).some(code => unknownCodes.has(code))
  }
  if (failure instanceof Unreachable && failure.unsent) return false
  return !(ServerError.is(failure) && failure.statusCode < 500)
}
