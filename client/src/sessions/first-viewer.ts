import type { ApolloClient } from '@apollo/client'
import type { ViewerQuery } from '../gql/graphql'
import { Viewer } from './use-viewer'

let first: ViewerQuery | undefined

/**
 * Loads the signed-in user while the files of the first page load, so that the page is rendered only
 * once. If this fails, the page loads the user and shows the reason.
 *
 * @param client the client that expects no particular user.
 */
export const loadFirstViewer = async (client: ApolloClient): Promise<void> => {
  const answer = await client.query({ query: Viewer }).catch(() => undefined)
  first = answer?.data
}

/** Returns what was loaded, once: the next page may be for another user. */
export const takeFirstViewer = (): ViewerQuery | undefined => {
  const taken = first
  first = undefined
  return taken
}
