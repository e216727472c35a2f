import { useApolloClient, useQuery } from '@apollo/client/react'
import { Anchor, Button, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import { LoginField } from '../forms/LoginField'
import { RefusalAlert } from '../forms/RefusalAlert'
import { useCountdown } from '../forms/use-countdown'
import { ValidatedForm } from '../forms/ValidatedForm'
import { graphql } from '../gql'
import type { Translate } from '../messages/locale'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { describeFailure } from '../ui/describe-failure'
import { EntryPage } from '../ui/EntryPage'
import { PageTitle } from '../ui/PageTitle'

const RequestPasswordReset = graphql(`
  mutation RequestPasswordReset($input: RequestPasswordResetInput!) {
    requestPasswordReset(input: $input) {
      errors {
        __typename
        ... on UserError {
          message
          path
        }
        ... on TooManyAttempts {
          retryAfterSeconds
        }
      }
    }
  }
`)

const ForgotPasswordFacts = graphql(`
  query ForgotPasswordFacts {
    passwordResetByMail
  }
`)

const validate =
  (t: Translate) =>
  ({ login }: { login: string }) =>
    login.trim() === '' ? { login: t('forms.login.missing') } : {}

/**
 * Requests a link that replaces a forgotten password. The answer is the same whether or not the
 * account exists.
 */
export const ForgotPasswordPage = () => {
  const { t } = useLocale()
  const client = useApolloClient()
  const { data: facts } = useQuery(ForgotPasswordFacts)
  const [askedFor, setAskedFor] = useState<string | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const wait = useCountdown()

  return (
    <EntryPage>
      {facts?.passwordResetByMail === false ? (
        <Stack gap="md">
          <PageTitle title={t('passwords.forgot.title')} />
          <Text>{t('passwords.forgot.noMail')}</Text>
          <Button component={Link} to="/sign-in">
            {t('sessions.goToSignIn')}
          </Button>
        </Stack>
      ) : askedFor !== null ? (
        <Stack gap="md">
          <PageTitle title={t('passwords.forgot.sentTitle')} />
          <Text style={{ overflowWrap: 'anywhere' }}>
            <Message
              id="passwords.forgot.sent"
              values={{ login: <bdi>{askedFor}</bdi>, b: content => <b>{content}</b> }}
            />
          </Text>
          <Text size="sm" c="dimmed">
            {t('passwords.forgot.nothingCame')}
          </Text>
          <Button component={Link} to="/sign-in">
            {t('sessions.goToSignIn')}
          </Button>
          <Button variant="default" onClick={() => setAskedFor(null)}>
            {t('passwords.forgot.again')}
          </Button>
        </Stack>
      ) : (
        <ValidatedForm
          initialValues={{ login: '' }}
          validate={validate(t)}
          onSubmit={async ({ login }) => {
            setRefusal(null)
            try {
              const { data } = await client.mutate({
                mutation: RequestPasswordReset,
                variables: { input: { login: login.trim() } },
              })
              const [error] = data?.requestPasswordReset.errors ?? []
              if (error === undefined) {
                setAskedFor(login.trim())
                return
              }
              wait.start(error.retryAfterSeconds)
              setRefusal(error.message)
            } catch (failure) {
              setRefusal(describeFailure(t, failure, t('passwords.forgot.lostAnswer')))
            }
          }}
        >
          {form => (
            <Stack gap="md">
              <PageTitle title={t('passwords.forgot.title')} />
              <Text size="sm" c="dimmed">
                {t('passwords.forgot.intro')}
              </Text>
              <RefusalAlert refusal={refusal} waitSeconds={wait.seconds} />
              <LoginField
                name="login"
                maxLength={254}
                placeholder={t('forms.login.placeholder')}
                autoComplete="username"
                autoFocus
              />
              <Button
                type="submit"
                loading={form.isSubmitting}
                disabled={wait.seconds > 0}
                fullWidth
              >
                {t('passwords.forgot.submit')}
              </Button>
              <Anchor component={Link} to="/sign-in" size="sm" ta="center">
                {t('sessions.backToSignIn')}
              </Anchor>
            </Stack>
          )}
        </ValidatedForm>
      )}
    </EntryPage>
  )
}
