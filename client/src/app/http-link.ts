import { ApolloLink } from '@apollo/client'
import { SetContextLink } from '@apollo/client/link/context'
import { BaseHttpLink } from '@apollo/client/link/http'
import { fetchOrNotice } from '../ui/connection'

/** Creates the link that sends requests to the API. It wants messages in the language of the page. */
export const createHttpLink = (): ApolloLink =>
  ApolloLink.from([
    new SetContextLink(({ headers }) => ({
      headers: { ...headers, 'accept-language': document.documentElement.lang },
    })),
    new BaseHttpLink({ uri: '/graphql', credentials: 'same-origin', fetch: fetchOrNotice }),
  ])
