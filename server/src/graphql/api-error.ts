import { HeaderMap } from '@apollo/server'
import {
  type AccessRefusal,
  type Actor,
  hasPermission,
  type Permission,
} from '@rekey/shared/access'
import { GraphQLError } from 'graphql'
import type { DatabaseUnavailable } from '../database/unavailable.js'

/** The codes of GraphQL errors. The set is closed. */
export type ApiErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'REAUTHENTICATION_REQUIRED'
  | 'SESSION_REQUIRED'
  | 'BAD_USER_INPUT'
  | 'RATE_LIMITED'
  | 'IDEMPOTENCY_KEY_INVALID'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'IDEMPOTENCY_KEY_IN_USE'
  | 'IDEMPOTENCY_ANSWER_NOT_KEPT'
  | 'IDEMPOTENCY_KEYS_EXHAUSTED'
  | 'OUTCOME_UNKNOWN'
  | 'SERVICE_UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR'

/** An error that the user of the caller cannot correct. Clients may show its message. */
export class ApiError extends GraphQLError {
  constructor(
    message: string,
    readonly code: ApiErrorCode,
    extra: Record<string, unknown> = {},
  ) {
    super(message, { extensions: { code, ...extra } })
  }
}

/** No session, or the session has ended. */
export const unauthenticated = (): ApiError => new ApiError('Sign in first.', 'UNAUTHENTICATED')

/** The API token is invalid, or not allowed from this address. */
export const apiTokenInvalid = (): ApiError =>
  new ApiError(
    'This API token is unknown, has expired or was revoked, or cannot be used from your address.',
    'UNAUTHENTICATED',
    { http: { status: 401, headers: new HeaderMap() } },
  )

/** The API token was not sent as a Bearer token, or the header has no token. */
export const apiTokenMisplaced = (): ApiError =>
  new ApiError('Send an API token as Authorization: Bearer <token>.', 'UNAUTHENTICATED', {
    http: { status: 401, headers: new HeaderMap() },
  })

/** The session is that of another user than the one for whom the request was sent. */
export const otherUserSignedIn = (): ApiError =>
  new ApiError('Another user is signed in.', 'UNAUTHENTICATED', {
    http: { status: 401, headers: new HeaderMap() },
  })

/** An API token called a mutation or field that requires a session. */
export const sessionRequired = (): ApiError =>
  new ApiError('Sign in with a session: an API token cannot do this.', 'SESSION_REQUIRED')

/** The caller is signed in but lacks the permission. */
export const forbidden = (
  permission: Permission,
  message = `You do not have permission to do this: it requires ${permission}.`,
): ApiError =>
  new ApiError(message, 'FORBIDDEN', {
    reason: 'PERMISSION_MISSING' satisfies AccessRefusal,
    permission,
  })

/** The caller may not act on this user: they lack the permission, or the user outranks them. */
export const forbiddenOn = (actor: Actor, permission: Permission): ApiError =>
  hasPermission(actor, permission)
    ? new ApiError('This user has a higher role or more permissions than you.', 'FORBIDDEN', {
        reason: 'OUTRANKED' satisfies AccessRefusal,
      })
    : forbidden(permission)

/** The caller must change their password first. */
export const passwordChangeRequired = (): ApiError =>
  new ApiError('Change your password first.', 'FORBIDDEN', { reason: 'PASSWORD_CHANGE_REQUIRED' })

/** The caller must set up a second factor first. */
export const secondFactorEnrolmentRequired = (): ApiError =>
  new ApiError('Add a second factor first.', 'FORBIDDEN', {
    reason: 'SECOND_FACTOR_ENROLMENT_REQUIRED',
  })

/**
 * The caller last confirmed their identity too long ago. This is an error and not data, because any
 * mutation may return it. A client handles it in one place: it asks for the confirmation and sends
 * the mutation again.
 */
export const reauthenticationRequired = (): ApiError =>
  new ApiError(
    'Confirm your identity: call the mutation reauthenticate, then send this again.',
    'REAUTHENTICATION_REQUIRED',
  )

/** The request does not fit the schema or exceeds a bound named in a description. */
export const badInput = (message: string): ApiError => new ApiError(message, 'BAD_USER_INPUT')

/** Extensions and headers that say after how many seconds to retry. */
const retryAfter = (status: number, retryAfterSeconds: number) => ({
  retryAfterSeconds,
  http: { status, headers: new HeaderMap([['retry-after', String(retryAfterSeconds)]]) },
})

/** The server is too busy, or the caller has sent too many requests. Retry after some seconds. */
export const rateLimited = (
  retryAfterSeconds: number,
  message = 'The server is busy. Try again in a moment.',
): ApiError => new ApiError(message, 'RATE_LIMITED', retryAfter(503, retryAfterSeconds))

/** The database is unavailable. Nothing was done. */
export const serviceUnavailable = ({ retryAfterSeconds }: DatabaseUnavailable): ApiError =>
  new ApiError(
    'Rekey cannot reach its database. Try again in a moment.',
    'SERVICE_UNAVAILABLE',
    retryAfter(503, retryAfterSeconds),
  )

/** The Idempotency-Key is malformed, or the caller is not signed in. */
export const idempotencyKeyInvalid = (message: string): ApiError =>
  new ApiError(message, 'IDEMPOTENCY_KEY_INVALID', {
    http: { status: 400, headers: new HeaderMap() },
  })

/** The Idempotency-Key was used with another request. */
export const idempotencyKeyReused = (): ApiError =>
  new ApiError(
    'This Idempotency-Key was sent with another request before. Use a new key.',
    'IDEMPOTENCY_KEY_REUSED',
    { http: { status: 422, headers: new HeaderMap() } },
  )

/** The request was executed before, but its answer was lost or too long to store. */
export const idempotencyAnswerNotKept = (): ApiError =>
  new ApiError(
    'This was done before, but its answer was not stored. Query the result instead.',
    'IDEMPOTENCY_ANSWER_NOT_KEPT',
    { http: { status: 422, headers: new HeaderMap() } },
  )

/**
 * The caller has reached the limit of stored Idempotency-Keys; the oldest expires after some
 * seconds.
 */
export const tooManyIdempotencyKeys = (limit: number, retryAfterSeconds: number): ApiError =>
  new ApiError(
    `At most ${limit.toLocaleString('en')} Idempotency-Keys are stored at once, each for 24 hours. Send the request later, or without a key.`,
    'IDEMPOTENCY_KEYS_EXHAUSTED',
    retryAfter(429, retryAfterSeconds),
  )

/** The first request with this Idempotency-Key is still running. */
export const idempotencyKeyInUse = (retryAfterSeconds: number): ApiError =>
  new ApiError(
    'The first request with this Idempotency-Key is still running. Send it again in a moment.',
    'IDEMPOTENCY_KEY_IN_USE',
    retryAfter(409, retryAfterSeconds),
  )
