import { useApolloClient } from '@apollo/client/react'
import { useNavigate } from 'react-router'
import { graphql } from '../gql'
import { OneTimeLinkPage } from '../one-time-links/OneTimeLinkPage'
import type { SignInState } from '../sessions/sign-in-address'
import { LinkPasswordForm } from './LinkPasswordForm'

const ResetPassword = graphql(`
  mutation ResetPassword($input: ResetPasswordInput!) {
    resetPassword(input: $input) {
      errors {
        ...LinkPasswordErrors
      }
    }
  }
`)

const deadWords = {
  USED: 'The password was set with it already: sign in with that one. To set another, ask for a new link.',
  EXPIRED: 'Links to set a new password last for half an hour. Ask for a new one.',
  REVOKED:
    'The password was changed since, or a newer link took its place: use the one in the latest e-mail, or ask for a new one.',
  UNKNOWN:
    'It is not complete, or very old. Open it once more from the e-mail, or ask for a new one.',
}

/** The page of a one-time link, which replaces a forgotten password. */
export const ResetPasswordPage = () => {
  const navigate = useNavigate()
  const client = useApolloClient()
  return (
    <OneTimeLinkPage
      purpose="PASSWORD_RESET"
      title="Set a new password"
      deadWords={deadWords}
      wayOut={{ to: '/forgot-password', label: 'Ask for a new link' }}
    >
      {link => (
        <LinkPasswordForm
          link={link}
          title="Set a new password"
          words="It takes the place of the old one, and every session ends."
          labels={{
            password: 'New password',
            repeat: 'Repeat new password',
            submit: 'Set new password',
          }}
          lostAnswer="The answer was lost. Your password may have been changed: try to sign in with the new one."
          onSubmit={async newPassword => {
            const { data } = await client.mutate({
              mutation: ResetPassword,
              variables: { input: { token: link.token, newPassword } },
            })
            const errors = data?.resetPassword.errors ?? []
            if (errors.length === 0) {
              const state: SignInState = { passwordResetOf: link.login }
              await navigate('/sign-in', { replace: true, state })
            }
            return errors
          }}
        />
      )}
    </OneTimeLinkPage>
  )
}
