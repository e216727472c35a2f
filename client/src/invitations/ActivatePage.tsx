import { useApolloClient } from '@apollo/client/react'
import { useNavigate } from 'react-router'
import { graphql } from '../gql'
import { useLocale } from '../messages/use-locale'
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

/** The page of an invitation link, on which an invited user chooses a password. */
export const ActivatePage = () => {
  const { t } = useLocale()
  const navigate = useNavigate()
  const client = useApolloClient()
  return (
    <OneTimeLinkPage
      purpose="INVITATION"
      title={t('invitations.activate.title')}
      deadWords={{
        USED: t('invitations.activate.dead.USED'),
        EXPIRED: t('invitations.activate.dead.EXPIRED'),
        REVOKED: t('invitations.activate.dead.REVOKED'),
        UNKNOWN: t('invitations.activate.dead.UNKNOWN'),
      }}
    >
      {link => (
        <LinkPasswordForm
          link={link}
          first
          title={t('invitations.activate.welcome', { name: link.name })}
          words={t('invitations.activate.intro')}
          labels={{
            password: t('passwords.fields.first'),
            repeat: t('passwords.fields.repeatFirst'),
            submit: t('invitations.activate.submit'),
          }}
          lostAnswer={t('invitations.activate.answerLost')}
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
