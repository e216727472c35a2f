import type { ApolloServerPlugin, GraphQLRequest } from '@apollo/server'
import { HeaderMap } from '@apollo/server'
import type { FormattedExecutionResult } from 'graphql'
import {
  ApiError,
  idempotencyAnswerNotKept,
  idempotencyKeyInUse,
  idempotencyKeyInvalid,
  idempotencyKeyReused,
  tooManyIdempotencyKeys,
  unauthenticated,
} from '../graphql/api-error.js'
import type { Context } from '../graphql/context.js'
import type { ExecutedOnce } from '../http/request-origin.js'
import type { Begun, IdempotencyService, KeptAnswer } from './idempotency.service.js'
import { readIdempotencyKey } from './idempotency-key.js'

/** Serializes a request. The order of its variables makes no difference. */
const bodyOf = (document: string, { operationName, variables }: GraphQLRequest): string => {
  const sorted = (_name: string, value: unknown) =>
    value instanceof Object && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value
  return JSON.stringify([document, operationName ?? null, variables ?? {}], sorted)
}

/** Whether a payload only asks the caller to wait and retry. */
const isWait = (payload: unknown): boolean => {
  const errors: unknown = (payload as { errors?: unknown } | null)?.errors
  return (
    Array.isArray(errors) &&
    errors.some((error: object) => error instanceof Object && 'retryAfterSeconds' in error)
  )
}

// Status 200, as when a resolver throws this error.
const notSignedIn = (): ApiError =>
  new ApiError(unauthenticated().message, 'UNAUTHENTICATED', {
    http: { status: 200, headers: new HeaderMap() },
  })

const refusalOf = (begun: Exclude<Begun, { kind: 'claimed' | 'answered' }>): ApiError => {
  switch (begun.kind) {
    case 'inUse':
      return idempotencyKeyInUse(begun.retryAfterSeconds)
    case 'reused':
      return idempotencyKeyReused()
    case 'notSignedIn':
      return notSignedIn()
    case 'tooManyKeys':
      return tooManyIdempotencyKeys(begun.limit, begun.retryAfterSeconds)
  }
}

/**
 * Makes mutations with an Idempotency-Key safe to retry
 * (draft-ietf-httpapi-idempotency-key-header). The server executes the same request, with the same
 * key and from the same caller, only once and returns the same answer each time. It ignores the
 * header if the request is not a mutation or does not fit the schema.
 *
 * @param report receives the failure if an answer could not be stored. The answer is sent anyway.
 */
export const answerOnce = (
  service: IdempotencyService,
  report: (failure: unknown) => void,
): ApolloServerPlugin<Context> => ({
  requestDidStart: async ({ request, contextValue }) => {
    const header = request.http?.headers.get('idempotency-key')
    if (header === undefined) return
    let begun: Promise<Begun> | undefined
    let kept: (KeptAnswer & { readonly body: FormattedExecutionResult }) | undefined
    // A mutation is settled when it succeeded, or was rejected for a lasting reason. If it threw,
    // or if it asks the caller to wait, the caller is expected to retry. Its key is then released,
    // unless the mutation has saved something.
    let settled = false
    return {
      didResolveOperation: async ({ operation, source }) => {
        if (operation?.operation !== 'mutation') return
        const key = readIdempotencyKey(header)
        const { credential } = contextValue
        if (credential === undefined) {
          throw idempotencyKeyInvalid('An Idempotency-Key requires a signed-in caller.')
        }
        begun = service.begin({
          key,
          credential,
          body: bodyOf(source, request),
          userId: contextValue.caller?.id ?? null,
          apiTokenId: contextValue.caller?.apiToken?.id ?? null,
          ip: contextValue.origin.ip,
        })
        const found = await begun
        if (found.kind === 'claimed') {
          const { claim } = found
          const executedOnce: ExecutedOnce = {
            markDone: (unit, tokens) => service.markDone(unit, claim, tokens),
          }
          contextValue.origin = { ...contextValue.origin, executedOnce }
          return
        }
        if (found.kind !== 'answered') throw refusalOf(found)
        const { answer } = found
        contextValue.cookies.set(answer.tokens)
        if (answer.body === null) throw idempotencyAnswerNotKept()
        kept = { ...answer, body: answer.body }
      },
      responseForOperation: async () => {
        if (kept === undefined) return null
        return {
          http: {
            ...(kept.status === undefined ? {} : { status: kept.status }),
            headers: new HeaderMap([['idempotency-replayed', 'true']]),
          },
          body: { kind: 'single', singleResult: kept.body },
        }
      },
      executionDidStart: async () => ({
        willResolveField: ({ info }) => {
          if (info.parentType !== info.schema.getMutationType()) return
          return (failure, payload) => {
            if (failure === null && !isWait(payload)) settled = true
          }
        },
      }),
      willSendResponse: async ({ response }) => {
        // Also runs if another plugin rejected the request while this one was claiming the key.
        const found = await begun?.catch(() => undefined)
        if (found?.kind !== 'claimed') return
        const { body, http } = response
        try {
          if (settled && body.kind === 'single') {
            await service.settle(found.claim, {
              status: http.status,
              body: body.singleResult,
              tokens: contextValue.cookies.sent,
            })
          } else {
            await service.release(found.claim)
          }
        } catch (failure) {
          report(failure)
        }
      },
    }
  },
})
