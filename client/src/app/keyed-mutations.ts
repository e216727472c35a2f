import { ApolloLink } from '@apollo/client'
import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors'
import { RetryLink } from '@apollo/client/link/retry'
import { OperationTypeNode } from 'graphql'
import { catchError, map, mergeMap, of, throwError } from 'rxjs'
import { codesOf, mayBeDone, OutcomeUnknown } from '../ui/outcome-unknown'
import { retryAfterOf } from '../ui/retry-after'

/** How often and for how long a mutation is retried. */
export interface RetryPace {
  /** The number of retries after no answer, or after the answer of a proxy. */
  readonly times: number
  /** The wait before the first retry in milliseconds; it doubles before each further one. */
  readonly firstWaitMs: number
  /**
   * The time in milliseconds after which nothing is retried. A longer wait that the server requires
   * is not accepted.
   */
  readonly forMs: number
}

// Seven seconds without a connection. A key whose server was killed is free after fifteen.
const usualPace: RetryPace = { times: 3, firstWaitMs: 1_000, forMs: 30_000 }

// `randomUUID` exists only on pages that are served through HTTPS.
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), byte =>
    byte.toString(16).padStart(2, '0'),
  ).join('')

const statusOf = (operation: ApolloLink.Operation): unknown =>
  (operation.getContext().response as Response | undefined)?.status

/** The wait that the server requires, in milliseconds; undefined if it requires none. */
const waitOf = (failure: unknown): number | undefined => {
  const seconds = CombinedGraphQLErrors.is(failure)
    ? failure.errors.map(({ extensions }) => extensions?.retryAfterSeconds).find(Number.isFinite)
    : ServerError.is(failure) && retryAfterOf(failure.response.headers.get('retry-after'))
  return Number(seconds) > 0 ? Number(seconds) * 1000 : undefined
}

const isAborted = (failure: unknown): boolean =>
  failure instanceof Error && failure.name === 'AbortError'

/** Whether the headers of a successful answer arrived, but its body did not. */
const isLostAfterHeaders = (operation: ApolloLink.Operation, failure: unknown): boolean => {
  const status = Number(statusOf(operation))
  const isAnswer = CombinedGraphQLErrors.is(failure) || ServerError.is(failure)
  return !isAnswer && status >= 200 && status < 300
}

/** Whether an answer leaves the outcome open, so that the same request should be sent again. */
const asksToComeBack = (codes: readonly unknown[], status: unknown): boolean =>
  codes.includes('IDEMPOTENCY_KEY_IN_USE') || codes.includes('OUTCOME_UNKNOWN') || status === 503

/**
 * Sends each mutation with a new Idempotency-Key, and retries it with the same key while there is
 * no answer. A mutation that passes through this link a second time, such as after a proof of
 * identity, is another attempt and gets another key.
 *
 * If there is still no answer, it fails with {@link OutcomeUnknown}, unless it is certain that
 * nothing was done.
 */
export const createKeyedMutations = (pace: RetryPace = usualPace): ApolloLink =>
  ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.MUTATION,
    new ApolloLink((operation, forward) => {
      const withHeaders = (change: Record<string, string>) =>
        operation.setContext(({ headers }) => ({ headers: { ...headers, ...change } }))
      withHeaders({ 'idempotency-key': newKey() })
      const endsAt = performance.now() + pace.forMs
      // Whether the server may have executed one of the attempts.
      let lost = false
      const retries = new RetryLink({
        attempts: (count, sent, failure) => {
          lost ||= mayBeDone(failure)
          if (isAborted(failure)) return false
          // The answer broke off after its headers, which set a new cookie. The server
          // would not recognize the key with that credential.
          if (isLostAfterHeaders(sent, failure)) return false
          const wait = waitOf(failure)
          if (wait !== undefined) return performance.now() + wait < endsAt
          return count <= pace.times && performance.now() < endsAt
        },
        delay: (count, _operation, failure) =>
          // Many clients wait for the same server. A random part prevents that all of
          // them return at the same moment.
          (waitOf(failure) ?? pace.firstWaitMs * 2 ** (count - 1)) * (1 + Math.random() / 4),
      })
      return retries
        .request(operation, sent => {
          // The response of an earlier attempt must not be taken for this one.
          sent.setContext({ response: undefined })
          return forward(sent).pipe(
            mergeMap(answer => {
              const failure = answer.errors && new CombinedGraphQLErrors(answer)
              const codes = codesOf(failure)
              // Nothing was done, for one of two reasons. The browser no longer
              // has a cookie: without a key, the answer is the usual one. Or too
              // many keys are stored: the user could do nothing for a day.
              const isKeyRefused =
                codes.includes('IDEMPOTENCY_KEY_INVALID') ||
                (codes.includes('IDEMPOTENCY_KEYS_EXHAUSTED') && !lost)
              if (isKeyRefused) {
                operation.setContext(({ headers }) => {
                  const { 'idempotency-key': _key, ...others } = headers
                  return { headers: others }
                })
                return forward(sent)
              }
              if (failure && asksToComeBack(codes, statusOf(sent))) return throwError(() => failure)
              return of(answer)
            }),
            map(answer => {
              // It was rejected before the server checked its key.
              const turnedAway = answer.errors?.some(
                ({ extensions }) => extensions?.code === 'RATE_LIMITED',
              )
              if (lost && turnedAway) throw new OutcomeUnknown(new CombinedGraphQLErrors(answer))
              return answer
            }),
          )
        })
        .pipe(
          catchError(failure =>
            throwError(() =>
              lost && !(failure instanceof OutcomeUnknown) ? new OutcomeUnknown(failure) : failure,
            ),
          ),
        )
    }),
  )
