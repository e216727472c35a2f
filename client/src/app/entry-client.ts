import { ApolloClient, ApolloLink, InMemoryCache } from '@apollo/client'
import { BaseHttpLink } from '@apollo/client/link/http'
import { createLostAnswerLink } from './keyed-mutations'

/**
 * The client of the API for pages where nobody is signed in yet. It caches nothing: these pages
 * send passwords, codes and the tokens of one-time links. Nobody's mutation can have an
 * Idempotency-Key, so nothing is sent again: each page says what may have been done.
 */
export const createEntryClient = (): ApolloClient =>
  new ApolloClient({
    link: ApolloLink.from([
      createLostAnswerLink(),
      new BaseHttpLink({ uri: '/graphql', credentials: 'same-origin' }),
    ]),
    cache: new InMemoryCache(),
    defaultOptions: {
      watchQuery: { fetchPolicy: 'no-cache' },
      mutate: { fetchPolicy: 'no-cache' },
    },
  })
