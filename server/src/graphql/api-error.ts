import { HeaderMap } from '@apollo/server'
import { GraphQLError } from 'graphql'
import type { DatabaseUnavailable } from '../database/unavailable.js'

/** The closed set of codes GraphQL's own errors carry. */
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

/** A fault the caller's user can't mend. Its message is written for the client to show. */
export class ApiError extends GraphQLError {
  constructor(
    message: string,
    readonly code: ApiErrorCode,
    extra: Record<string, unknown> = {},
  ) {
    super(message, { extensions: { code, ...extra } })
  }
}

/** Nobody is signed in, or no longer. */
export const unauthenticated = (): ApiError => new ApiError('Sign in first.', 'UNAUTHENTICATED')

/** An API token was sent that is worth nothing, or not from this address. */
export const apiTokenInvalid = (): ApiError =>
  new ApiError(
    'This API token is unknown, has expired or was revoked, or can’t be used from your address.',
    'UNAUTHENTICATED',
    { http: { status: 401, headers: new HeaderMap() } },
  )

/** An API token was sent otherwise than as a Bearer, or Bearer without one. */
export const apiTokenMisplaced = (): ApiError =>
  new ApiError('Send an API token as Authorization: Bearer <token>.', 'UNAUTHENTICATED', {
    http: { status: 401, headers: new HeaderMap() },
  })

/** Somebody calls by an API token for what is done in a session, or not at all. */
export const sessionRequired = (): ApiError =>
  new ApiError('Sign in with a session: an API token can’t do this.', 'SESSION_REQUIRED')

/** Somebody is signed in who may not do this. */
export const forbidden = (message = 'You may not do this.'): ApiError =>
  new ApiError(message, 'FORBIDDEN')

/** Somebody is signed in who has to set a new password before anything else. */
export const passwordChangeRequired = (): ApiError =>
  new ApiError('Change your password first.', 'FORBIDDEN', { reason: 'PASSWORD_CHANGE_REQUIRED' })

/** Somebody is signed in who has to enrol a second factor before anything else. */
export const secondFactorEnrolmentRequired = (): ApiError =>
  new ApiError('Add a second factor first.', 'FORBIDDEN', {
    reason: 'SECOND_FACTOR_ENROLMENT_REQUIRED',
  })

/**
 * Somebody is signed in whose last proof of who they are is too old for this. An error
 * and no data: any mutation may come to answer it, and a client deals with it in one
 * place, which asks for the proof and sends the mutation again.
 */
export const reauthenticationRequired = (): ApiError =>
  new ApiError('Confirm that it is you.', 'REAUTHENTICATION_REQUIRED')

/** The request does not fit the schema or the bounds its descriptions name. */
export const badInput = (message: string): ApiError => new ApiError(message, 'BAD_USER_INPUT')

/** What tells, in the answer and by its header, after how many seconds to come back. */
const comeBack = (status: number, retryAfterSeconds: number) => ({
  retryAfterSeconds,
  http: { status, headers: new HeaderMap([['retry-after', String(retryAfterSeconds)]]) },
})

/** The server does not take this much work at once, or from one caller; come back after some seconds. */
export const rateLimited = (
  retryAfterSeconds: number,
  message = 'The server is busy. Try again in a moment.',
): ApiError => new ApiError(message, 'RATE_LIMITED', comeBack(503, retryAfterSeconds))

/** The database is away. Nothing was done. */
export const serviceUnavailable = ({ retryAfterSeconds }: DatabaseUnavailable): ApiError =>
  new ApiError(
    'Rekey can’t reach its database. Try again in a moment.',
    'SERVICE_UNAVAILABLE',
    comeBack(503, retryAfterSeconds),
  )

/** There is something wrong with the Idempotency-Key, or nobody whose it could be. */
export const idempotencyKeyInvalid = (message: string): ApiError =>
  new ApiError(message, 'IDEMPOTENCY_KEY_INVALID', {
    http: { status: 400, headers: new HeaderMap() },
  })

/** The Idempotency-Key came before with another request. */
export const idempotencyKeyReused = (): ApiError =>
  new ApiError(
    'This Idempotency-Key was sent with another request before. Take a fresh one.',
    'IDEMPOTENCY_KEY_REUSED',
    { http: { status: 422, headers: new HeaderMap() } },
  )

/** The request was executed before, but its answer was lost or too long to be kept. */
export const idempotencyAnswerNotKept = (): ApiError =>
  new ApiError(
    'This was done before, but its answer was not kept. Read what came of it.',
    'IDEMPOTENCY_ANSWER_NOT_KEPT',
    { http: { status: 422, headers: new HeaderMap() } },
  )

/** More Idempotency-Keys than are kept for one person; the oldest ends after some seconds. */
export const tooManyIdempotencyKeys = (most: number, retryAfterSeconds: number): ApiError =>
  new ApiError(
    `No more than ${most.toLocaleString('en')} Idempotency-Keys are kept at once, each for 24 hours. Send it later, or without a key.`,
    'IDEMPOTENCY_KEYS_EXHAUSTED',
    comeBack(429, retryAfterSeconds),
  )

/** The request that came first with this Idempotency-Key is still at work. */
export const idempotencyKeyInUse = (retryAfterSeconds: number): ApiError =>
  new ApiError(
    'The first request with this Idempotency-Key is not done yet. Send it again in a moment.',
    'IDEMPOTENCY_KEY_IN_USE',
    comeBack(409, retryAfterSeconds),
  )
