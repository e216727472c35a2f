import { ApolloLink } from '@apollo/client'
import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors'
import { RetryLink } from '@apollo/client/link/retry'
import { OperationTypeNode } from 'graphql'
import { catchError, map, mergeMap, of, throwError } from 'rxjs'
import { codesOf, mayBeDone, OutcomeUnknown } from '../ui/outcome-unknown'

/** How often and for how long a mutation is sent again. */
export interface RetryPace {
  /** How often without an answer, or with one of a proxy. */
  readonly times: number
  /** Before the first time; twice as long before each further one. */
  readonly firstWaitMs: number
  /** From then on nothing is sent again, and no wait of the server is longer. */
  readonly forMs: number
}

// Seven seconds without a connection. A key whose server was killed is free after fifteen.
const usualPace: RetryPace = { times: 3, firstWaitMs: 1_000, forMs: 30_000 }

// `randomUUID` exists only where the page is served by HTTPS.
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), byte =>
    byte.toString(16).padStart(2, '0'),
  ).join('')

const statusOf = (operation: ApolloLink.Operation): unknown =>
  (operation.getContext().response as Response | undefined)?.status

/** The milliseconds after which the server says to come back; undefined when it does not. */
const waitOf = (failure: unknown): number | undefined => {
  const seconds = CombinedGraphQLErrors.is(failure)
    ? failure.errors.map(({ extensions }) => extensions?.retryAfterSeconds).find(Number.isFinite)
    : ServerError.is(failure) && failure.response.headers.get('retry-after')
  // A date is a wait too, but not one that is worth reading.
  return Number(seconds) > 0 ? Number(seconds) * 1000 : undefined
}

const isAborted = (failure: unknown): boolean =>
  failure instanceof Error && failure.name === 'AbortError'

/** Whether an answer of success began to arrive, and its body did not. */
const isLostAfterHeaders = (operation: ApolloLink.Operation, failure: unknown): boolean => {
  const status = Number(statusOf(operation))
  const isAnswer = CombinedGraphQLErrors.is(failure) || ServerError.is(failure)
  return !isAnswer && status >= 200 && status < 300
}

/** Whether an answer settles nothing: the same request is meant to be sent again. */
const asksToComeBack = (codes: readonly unknown[], status: unknown): boolean =>
  codes.includes('IDEMPOTENCY_KEY_IN_USE') || codes.includes('OUTCOME_UNKNOWN') || status === 503

/**
 * Sends each mutation with an Idempotency-Key of its own, and again with the same key while there
 * is no answer. What comes through it a second time, such as after a proof of identity, is another
 * attempt and gets another key.
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
      // Whether one of the attempts may have been carried out.
      let lost = false
      const retries = new RetryLink({
        attempts: (count, sent, failure) => {
          lost ||= mayBeDone(failure)
          if (isAborted(failure)) return false
          // The answer broke off after its headers, and their cookie is another credential now: the
          // key would not be known with it.
          if (isLostAfterHeaders(sent, failure)) return false
          const wait = waitOf(failure)
          if (wait !== undefined) return performance.now() + wait < endsAt
          return count <= pace.times && performance.now() < endsAt
        },
        delay: (count, _operation, failure) =>
          // Many wait for the same server: not all of them come at the same moment.
          (waitOf(failure) ?? pace.firstWaitMs * 2 ** (count - 1)) * (1 + Math.random() / 4),
      })
      return retries
        .request(operation, sent => {
          // That of an earlier attempt says nothing about this one.
          sent.setContext({ response: undefined })
          return forward(sent).pipe(
            mergeMap(answer => {
              const failure = answer.errors && new CombinedGraphQLErrors(answer)
              const codes = codesOf(failure)
              // Nothing was done: the browser has no cookie any more, and without a key the answer
              // says so in the way of every request; or too many keys are kept, and the person
              // would be kept from everything for a day.
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
              // It was turned away before its key was looked at.
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

/** Has a mutation whose answer is lost fail with {@link OutcomeUnknown}. Nothing is sent again. */
export const createLostAnswerLink = (): ApolloLink =>
  ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.MUTATION,
    new ApolloLink((operation, forward) =>
      forward(operation).pipe(
        map(answer => {
          const failure = answer.errors && new CombinedGraphQLErrors(answer)
          if (failure !== undefined && mayBeDone(failure)) throw failure
          return answer
        }),
        catchError(failure =>
          throwError(() => (mayBeDone(failure) ? new OutcomeUnknown(failure) : failure)),
        ),
      ),
    ),
  )
