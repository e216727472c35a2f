import { useQuery } from '@apollo/client/react'
import { graphql } from '../gql'

/** The query for the signed-in user. */

export const Viewer = graphql(`
  query Viewer {
    viewer {
      id
      login
      name
      language
      role
      permissions
      mustChangePassword
      mustEnrolSecondFactor
      mustEnrolSecondFactorFrom
    }
  }
`)

/** The signed-in user; undefined until this is known, null if no user is signed in. */
export const useViewer = () => {
  const { data, loading, error, refetch } = useQuery(Viewer, {
    // In the meantime an administrator may have changed the user's role or blocked the user.
    refetchOn: { windowFocus: true },
  })
  return { viewer: data?.viewer, loading, error, refetch }
}
