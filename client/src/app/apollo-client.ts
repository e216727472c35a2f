import {
  ApolloClient,
  ApolloLink,
  InMemoryCache,
  RefetchEventManager,
  windowFocusSource,
} from '@apollo/client'
import { CombinedGraphQLErrors } from '@apollo/client/errors'
import { ErrorLink } from '@apollo/client/link/error'
import { BaseHttpLink } from '@apollo/client/link/http'
import {
  createReauthentication,
  createReauthenticationLink,
  type Reauthentication,
} from '../reauthentication/reauthentication'
import { createKeyedMutations } from './keyed-mutations'
import { possibleTypes } from './possible-types'

const isSignedOut = (error: unknown): boolean =>
  CombinedGraphQLErrors.is(error) &&
  error.errors.some(one => one.extensions?.code === 'UNAUTHENTICATED')

/**
 * The client of the API. Mutations carry an Idempotency-Key, and are sent again by themselves if
 * their answer is lost.
 *
 * @param onSessionEnded is told when a request found nobody signed in any more.
 * @param reauthentication asks who has to confirm that it is they.
 * @param transport carries the requests; HTTP unless told otherwise.
 */
export const createApolloClient = (
  onSessionEnded: () => void,
  reauthentication: Reauthentication = createReauthentication(),
  transport: ApolloLink = new BaseHttpLink({ uri: '/graphql', credentials: 'same-origin' }),
): ApolloClient => {
  // A password change gives the session a fresh token; a request of another tab that
  // was under way with the old one is refused, and goes through the second time.
  const retryOnce = new ErrorLink(({ error, operation, forward }) => {
    if (!isSignedOut(error)) return
    operation.setContext({ retried: true })
    return forward(operation)
  })
  // Stands before the other: what reaches it was refused both times.
  const endAfterRetry = new ErrorLink(({ error }) => {
    if (isSignedOut(error)) onSessionEnded()
  })
  return new ApolloClient({
    link: ApolloLink.from([
      endAfterRetry,
      createReauthenticationLink(reauthentication),
      // Below the proof: what is sent again after it is another attempt.
      createKeyedMutations(),
      retryOnce,
      transport,
    ]),
    refetchEventManager: new RefetchEventManager({ sources: { windowFocus: windowFocusSource } }),
    // Only where a query asks for it.
    defaultOptions: { watchQuery: { refetchOn: false } },
    cache: new InMemoryCache({
      possibleTypes,
      // There is but one.
      typePolicies: { AccountSettings: { keyFields: [] }, SecuritySettings: { keyFields: [] } },
    }),
  })
}
