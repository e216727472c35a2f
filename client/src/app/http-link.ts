import { ApolloLink } from '@apollo/client'
import { BaseHttpLink } from '@apollo/client/link/http'
import { fetchOrNotice } from '../ui/connection'

/** Creates the link that sends requests to the API. It wants messages in the language of the page. */
export const createHttpLink = (): ApolloLink =>
  ApolloLink.from([
    // Not SetContextLink, which sends a request only after the page is rendered.
    new ApolloLink((operation, forward) => {
      operation.setContext(({ headers }) => ({
        headers: { ...headers, 'accept-language': document.documentElement.lang },
      }))
      return forward(operation)
    }),
    new BaseHttpLink({ uri: '/graphql', credentials: 'same-origin', fetch: fetchOrNotice }),
  ])
