import { useApolloClient } from '@apollo/client/react'
import { Anchor, Button, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import { LoginField } from '../forms/LoginField'
import { RefusalAlert } from '../forms/RefusalAlert'
import { useCountdown } from '../forms/use-countdown'
import { ValidatedForm } from '../forms/ValidatedForm'
import { graphql } from '../gql'
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

const lostAnswer =
  'The answer was lost. The link may have been sent: check your mailbox before you request another.'

const validate = ({ login }: { login: string }) =>
  login.trim() === '' ? { login: 'Enter your login.' } : {}

/**
 * Requests a link that replaces a forgotten password. The answer is the same whether or not the
 * account exists.
 */
export const ForgotPasswordPage = () => {
  const client = useApolloClient()
  const [askedFor, setAskedFor] = useState<string | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const wait = useCountdown()

  return (
    <EntryPage>
      {askedFor !== null ? (
        <Stack gap="md">
          <PageTitle title="Check your e-mail" />
          <Text style={{ overflowWrap: 'anywhere' }}>
            If <b>{askedFor}</b> is a login here, a link to set a new password is on its way to it.
            It works once, for half an hour.
          </Text>
          <Text size="sm" c="dimmed">
            Nothing there after a few minutes? Look among the spam, check that the login is spelt
            right, or ask an administrator.
          </Text>
          <Button component={Link} to="/sign-in">
            Go to sign-in
          </Button>
          <Button variant="default" onClick={() => setAskedFor(null)}>
            Ask again
          </Button>
        </Stack>
      ) : (
        <ValidatedForm
          initialValues={{ login: '' }}
          validate={validate}
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
              setRefusal(describeFailure(failure, lostAnswer))
            }
          }}
        >
          {form => (
            <Stack gap="md">
              <PageTitle title="Forgot your password?" />
              <Text size="sm" c="dimmed">
                Enter your login, and a link to set a new password is sent to it.
              </Text>
              <RefusalAlert refusal={refusal} waitSeconds={wait.seconds} />
              <LoginField
                name="login"
                maxLength={254}
                placeholder="you@example.com"
                autoComplete="username"
                autoFocus
              />
              <Button
                type="submit"
                loading={form.isSubmitting}
                disabled={wait.seconds > 0}
                fullWidth
              >
                Send the link
              </Button>
              <Anchor component={Link} to="/sign-in" size="sm" ta="center">
                Back to sign-in
              </Anchor>
            </Stack>
          )}
        </ValidatedForm>
      )}
    </EntryPage>
  )
}
