import { Alert, Button, Stack, Text } from '@mantine/core'
import { IconAlertCircle, IconInfoCircle } from '@tabler/icons-react'
import { Form, Formik } from 'formik'
import { useEffect, useRef, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { describeFailure } from '../app/describe-failure'
import { EntryPage } from '../app/EntryPage'
import { PageTitle } from '../app/PageTitle'
import { request } from '../app/request'
import { FormPasswordField, FormTextField } from '../forms/FormTextField'
import { focusFirstInvalid } from '../forms/server-errors'
import { clockOf, useCountdown } from '../forms/use-countdown'
import { graphql } from '../gql'
import type { SignInFactsQuery } from '../gql/graphql'
import { safeNext } from './sign-in-address'

const LogIn = graphql(`
  mutation LogIn($input: LogInInput!) {
    logIn(input: $input) {
      user {
        id
      }
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

const SignInFacts = graphql(`
  query SignInFacts {
    setupRequired
    sessionEndReason
  }
`)

const validate = ({ login, password }: { login: string; password: string }) => ({
  ...(login.trim() === '' ? { login: 'Enter your login.' } : {}),
  ...(password === '' ? { password: 'Enter your password.' } : {}),
})

/** What the page tells beside the form, once it is known. */
const useSignInFacts = (): SignInFactsQuery | null => {
  const [facts, setFacts] = useState<SignInFactsQuery | null>(null)
  useEffect(() => {
    const leaving = new AbortController()
    request(SignInFacts, {}, leaving.signal).then(setFacts, () => undefined)
    return () => leaving.abort()
  }, [])
  return facts
}

/** Where people sign in. */
export const SignInPage = () => {
  const [parameters] = useSearchParams()
  const navigate = useNavigate()
  const facts = useSignInFacts()
  const [refusal, setRefusal] = useState<string | null>(null)
  const alert = useRef<HTMLDivElement>(null)
  const wait = useCountdown()

  const refuse = (message: string) => {
    setRefusal(message)
    setTimeout(() => alert.current?.focus(), 0)
  }

  return (
    <EntryPage>
      <Formik
        initialValues={{ login: '', password: '' }}
        validate={validate}
        validateOnBlur={false}
        onSubmit={async (values, form) => {
          setRefusal(null)
          try {
            const { logIn } = await request(LogIn, { input: values })
            const [error] = logIn.errors
            if (error === undefined) {
              await navigate(safeNext(parameters.get('next')), { replace: true })
              return
            }
            if (error.__typename === 'TooManyAttempts') wait.start(error.retryAfterSeconds)
            await form.setFieldValue('password', '', false)
            form.setTouched({}, false)
            refuse(error.message)
          } catch (failure) {
            refuse(describeFailure(failure))
          }
        }}
      >
        {form => (
          <Form
            noValidate
            onSubmit={event => {
              focusFirstInvalid(form.values, validate(form.values))
              form.handleSubmit(event)
            }}
          >
            <Stack gap="md">
              <PageTitle title="Sign in" />
              {refusal === null && facts?.sessionEndReason === 'PASSWORD_CHANGED' ? (
                <Alert color="blue" icon={<IconInfoCircle />} role="status">
                  Your password was changed, which ended your session here. Sign in with the new
                  one. If you did not change it, tell an administrator.
                </Alert>
              ) : (
                refusal === null &&
                parameters.get('reason') === 'ended' && (
                  <Alert color="blue" icon={<IconInfoCircle />} role="status">
                    Your session has ended. Please sign in again.
                  </Alert>
                )
              )}
              {facts?.setupRequired === true && (
                <Alert color="blue" icon={<IconInfoCircle />} title="No owner yet">
                  Open the one-time link that Rekey printed in its terminal to make the first owner.
                </Alert>
              )}
              {refusal !== null && (
                <Alert
                  ref={alert}
                  color="red"
                  icon={<IconAlertCircle />}
                  role="alert"
                  tabIndex={-1}
                >
                  {refusal}
                  {wait.seconds > 0 && (
                    <Text size="sm" mt={4} aria-hidden>
                      You can try again in {clockOf(wait.seconds)}.
                    </Text>
                  )}
                </Alert>
              )}
              <FormTextField
                name="login"
                label="Login"
                type="email"
                placeholder="you@example.com"
                autoComplete="username"
                autoCapitalize="none"
                spellCheck={false}
                autoFocus
              />
              <FormPasswordField name="password" label="Password" autoComplete="current-password" />
              <Button
                type="submit"
                loading={form.isSubmitting}
                disabled={wait.seconds > 0}
                fullWidth
              >
                Sign in
              </Button>
            </Stack>
          </Form>
        )}
      </Formik>
    </EntryPage>
  )
}
