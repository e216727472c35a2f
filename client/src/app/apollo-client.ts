import {
  ApolloClient,
  ApolloLink,
  InMemoryCache,
  RefetchEventManager,
  windowFocusSource,
} from '@apollo/client'
import { CombinedGraphQLErrors } from '@apollo/client/errors'
import { ErrorLink } from '@apollo/client/link/error'
import generated from '../gql/possible-types'
import {
  createReauthentication,
  createReauthenticationLink,
  type Reauthentication,
} from '../reauthentication/reauthentication'
import { createSessionLink, type Session } from '../sessions/session'
import { createHttpLink } from './http-link'
import { createKeyedMutations } from './keyed-mutations'

const isSignedOut = (error: unknown): boolean =>
  CombinedGraphQLErrors.is(error) &&
  error.errors.some(one => one.extensions?.code === 'UNAUTHENTICATED')

/**
 * Creates the API client. Mutations carry an Idempotency-Key and are retried automatically if their
 * answer is lost.
 *
 * @param session the session of the tab, for requests that find that the user is no longer signed in.
 * @param reauthentication asks the user to confirm their identity.
 * @param transport sends the requests; HTTP by default.
 */
export const createApolloClient = (
  session: Session,
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
  return new ApolloClient({
    link: ApolloLink.from([
      // Placed before `retryOnce`, so a failure that reaches it was rejected both times. A request
      // that is sent again after a sign-in may still require a proof.
      createSessionLink(session),
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
      possibleTypes: generated.possibleTypes,
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
