import { unwrapResolverError } from '@apollo/server/errors'
import { GraphQLError, type GraphQLFormattedError, isValueNode } from 'graphql'
import { CommitOutcomeUnknown } from '../database/commit-outcome-unknown.js'
import { isUnstorableText } from '../database/postgres.js'
import { DatabaseUnavailable } from '../database/unavailable.js'
import { type ApiErrorCode, serviceUnavailable } from './api-error.js'
import { LimitExceeded, TextTooLong } from './limits.js'

// Codes of Apollo Server and graphql-js for requests that do not fit the schema.
const requestFaults = new Set<unknown>([
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
])

const ownCodes = new Set<unknown>([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'REAUTHENTICATION_REQUIRED',
  'SESSION_REQUIRED',
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'IDEMPOTENCY_KEY_INVALID',
  'IDEMPOTENCY_KEY_REUSED',
  'IDEMPOTENCY_KEY_IN_USE',
  'IDEMPOTENCY_ANSWER_NOT_KEPT',
  'IDEMPOTENCY_KEYS_EXHAUSTED',
] satisfies ApiErrorCode[])

const outcomeUnknown =
  'The outcome is unknown. Check whether this was done before you send it again.'

const introspectionDisabled =
  'Introspection is switched off. With the permission api.explore, get the schema from /schema.graphql.'

const maxMessageLength = 500

/** Cuts a message, which may quote a large request. Never splits a surrogate pair. */
const cut = (message: string): string =>
  [...message.slice(0, 2 * maxMessageLength)].slice(0, maxMessageLength).join('')

/** How to shape errors, and where to report unexpected ones. */
interface Shaping {
  /** Apollo Server hides suggestions in validation errors, but not in errors of variables. */
  readonly hideSuggestions: boolean
  readonly requestId: string
  readonly report: (fault: unknown) => void
}

/** Whether graphql-js or Apollo Server rejected the request without giving the error a code. */
const isRequestError = (thrown: unknown): boolean => {
  if (!(thrown instanceof GraphQLError)) return false
  // An argument that does not fit, such as null in a variable. Fields wrap it once.
  const inner = thrown.originalError ?? thrown
  if (!(inner instanceof GraphQLError) || inner.originalError !== undefined) return false
  const [node] = inner.nodes ?? []
  if (node !== undefined) return isValueNode(node)
  const http = inner.extensions.http as { status?: number } | undefined
  return http?.status === 400 || inner.message.startsWith('Too many errors processing variables')
}

/**
 * The `DatabaseUnavailable` that caused an error, or null. Apollo Server wraps errors of resolvers
 * and errors of its plugins differently.
 */
export const unavailableIn = (thrown: unknown): DatabaseUnavailable | null => {
  if (thrown instanceof DatabaseUnavailable) return thrown
  // Outside a resolver nothing was done for the caller yet, so it is safe to retry.
  if (thrown instanceof CommitOutcomeUnknown) return new DatabaseUnavailable(thrown.cause)
  if (unwrapResolverError(thrown) instanceof CommitOutcomeUnknown) {
    if ((thrown as GraphQLError).path !== undefined) return null
  }
  return thrown instanceof GraphQLError && thrown.originalError !== undefined
    ? unavailableIn(thrown.originalError)
    : null
}

const shape = (
  formatted: GraphQLFormattedError,
  thrown: unknown,
  { hideSuggestions, report }: Shaping,
): GraphQLFormattedError => {
  const code = formatted.extensions?.code
  const place = {
    ...(formatted.locations ? { locations: formatted.locations } : {}),
    ...(formatted.path ? { path: formatted.path } : {}),
  }
  if (ownCodes.has(code)) {
    const { retryAfterSeconds, reason, permission } = formatted.extensions ?? {}
    const extensions = {
      code,
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      ...(reason === undefined ? {} : { reason }),
      ...(permission === undefined ? {} : { permission }),
    }
    return { message: formatted.message, ...place, extensions }
  }
  // Client libraries rely on this code: they then send the whole document.
  if (code === 'PERSISTED_QUERY_NOT_FOUND') {
    return { message: formatted.message, extensions: { code } }
  }
  if (thrown instanceof LimitExceeded) {
    const { message, code, exceeded } = thrown
    return { message, extensions: { code, exceeded } }
  }
  if (thrown instanceof TextTooLong) {
    const { message, code, tooLong } = thrown
    return { message, extensions: { code, tooLong } }
  }
  if (formatted.extensions?.validationErrorCode === 'INTROSPECTION_DISABLED') {
    return { message: introspectionDisabled, ...place, extensions: { code: 'BAD_USER_INPUT' } }
  }
  if (requestFaults.has(code) || isRequestError(thrown)) {
    const [message = ''] = hideSuggestions
      ? formatted.message.split(' Did you mean ', 1)
      : [formatted.message]
    return { message: cut(message), ...place, extensions: { code: 'BAD_USER_INPUT' } }
  }
  const unavailable = unavailableIn(thrown)
  if (unavailable !== null) {
    // The readiness check logs this once, instead of once for each request.
    const { message, extensions } = serviceUnavailable(unavailable)
    const { http: _http, ...rest } = extensions
    return { message, ...place, extensions: rest }
  }
  const fault = unwrapResolverError(thrown)
  if (isUnstorableText(fault)) {
    const message = 'Text cannot contain the character U+0000.'
    return { message, ...place, extensions: { code: 'BAD_USER_INPUT' } }
  }
  report(fault)
  // Only resolvers of mutations write for the caller. Before a resolver runs, nothing was done.
  if (fault instanceof CommitOutcomeUnknown && formatted.path !== undefined) {
    return { message: outcomeUnknown, ...place, extensions: { code: 'OUTCOME_UNKNOWN' } }
  }
  return {
    message: 'Something went wrong.',
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  }
}

/**
 * Creates the error that the client gets, with the id of its request. If the request is invalid,
 * the message is that of graphql-js. It may quote a password, so it is never logged or traced. An
 * answer stored for an Idempotency-Key contains it only in encrypted form. An unexpected error is
 * reported to the log, and the client learns nothing else about it.
 */
export const shapeError = (
  formatted: GraphQLFormattedError,
  thrown: unknown,
  shaping: Shaping,
): GraphQLFormattedError => {
  const shaped = shape(formatted, thrown, shaping)
  return { ...shaped, extensions: { ...shaped.extensions, requestId: shaping.requestId } }
}
