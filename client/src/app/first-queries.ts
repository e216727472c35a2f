import type { ApolloClient } from '@apollo/client'
import { matchPath } from 'react-router'
import { takeFirstViewer } from '../sessions/first-viewer'
import type { Session } from '../sessions/session'
import { Viewer } from '../sessions/use-viewer'
import { usersQueryOf } from '../users/users-query'

/**
 * Gives the cache the user who is already loaded, and starts the query of the Users page. A slow
 * phone needs a second to render the page, which then joins the request.
 */
export const startFirstQueries = (
  client: ApolloClient,
  session: Session,
  { pathname, search }: { readonly pathname: string; readonly search: string },
): void => {
  const data = takeFirstViewer()
  const viewer = data?.viewer
  // Without a user, the frame around all pages asks again and opens the sign-in page.
  if (!viewer) return
  session.begin(viewer.id)
  client.writeQuery({ query: Viewer, data })
  if (viewer.mustChangePassword || viewer.mustEnrolSecondFactor) return
  if (!matchPath('/account/users', pathname) || !viewer.permissions.includes('users.read')) return
  client
    .query({
      ...usersQueryOf(viewer.id, new URLSearchParams(search)),
      fetchPolicy: 'network-only',
    })
    // The page sends it again and shows the reason.
    .catch(() => undefined)
}
