import { useQuery } from '@apollo/client/react'
import { graphql } from '../gql'

/** Who is signed in. */
export const Viewer = graphql(`
  query Viewer {
    viewer {
      id
      login
      name
      role
      permissions
      mustChangePassword
      mustEnrolSecondFactor
    }
  }
`)

/** Who is signed in: undefined while that is not known, null when nobody is. */
export const useViewer = () => {
  const { data, loading, error, refetch } = useQuery(Viewer, {
    // Someone may have changed the role, or blocked them, while they were elsewhere.
    refetchOn: { windowFocus: true },
  })
  return { viewer: data?.viewer, loading, error, refetch }
}
