import { useApolloClient, useMutation } from '@apollo/client/react'
import { useNavigate } from 'react-router'
import { graphql } from '../gql'
import { useSession } from './session'

const LogOut = graphql(`
  mutation LogOut {
    logOut {
      errors {
        message
      }
    }
  }
`)

/** Signs the user out and discards all data that was loaded for them, in all tabs. */
export const useSignOut = (): (() => Promise<void>) => {
  const [logOut] = useMutation(LogOut)
  const client = useApolloClient()
  const navigate = useNavigate()
  const session = useSession()
  return async () => {
    await logOut().catch(() => undefined)
    session?.end()
    await navigate('/sign-in')
    await client.clearStore()
  }
}
