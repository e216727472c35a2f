import { useApolloClient } from '@apollo/client/react'
import { useEffect } from 'react'
import { matchPath, useNavigation } from 'react-router'
import { EditedUserDocument, MyAccountDocument } from '../gql/graphql'

/**
 * Starts the query of a page while the files of the page load. The page then finds its data in the
 * cache, or joins the request that is on its way.
 */
export const useEarlyQueries = (): void => {
  const client = useApolloClient()
  const pathname = useNavigation().location?.pathname
  useEffect(() => {
    if (pathname === undefined) return
    // If a query fails, the page sends it again and shows the reason.
    const start = (answer: Promise<unknown>) => void answer.catch(() => undefined)
    const id = matchPath('/account/users/:id/*', pathname)?.params.id
    if (id !== undefined && id !== 'import') {
      start(client.query({ query: EditedUserDocument, variables: { id } }))
    }
    if (matchPath('/account/me/*', pathname)) start(client.query({ query: MyAccountDocument }))
  }, [client, pathname])
}
