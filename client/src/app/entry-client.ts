import { ApolloClient, ApolloLink, InMemoryCache } from '@apollo/client'
import { createHttpLink } from './http-link'
import { createLostAnswerLink } from './lost-answer-link'

/**
 * Creates the API client for pages that users see before they sign in. It caches nothing, because
 * these pages send passwords, codes and the tokens of one-time links. Without a signed-in user a
 * mutation cannot have an Idempotency-Key, so nothing is retried. Each page explains what may have
 * been done.
 */
export const createEntryClient = (): ApolloClient =>
  new ApolloClient({
    link: ApolloLink.from([createLostAnswerLink(), createHttpLink()]),
    cache: new InMemoryCache(),
    defaultOptions: {
      watchQuery: { fetchPolicy: 'no-cache' },
      mutate: { fetchPolicy: 'no-cache' },
    },
  })
