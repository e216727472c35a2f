import { unwrapResolverError } from '@apollo/server/errors'
import type { GraphQLFormattedError } from 'graphql'
import { isUnstorableText } from '../database/postgres.js'
import type { ApiErrorCode } from './api-error.js'

// Codes of Apollo Server and graphql-js for requests that don't fit the schema.
const requestFaults = new Set<unknown>([
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
])

const ownCodes = new Set<unknown>([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'REAUTHENTICATION_REQUIRED',
  'SESSION_REQUIRED',
  'RATE_LIMITED',
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
    .replace(/(cannot represent (?:a |an )?[\w\s-]*value)[:,]? .*$/s, '$1.')
    .replace(/, found .*$/s, '.')
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
  if (requestFaults.has(code)) {
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
