import { useApolloClient, useQuery } from '@apollo/client/react'
import { Alert, Anchor, Button, Stack } from '@mantine/core'
import { IconFingerprint, IconInfoCircle } from '@tabler/icons-react'
import type { FormikHelpers } from 'formik'
import { lazy, Suspense, useState, useTransition } from 'react'
import { FormPasswordField } from '../forms/FormTextField'
import { LoginField } from '../forms/LoginField'
import { RefusalAlert } from '../forms/RefusalAlert'
import { useCountdown } from '../forms/use-countdown'
import { ValidatedForm } from '../forms/ValidatedForm'
import { graphql } from '../gql'
import type { SessionEndReason } from '../gql/graphql'
import { knowsPasskeys } from '../second-factor/knows-passkeys'
import type { SignInChallenge } from '../second-factor/SecondStep'
import { describeFailure } from '../ui/describe-failure'
import { EntryPage } from '../ui/EntryPage'
import { PageTitle } from '../ui/PageTitle'
import { safeNext } from './sign-in-address'

const LogIn = graphql(`
  mutation LogIn($input: LogInInput!) {
    logIn(input: $input) {
      user {
        id
      }
      challenge {
        token
        methods
        passkeyOptions
        phoneHint
        canTrustDevice
        expiresAt
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

interface Credentials {
  login: string
  password: string
}

const validate = ({ login, password }: Credentials) => ({
  ...(login.trim() === '' ? { login: 'Enter your login.' } : {}),
  ...(password === '' ? { password: 'Enter your password.' } : {}),
})

/** Texts that explain why a session ended and what to do. */
const endReasons: Record<SessionEndReason, string> = {
  PASSWORD_CHANGED:
    'Your password was changed, which ended your session here. Sign in with the new one. If you did not change it, tell an administrator.',
  PASSWORD_RESET:
    'A new password was set through the link for forgotten ones, which ended your session here. Sign in with the new one. If that was not you, tell an administrator.',
  BLOCKED: 'Your account was blocked, which ended your session here. Ask an administrator.',
  ENDED_ELSEWHERE:
    'Your session here was ended from another one. If that was not you, change your password.',
  ADDRESS_NOT_ALLOWED:
    'Rekey can’t be used from the address you are at now. From one that is allowed your session goes on; if yours should be, ask an administrator.',
}

/** Explains why the user sees the sign-in page; null if they opened it themselves. */
const noticeOf = (
  passwordResetOf: string | undefined,
  sessionEndReason: SessionEndReason | null | undefined,
  reason: string | null,
): string | null => {
  if (passwordResetOf !== undefined) return 'Your new password is set. Sign in with it.'
  if (sessionEndReason != null) return endReasons[sessionEndReason]
  return reason === 'ended' ? 'Your session has ended. Please sign in again.' : null
}

const SecondStep = lazy(() =>
  import('../second-factor/SecondStep').then(part => ({ default: part.SecondStep })),
)

/** A sign-in whose password was right, with the challenge for the second step. */
interface BegunSignIn {
  readonly challenge: SignInChallenge
  readonly login: string
}

/** Why a sign-in was rejected. */
interface SignInRefusal {
  readonly message: string
  /** The field to enter again, if that can help. */
  readonly field?: 'password'
}

interface SignInPageProps {
  /** The query parameters of the page's address. */
  parameters: URLSearchParams
  /** The login whose forgotten password was just replaced. */
  passwordResetOf?: string | undefined
  /** @param next the address to open. */
  onSignedIn: (next: string) => void | Promise<void>
}

// Signing in a second time does no harm.
const lostAnswer = 'Rekey can’t be reached. Check your connection and sign in again.'

/**
 * The sign-in page. It does not use the router, because it is shown before the router is loaded.
 */
export const SignInPage = ({ parameters, passwordResetOf, onSignedIn }: SignInPageProps) => {
  const client = useApolloClient()
  const { data: facts } = useQuery(SignInFacts)
  const [refusal, setRefusal] = useState<SignInRefusal | null>(null)
  const [begun, setBegun] = useState<BegunSignIn | null>(null)
  const [asking, setAsking] = useState(false)
  const [stepLoading, loadStep] = useTransition()
  const wait = useCountdown()
  const goOn = () => onSignedIn(safeNext(parameters.get('next')))

  const signInByPasskey = async () => {
    setRefusal(null)
    setAsking(true)
    try {
      const { signInWithPasskey } = await import('../second-factor/passkey-sign-in')
      const refused = await signInWithPasskey(client)
      if (refused === null) {
        await goOn()
        return
      }
      wait.start(refused.retryAfterSeconds)
      setRefusal({ message: refused.message })
    } catch (failure) {
      setRefusal({ message: describeFailure(failure, lostAnswer) })
    } finally {
      setAsking(false)
    }
  }

  const signIn = async (
    values: Credentials,
    form: Pick<FormikHelpers<Credentials>, 'setFieldValue' | 'setTouched'>,
  ) => {
    setRefusal(null)
    try {
      const { data } = await client.mutate({ mutation: LogIn, variables: { input: values } })
      const { challenge, errors } = data?.logIn ?? { errors: [] }
      if (challenge != null) {
        // The form stays visible until the second step is loaded.
        loadStep(() => setBegun({ challenge, login: values.login.trim() }))
        return
      }
      const [error] = errors
      if (error === undefined) {
        await goOn()
        return
      }
      if (error.__typename === 'TooManyAttempts') wait.start(error.retryAfterSeconds)
      await form.setFieldValue('password', '', false)
      form.setTouched({}, false)
      setRefusal({ message: error.message, field: 'password' })
    } catch (failure) {
      setRefusal({ message: describeFailure(failure, lostAnswer) })
    }
  }

  if (begun !== null) {
    return (
      <EntryPage>
        <Suspense>
          <SecondStep {...begun} onSignedIn={goOn} onRestart={() => setBegun(null)} />
        </Suspense>
      </EntryPage>
    )
  }
  const notice = noticeOf(passwordResetOf, facts?.sessionEndReason, parameters.get('reason'))
  return (
    <EntryPage>
      <ValidatedForm
        initialValues={{ login: passwordResetOf ?? '', password: '' }}
        validate={validate}
        onSubmit={signIn}
      >
        {form => (
          <Stack gap="md">
            <PageTitle title="Sign in" />
            {refusal === null && notice !== null && (
              <Alert color="blue" icon={<IconInfoCircle />} role="status">
                {notice}
              </Alert>
            )}
            {facts?.setupRequired === true && (
              <Alert color="blue" icon={<IconInfoCircle />} title="No owner yet">
                Open the one-time link that Rekey printed in its terminal to make the first owner.
              </Alert>
            )}
            <RefusalAlert
              refusal={refusal?.message ?? null}
              waitSeconds={wait.seconds}
              field={refusal?.field}
            />
            <LoginField
              name="login"
              maxLength={254}
              placeholder="you@example.com"
              autoComplete="username"
              autoFocus={passwordResetOf === undefined}
            />
            <FormPasswordField
              name="password"
              label="Password"
              autoComplete="current-password"
              autoFocus={passwordResetOf !== undefined}
            />
            <Button
              type="submit"
              loading={form.isSubmitting || stepLoading}
              disabled={wait.seconds > 0}
              fullWidth
            >
              Sign in
            </Button>
            {knowsPasskeys() && (
              <Button
                variant="default"
                leftSection={<IconFingerprint size={18} aria-hidden />}
                loading={asking}
                disabled={wait.seconds > 0}
                onClick={() => void signInByPasskey()}
                fullWidth
              >
                Sign in with a passkey
              </Button>
            )}
            <Anchor href="/forgot-password" size="sm" ta="center">
              Forgot your password?
            </Anchor>
          </Stack>
        )}
      </ValidatedForm>
    </EntryPage>
  )
}
