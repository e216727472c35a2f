import { useApolloClient } from '@apollo/client/react'
import { useNavigate } from 'react-router'
import { graphql } from '../gql'
import { OneTimeLinkPage } from '../one-time-links/OneTimeLinkPage'
import { LinkPasswordForm } from '../passwords/LinkPasswordForm'

const ActivateUser = graphql(`
  mutation ActivateUser($input: ActivateUserInput!) {
    activateUser(input: $input) {
      errors {
        ...LinkPasswordErrors
      }
    }
  }
`)

const deadWords = {
  USED: 'Your account is active already: sign in with the password you chose then. If you don’t remember it, sign-in has a way to set a new one.',
  EXPIRED: 'Invitations last for three days. Ask whoever invited you to send it again.',
  REVOKED:
    'The invitation was withdrawn, or a newer one took its place: use the link in the latest e-mail, or ask whoever invited you.',
  UNKNOWN:
    'It is not complete, or belongs to an invitation of long ago. Open it once more from the e-mail, or ask whoever invited you to send it again.',
}

/** The page of an invitation link, on which an invited user chooses a password. */
export const ActivatePage = () => {
  const navigate = useNavigate()
  const client = useApolloClient()
  return (
    <OneTimeLinkPage purpose="INVITATION" title="Activate your account" deadWords={deadWords}>
      {link => (
        <LinkPasswordForm
          link={link}
          first
          title={`Welcome, ${link.name}`}
          words="Choose a password for your account. You sign in with it and the login below."
          labels={{ password: 'Password', repeat: 'Repeat password', submit: 'Activate account' }}
          lostAnswer="The answer was lost. Your account may be active: try to sign in with the password you chose."
          onSubmit={async password => {
            const { data } = await client.mutate({
              mutation: ActivateUser,
              variables: { input: { token: link.token, password } },
            })
            const errors = data?.activateUser.errors ?? []
            if (errors.length === 0) await navigate('/', { replace: true })
            return errors
          }}
        />
      )}
    </OneTimeLinkPage>
  )
}
