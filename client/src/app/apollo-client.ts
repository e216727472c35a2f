import {
  ApolloClient,
  ApolloLink,
  InMemoryCache,
  RefetchEventManager,
  windowFocusSource,
} from '@apollo/client'
import { CombinedGraphQLErrors } from '@apollo/client/errors'
import { ErrorLink } from '@apollo/client/link/error'
import {
  createReauthentication,
  createReauthenticationLink,
  type Reauthentication,
} from '../reauthentication/reauthentication'
import { createHttpLink } from './http-link'
import { createKeyedMutations } from './keyed-mutations'
import { possibleTypes } from './possible-types'

const isSignedOut = (error: unknown): boolean =>
  CombinedGraphQLErrors.is(error) &&
  error.errors.some(one => one.extensions?.code === 'UNAUTHENTICATED')

/**
 * Creates the API client. Mutations carry an Idempotency-Key and are retried automatically if their
 * answer is lost.
 *
 * @param onSessionEnded is called if a request finds that the user is no longer signed in.
 * @param reauthentication asks the user to confirm their identity.
 * @param transport sends the requests; HTTP by default.
 */
export const createApolloClient = (
  onSessionEnded: () => void,
  reauthentication: Reauthentication = createReauthentication(),
  transport: ApolloLink = createHttpLink(),
): ApolloClient => {
  // A password change gives the session a new token. A request that another tab sent with the
  // old token is rejected, and succeeds the second time.
  const retryOnce = new ErrorLink(({ error, operation, forward }) => {
    if (!isSignedOut(error)) return
    operation.setContext({ retried: true })
    return forward(operation)
  })
  // Placed before the other link, so a failure that reaches it was rejected both times.
  const endAfterRetry = new ErrorLink(({ error }) => {
    if (isSignedOut(error)) onSessionEnded()
  })
  return new ApolloClient({
    link: ApolloLink.from([
      endAfterRetry,
      createReauthenticationLink(reauthentication),
      // Placed after the reauthentication link: a request that is sent again after the
      // proof is another attempt and needs another key.
      createKeyedMutations(),
      retryOnce,
      transport,
    ]),
    refetchEventManager: new RefetchEventManager({ sources: { windowFocus: windowFocusSource } }),
    // Only if a query requests it.
    defaultOptions: { watchQuery: { refetchOn: false } },
    cache: new InMemoryCache({
      possibleTypes,
      // There is only one of each.
      typePolicies: {
        AccountSettings: { keyFields: [] },
        PasswordAgeSettings: { keyFields: [] },
        PasswordPolicySettings: { keyFields: [] },
        SecuritySettings: { keyFields: [] },
      },
    }),
  })
}
