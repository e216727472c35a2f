import { ApolloLink } from '@apollo/client'
import { OperationTypeNode } from 'graphql'
import { createContext, useContext } from 'react'
import { from, mergeMap, of } from 'rxjs'
import type { SignedIn } from './who-is-signed-in'

/** What the page asks the user when its session is no longer there. */
export type SessionQuestion =
  | { readonly kind: 'signIn' }
  /** Another person has signed in, in another tab. */
  | { readonly kind: 'otherUser'; readonly login: string }

interface Needs {
  /** Asks the API whose session the browser has; null if no user is signed in. */
  readonly whoIsSignedIn: () => Promise<SignedIn | null>
  /** Whether the page has something that the user may have typed. */
  readonly isFormOpen: () => boolean
  /** Opens the sign-in page instead of a page without a form. */
  readonly leave: () => void
  /** Loads a page from the beginning, so that nothing of the previous user stays. */
  readonly startAnew: (address: 'start' | 'same') => void
  /** Announces to the other tabs who is signed in. */
  readonly announce: (userId: string | null) => void
}

/** The session as this tab knows it. */
export interface Session {
  /** The id of the user for whom the page was loaded; null until it is known. */
  readonly userId: () => string | null
  /** Remembers the user for whom the page was loaded. */
  readonly begin: (userId: string) => void
  /**
   * Finds out why a request was rejected, and asks the user to sign in again if the page must stay.
   *
   * @param stays whether the page must stay although it has no form.
   * @returns whether the same user is signed in again, so that the request can be sent again.
   */
  readonly recover: (stays: boolean) => Promise<boolean>
  /** Continues after a sign-in in the dialog, if it was the same user. */
  readonly continue: () => Promise<void>
  /** Ends the question without a sign-in. The waiting requests fail. */
  readonly cancel: () => void
  /** Loads the page of the other user. */
  readonly accept: () => void
  /** Is called when another tab has announced who is signed in. */
  readonly hear: (userId: string | null) => void
  /** Ends the session of this tab, after the user signed out. */
  readonly end: () => void
  /** The question to the user; null if there is none. */
  readonly question: () => SessionQuestion | null
  /** @returns a function that removes the listener. */
  readonly subscribe: (listener: () => void) => () => void
}

/** Creates the session of a tab, for one user. */
export const createSession = ({
  whoIsSignedIn,
  isFormOpen,
  leave,
  startAnew,
  announce,
}: Needs): Session => {
  const listeners = new Set<() => void>()
  let userId: string | null = null
  let ended = false
  let question: SessionQuestion | null = null
  let waiting: PromiseWithResolversOfBoolean | null = null
  const settle = (isBack: boolean) => {
    waiting?.resolve(isBack)
    waiting = null
    question = null
    for (const listener of [...listeners]) listener()
  }
  const ask = (next: SessionQuestion): Promise<boolean> => {
    waiting ??= promiseWithResolvers()
    question = next
    for (const listener of [...listeners]) listener()
    return waiting.promise
  }
  const recover = async (stays: boolean): Promise<boolean> => {
    if (ended) return false
    if (userId === null) {
      leave()
      return false
    }
    const found = await whoIsSignedIn()
    if (ended) return false
    if (found?.id === userId) {
      settle(true)
      return true
    }
    const keeps = stays || question !== null || isFormOpen()
    if (found !== null) {
      if (keeps) return ask({ kind: 'otherUser', login: found.login })
      startAnew('start')
      return false
    }
    if (keeps) return ask({ kind: 'signIn' })
    leave()
    return false
  }
  return {
    userId: () => userId,
    begin: id => {
      if (ended || userId !== null) return
      userId = id
      announce(id)
    },
    recover,
    continue: async () => {
      const found = await whoIsSignedIn()
      if (found === null) return
      announce(found.id)
      if (found.id !== userId) startAnew('start')
      // The page for the new password or the second factor takes the place of this one.
      else if (found.mustActFirst) startAnew('same')
      else settle(true)
    },
    cancel: () => settle(false),
    accept: () => startAnew('start'),
    hear: announcedId => {
      if (userId === null || (announcedId === userId && question === null)) return
      // A failure is found by the next request.
      recover(false).catch(() => undefined)
    },
    end: () => {
      ended = true
      settle(false)
      announce(null)
    },
    question: () => question,
    subscribe: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

interface PromiseWithResolversOfBoolean {
  readonly promise: Promise<boolean>
  readonly resolve: (value: boolean) => void
}

// Some supported browsers have no `Promise.withResolvers`.
const promiseWithResolvers = (): PromiseWithResolversOfBoolean => {
  let resolve: (value: boolean) => void = () => undefined
  const promise = new Promise<boolean>(done => {
    resolve = done
  })
  return { promise, resolve }
}

const unauthenticated: ApolloLink.Result = {
  errors: [{ message: 'Sign in first.', extensions: { code: 'UNAUTHENTICATED' } }],
}

/** Whether an answer shows that the session is no longer there. */
const isSignedOut = ({ data, errors }: ApolloLink.Result): boolean =>
  data?.viewer === null ||
  (errors?.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED') ?? false)

const idOfViewer = ({ data }: ApolloLink.Result): unknown =>
  (data?.viewer as { id?: unknown } | null | undefined)?.id

/**
 * Sends each request for the user of the page only. If the session is no longer there, the request
 * waits until the same user has signed in again, and is then sent again. Nothing was done before.
 */
export const createSessionLink = (session: Session): ApolloLink =>
  new ApolloLink((operation, forward) => {
    const userId = session.userId()
    if (userId !== null) {
      operation.setContext(({ headers }) => ({
        headers: { ...headers, 'rekey-expected-user': userId },
      }))
    }
    return forward(operation).pipe(
      mergeMap(answer => {
        if (!isSignedOut(answer)) {
          const id = idOfViewer(answer)
          if (typeof id === 'string') session.begin(id)
          return of(answer)
        }
        // The frame around all pages opens the sign-in page.
        if (userId === null && answer.data?.viewer === null) return of(answer)
        const stays = operation.operationType === OperationTypeNode.MUTATION
        return from(session.recover(stays)).pipe(
          // Without a user in it, the cache keeps the page as it is.
          mergeMap(isBack => (isBack ? forward(operation) : of(unauthenticated))),
        )
      }),
    )
  })

/** The session of this tab; undefined on pages for users who are not signed in. */
export const SessionContext = createContext<Session | undefined>(undefined)

/** The session of this tab; undefined on pages for users who are not signed in. */
export const useSession = (): Session | undefined => useContext(SessionContext)
