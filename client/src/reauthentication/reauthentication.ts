import { ApolloLink } from '@apollo/client'
import { from, mergeMap, of } from 'rxjs'

/** The question to the user to confirm their identity, shared by all requests that wait for it. */
export interface Reauthentication {
  /**
   * Asks the user, or waits for the question that is already open.
   *
   * @returns whether the user confirmed.
   */
  readonly ask: () => Promise<boolean>
  /** Answers the question for all waiting requests. */
  readonly answer: (confirmed: boolean) => void
  /** Whether the question is open. */
  readonly isAsking: () => boolean
  /** @returns a function that removes the listener. */
  readonly subscribe: (listener: () => void) => () => void
}

/** Creates the shared question. `ReauthenticationHost` shows it when the API requires a proof. */
export const createReauthentication = (): Reauthentication => {
  const listeners = new Set<() => void>()
  let waiting: {
    readonly promise: Promise<boolean>
    readonly end: (done: boolean) => void
  } | null = null
  const tell = () => {
    for (const listener of listeners) listener()
  }
  return {
    ask: () => {
      if (waiting === null) {
        let end: (done: boolean) => void = () => undefined
        const promise = new Promise<boolean>(resolve => {
          end = resolve
        })
        waiting = { promise, end }
        tell()
      }
      return waiting.promise
    },
    answer: confirmed => {
      waiting?.end(confirmed)
      waiting = null
      tell()
    },
    isAsking: () => waiting !== null,
    subscribe: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const asksForProof = ({ errors }: ApolloLink.Result): boolean =>
  errors?.some(({ extensions }) => extensions?.code === 'REAUTHENTICATION_REQUIRED') ?? false

/**
 * If a request is answered with `REAUTHENTICATION_REQUIRED`, asks the user to confirm and sends it
 * again. The sender sees only the last answer. If the user does not confirm, the sender gets the
 * first answer.
 */
export const createReauthenticationLink = (reauthentication: Reauthentication): ApolloLink => {
  let confirmedAt = Number.NEGATIVE_INFINITY
  const confirm = async (sentAt: number): Promise<boolean> => {
    // Another request completed the proof while this one was on its way.
    if (confirmedAt >= sentAt) return true
    const confirmed = await reauthentication.ask()
    if (confirmed) confirmedAt = performance.now()
    return confirmed
  }
  return new ApolloLink((operation, forward) => {
    const sentAt = performance.now()
    return forward(operation).pipe(
      mergeMap(answer =>
        asksForProof(answer)
          ? from(confirm(sentAt)).pipe(
              mergeMap(confirmed => (confirmed ? forward(operation) : of(answer))),
            )
          : of(answer),
      ),
    )
  })
}
