import { useApolloClient, useMutation } from '@apollo/client/react'
import { useNavigate } from 'react-router'
import { graphql } from '../gql'

const LogOut = graphql(`
  mutation LogOut {
    logOut {
      errors {
        message
      }
    }
  }
`)

/** Signs the user out and discards all data that was loaded for them. */
export const useSignOut = (): (() => Promise<void>) => {
  const [logOut] = useMutation(LogOut)
  const client = useApolloClient()
  const navigate = useNavigate()
  return async () => {
    await logOut().catch(() => undefined)
    await navigate('/sign-in')
    await client.clearStore()
  }
}
