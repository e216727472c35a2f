import { useApolloClient, useQuery } from '@apollo/client/react'
import { Button, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { FormTextField } from '../forms/FormTextField'
import { LoginField } from '../forms/LoginField'
import { graphql } from '../gql'
import type { Translate } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { useLinkToken } from '../one-time-links/use-link-token'
import { NewPasswordForm } from '../passwords/NewPasswordForm'
import { PasswordPolicyQuery } from '../passwords/password-policy'
import { EntryPage } from '../ui/EntryPage'
import { LoadFailure } from '../ui/LoadFailure'
import { PageTitle } from '../ui/PageTitle'

const SetUpOwner = graphql(`
  mutation SetUpOwner($input: SetUpOwnerInput!) {
    setUpOwner(input: $input) {
      user {
        id
      }
      errors {
        __typename
        ...NewPasswordErrors
      }
    }
  }
`)

const empty = { login: '', firstName: '', lastName: '', newPassword: '', repeatPassword: '' }
type Values = typeof empty

const validate =
  (t: Translate) =>
  ({ login, firstName }: Values): Partial<Values> => ({
    ...(login.trim() === '' ? { login: t('forms.login.addressMissing') } : {}),
    ...(firstName.trim() === '' ? { firstName: t('setup.form.firstNameMissing') } : {}),
  })

/** The page of the one-time link that creates the first owner. */
export const SetUpPage = () => {
  const { t } = useLocale()
  const token = useLinkToken()
  const [deadToken, setDeadToken] = useState('')
  const client = useApolloClient()
  const { data, error, refetch } = useQuery(PasswordPolicyQuery)
  const navigate = useNavigate()

  if (token === deadToken) {
    return (
      <EntryPage>
        <Stack gap="md">
          <PageTitle title={t('one-time-links.title.UNKNOWN')} />
          <Text>{t('setup.invalidLink.text')}</Text>
          <Button component={Link} to="/sign-in" variant="default">
            {t('sessions.goToSignIn')}
          </Button>
        </Stack>
      </EntryPage>
    )
  }

  const title = <PageTitle title={t('setup.form.title')} />
  return (
    <EntryPage>
      {data === undefined ? (
        <Stack gap="md" aria-busy={error === undefined} mih={220}>
          {title}
          {error !== undefined && <LoadFailure failure={error} onRetry={() => void refetch()} />}
        </Stack>
      ) : (
        <NewPasswordForm<Values>
          initialValues={empty}
          policy={data.passwordPolicy}
          first
          loginOf={({ login }) => login}
          knownOf={({ firstName, lastName }) => [firstName, lastName]}
          validate={validate(t)}
          labels={{
            password: t('passwords.fields.first'),
            repeat: t('passwords.fields.repeatFirst'),
            submit: t('setup.form.submit'),
          }}
          lostAnswer={t('setup.form.lostAnswer')}
          onSubmit={async ({ login, firstName, lastName, newPassword: password }) => {
            const { data: made } = await client.mutate({
              mutation: SetUpOwner,
              variables: { input: { token, login, firstName, lastName, password } },
            })
            const errors = made?.setUpOwner.errors ?? []
            if (errors.length === 0) await navigate('/', { replace: true })
            if (errors.some(one => one.__typename === 'SetupLinkInvalid')) {
              setDeadToken(token)
            }
            return errors
          }}
        >
          {title}
          <Text size="sm" c="dimmed">
            {t('setup.form.intro')}
          </Text>
          <LoginField
            name="login"
            description={t('setup.form.loginHint')}
            autoComplete="username"
            autoFocus
          />
          <FormTextField
            name="firstName"
            label={t('users.field.firstName')}
            autoComplete="given-name"
          />
          <FormTextField
            name="lastName"
            label={t('users.field.lastName')}
            autoComplete="family-name"
          />
        </NewPasswordForm>
      )}
    </EntryPage>
  )
}
