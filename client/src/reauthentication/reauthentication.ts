import { ApolloLink } from '@apollo/client'
import { from, mergeMap, of } from 'rxjs'

/** Someone who is asked to confirm who they are, by everything that waits for it. */
export interface Reauthentication {
  /**
   * Asks, or joins those who are waiting already.
   *
   * @returns whether it was confirmed.
   */
  readonly ask: () => Promise<boolean>
  /** Ends the asking for all who wait. */
  readonly answer: (confirmed: boolean) => void
  /** Whether someone is being asked now. */
  readonly isAsking: () => boolean
  /** @returns calls the listener off. */
  readonly subscribe: (listener: () => void) => () => void
}

/** Asks for nothing until the API does. `ReauthenticationHost` shows the question. */
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
 * Has what comes back with `REAUTHENTICATION_REQUIRED` confirmed and sent again: whoever
 * sent it sees only the last answer. Not confirmed, the first answer stands.
 */
export const createReauthenticationLink = (reauthentication: Reauthentication): ApolloLink => {
  let confirmedAt = Number.NEGATIVE_INFINITY
  const confirm = async (sentAt: number): Promise<boolean> => {
    // Another one has brought the proof while this one was on its way.
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
