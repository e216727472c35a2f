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

// How graphql-js begins to say what a value should have been, before anything of the value.
const typeNames = [
  /^Expected (?:non-nullable )?type "([\w![\]]+)"/,
  /^Enum "(\w+)" cannot /,
  // What stands there by itself is not the schema's: the end is.
  / does not exist in "(\w+)" enum\.(?: Did you mean [^.]*)?$/,
  /^(\w+) cannot /,
]

/** The type that a value should have been of, in words; empty where it is not known. */
const typeIn = (cause: string): string => {
  const name = typeNames.map(pattern => pattern.exec(cause)?.[1]).find(found => found !== undefined)
  // The scalar calls itself by another name than the schema does.
  if (name === 'DateTime') return ' DateTimeISO, such as 2027-01-01T00:00:00Z'
  return name === undefined ? '' : ` ${name}`
}

/**
 * The message of a request fault without any value that was sent. graphql-js quotes
 * values, and a value may be a password; names of types and fields are the schema's
 * own, and say enough to mend the request.
 *
 * @param cause what graphql-js says of the value alone, where it is one of a variable.
 */
export const withoutValues = (message: string, cause = ''): string => {
  const variable = /^Variable "(\$\w+)" got invalid value /.exec(message)
  if (variable !== null) {
    const before = message.endsWith(`; ${cause}`) ? message.slice(0, -cause.length - 2) : ''
    const at = / at "([\w.[\]]+)"$/.exec(before)
    const where = at === null ? '' : ` at "${at[1]}"`
    const missing = /^Field "(\w+)" of required type "([\w![\]]+)" was not provided\.$/.exec(cause)
    const unknown = /^Field "(\w+)" is not defined by type "(\w+)"\./.exec(cause)
    if (missing !== null) {
      return `Variable "${variable[1]}"${where}: field "${missing[1]}" of required type "${missing[2]}" was not provided.`
    }
    if (unknown !== null) {
      return `Variable "${variable[1]}"${where}: field "${unknown[1]}" is not defined by type "${unknown[2]}".`
    }
    return `Variable "${variable[1]}"${where} does not fit its type${typeIn(cause)}.`
  }
  if (message.startsWith('Syntax Error')) {
    return message.replace(/(?:,? found)?\s*(?:\w+ )?".*$/s, '.').replace(/\.+$/, '.')
  }
  const argument = /^Argument "(\w+)" /.exec(message)
  if (argument !== null) return `Argument "${argument[1]}" does not fit its type.`
  return message
    .replace(/(cannot represent (?:a |an )?[\w\s-]*(?:value|date-time-string))[:,]? .*$/s, '$1.')
    .replace(/(cannot represent non string or Date type) .*$/s, '$1.')
    .replace(/, found .*$/s, '.')
}

// What Apollo Server says of requests before it looks at their documents, by how that
// begins, and what is said here instead.
const ownWords: readonly (readonly [string, string])[] = [
  ['POST body missing', 'The body takes a JSON object with a query.'],
  ['Operation batching disabled', 'A request takes one operation, not a list of them.'],
  ['GraphQL operations must contain', 'There is no query in this request.'],
  ['GraphQL queries must be strings', 'query takes text.'],
  ['`variables` in a POST body', 'variables takes a JSON object.'],
  ['`extensions` in a POST body', 'extensions takes a JSON object.'],
  ['`operationName` in a POST body', 'operationName takes text.'],
  ['The variables search parameter ', 'variables takes a JSON object.'],
  ['The extensions search parameter ', 'extensions takes a JSON object.'],
  ["The 'query' search parameter", 'query can be given once.'],
  ["The 'operationName' search parameter", 'operationName can be given once.'],
  ["The 'variables' search parameter", 'variables can be given once.'],
  ["The 'extensions' search parameter", 'extensions can be given once.'],
  ['GET requests only support query operations', 'GET takes queries. Send a mutation by POST.'],
  [
    'This operation has been blocked as a potential Cross-Site Request Forgery',
    'GET takes a header that a form can’t send, such as apollo-require-preflight: 1.',
  ],
  ['Unsupported persisted query version', 'persistedQuery takes version 1.'],
  ['provided sha does not match query', 'The sha256Hash is not that of the query.'],
]

const causeOf = (thrown: unknown): string | undefined =>
  thrown instanceof GraphQLError ? thrown.originalError?.message : undefined

const wordsFor = (message: string, thrown: unknown): string =>
  ownWords.find(([begin]) => message.startsWith(begin))?.[1] ??
  withoutValues(message, causeOf(thrown))

/** Whether graphql-js gave up on variables with too many faults: it gives that one no code. */
export const isTooManyFaults = (thrown: unknown): boolean =>
  thrown instanceof GraphQLError &&
  thrown.originalError === undefined &&
  thrown.message.startsWith('Too many errors processing variables')

/**
 * Whether an argument did not fit when it came to be executed, as when a variable in it is
 * null: graphql-js quotes it then, with all that stands beside.
 */
const isArgumentFault = (thrown: unknown): boolean => {
  // On its way out of a field it is wrapped once.
  const inner = thrown instanceof GraphQLError ? (thrown.originalError ?? thrown) : undefined
  return (
    inner instanceof GraphQLError &&
    inner.originalError === undefined &&
    inner.message.startsWith('Argument "')
  )
}

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
  if (
    requestFaults.has(code) ||
    isRefused(thrown) ||
    isTooManyFaults(thrown) ||
    isArgumentFault(thrown)
  ) {
    const message = wordsFor(formatted.message, thrown)
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
