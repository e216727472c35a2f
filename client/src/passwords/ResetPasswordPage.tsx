import { useApolloClient } from '@apollo/client/react'
import { useNavigate } from 'react-router'
import { graphql } from '../gql'
import { useLocale } from '../messages/use-locale'
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

/** The page of a one-time link, which replaces a forgotten password. */
export const ResetPasswordPage = () => {
  const { t } = useLocale()
  const navigate = useNavigate()
  const client = useApolloClient()
  return (
    <OneTimeLinkPage
      purpose="PASSWORD_RESET"
      title={t('passwords.reset.title')}
      deadWords={{
        USED: t('passwords.reset.dead.USED'),
        EXPIRED: t('passwords.reset.dead.EXPIRED'),
        REVOKED: t('passwords.reset.dead.REVOKED'),
        UNKNOWN: t('passwords.reset.dead.UNKNOWN'),
      }}
      wayOut={{ to: '/forgot-password', label: t('passwords.reset.askAgain') }}
    >
      {link => (
        <LinkPasswordForm
          link={link}
          title={t('passwords.reset.title')}
          words={t('passwords.reset.intro')}
          labels={{
            password: t('passwords.fields.new'),
            repeat: t('passwords.fields.repeat'),
            submit: t('passwords.reset.submit'),
          }}
          lostAnswer={t('passwords.reset.lostAnswer')}
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
