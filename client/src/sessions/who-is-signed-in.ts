import type { ApolloClient } from '@apollo/client'
import { graphql } from '../gql'

const WhoIsSignedIn = graphql(`
  query WhoIsSignedIn {
    viewer {
      id
      login
      mustChangePassword
      mustEnrolSecondFactor
    }
  }
`)

/** The user of the browser's session. */
export interface SignedIn {
  readonly id: string
  readonly login: string
  /** Whether the user must choose a password or add a second factor before anything else. */
  readonly mustActFirst: boolean
}

/**
 * Asks the API whose session the browser has.
 *
 * @param client the client that expects no particular user.
 * @returns null if no user is signed in.
 */
export const whoIsSignedIn = async (client: ApolloClient): Promise<SignedIn | null> => {
  const { data } = await client.query({ query: WhoIsSignedIn, fetchPolicy: 'no-cache' })
  const viewer = data?.viewer
  if (viewer == null) return null
  const { id, login, mustChangePassword, mustEnrolSecondFactor } = viewer
  return { id, login, mustActFirst: mustChangePassword || mustEnrolSecondFactor }
}
