import { unwrapResolverError } from '@apollo/server/errors'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { isUnstorableText } from '../database/postgres.js'
import type { ApiErrorCode } from './api-error.js'
import { LimitExceeded } from './limits.js'

// Codes of Apollo Server and graphql-js for requests that don't fit the schema.
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
  'IDEMPOTENCY_KEY_INVALID',
  'IDEMPOTENCY_KEY_REUSED',
  'IDEMPOTENCY_KEY_IN_USE',
] satisfies ApiErrorCode[])

/**
 * The message of a request fault without any value that was sent. graphql-js quotes
 * values, and a value may be a password; names of types and fields are the schema's
 * own, and say enough to mend the request.
 */
export const withoutValues = (message: string): string => {
  const variable = /^Variable "(\$\w+)" got invalid value /.exec(message)
  if (variable !== null) {
    const missing = /Field "(\w+)" of required type "([\w![\]]+)" was not provided\.$/.exec(message)
    const unknown = /Field "(\w+)" is not defined by type "(\w+)"\./.exec(message)
    const place = ` at "([\\w.]+)"; `
    const at = new RegExp(`${place}(?=[^"]*(?:Field|cannot represent|Expected|Value))`).exec(
      message,
    )
    const where = at === null ? '' : ` at "${at[1]}"`
    if (missing !== null) {
      return `Variable "${variable[1]}"${where}: field "${missing[1]}" of required type "${missing[2]}" was not provided.`
    }
    if (unknown !== null) {
      return `Variable "${variable[1]}"${where}: field "${unknown[1]}" is not defined by type "${unknown[2]}".`
    }
    return `Variable "${variable[1]}"${where} does not fit its type.`
  }
  if (message.startsWith('Syntax Error')) {
    return message.replace(/(?:,? found)?\s*(?:\w+ )?".*$/s, '.').replace(/\.+$/, '.')
  }
  return message
    .replace(/(cannot represent (?:a |an )?[\w\s-]*(?:value|date-time-string))[:,]? .*$/s, '$1.')
    .replace(/, found .*$/s, '.')
}

/** Whether graphql-js gave up on variables with too many faults: it gives that one no code. */
export const isTooManyFaults = (thrown: unknown): boolean =>
  thrown instanceof GraphQLError &&
  thrown.originalError === undefined &&
  thrown.message.startsWith('Too many errors processing variables')

/** Whether Apollo Server itself refused the request, such as a document that is not its hash's. */
const isRefused = (thrown: unknown): boolean => {
  const http = thrown instanceof GraphQLError ? thrown.extensions.http : undefined
  return (
    thrown instanceof GraphQLError &&
    thrown.originalError === undefined &&
    typeof http === 'object' &&
    http !== null &&
    'status' in http &&
    http.status === 400
  )
}

/**
 * The error as the client is told. A fault nobody foresaw is reported, and the
 * client gets the request's id to ask about it by, and nothing else.
 */
export const shapeError = (
  formatted: GraphQLFormattedError,
  thrown: unknown,
  requestId: string,
  report: (fault: unknown) => void,
): GraphQLFormattedError => {
  const code = formatted.extensions?.code
  const place = {
    ...(formatted.locations ? { locations: formatted.locations } : {}),
    ...(formatted.path ? { path: formatted.path } : {}),
  }
  if (ownCodes.has(code)) {
    const { retryAfterSeconds, reason } = formatted.extensions ?? {}
    const retry = retryAfterSeconds === undefined ? {} : { retryAfterSeconds }
    const why = reason === undefined ? {} : { reason }
    return { message: formatted.message, ...place, extensions: { code, ...retry, ...why } }
  }
  // Client libraries go by this one: they send the whole document then.
  if (code === 'PERSISTED_QUERY_NOT_FOUND') {
    return { message: formatted.message, extensions: { code } }
  }
  if (thrown instanceof LimitExceeded) {
    const { message, code, exceeded } = thrown
    return { message, extensions: { code, exceeded } }
  }
  if (requestFaults.has(code) || isRefused(thrown) || isTooManyFaults(thrown)) {
    const message = withoutValues(formatted.message)
    return { message, ...place, extensions: { code: 'BAD_USER_INPUT' } }
  }
  const fault = unwrapResolverError(thrown)
  if (isUnstorableText(fault)) {
    const message = 'Text can’t hold the character U+0000.'
    return { message, ...place, extensions: { code: 'BAD_USER_INPUT' } }
  }
  report(fault)
  return {
    message: 'Something went wrong.',
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
  }
}
