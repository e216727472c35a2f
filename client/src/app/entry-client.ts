import { ApolloClient, InMemoryCache } from '@apollo/client'
import { BaseHttpLink } from '@apollo/client/link/http'

/**
 * The client of the API for pages where nobody is signed in yet. It caches nothing: these pages
 * send passwords, codes and the tokens of one-time links.
 */
export const createEntryClient = (): ApolloClient =>
  new ApolloClient({
    link: new BaseHttpLink({ uri: '/graphql', credentials: 'same-origin' }),
    cache: new InMemoryCache(),
    defaultOptions: {
      watchQuery: { fetchPolicy: 'no-cache' },
      mutate: { fetchPolicy: 'no-cache' },
    },
  })
