import { useApolloClient, useQuery } from '@apollo/client/react'
import { Alert, Anchor, Button, Stack } from '@mantine/core'
import { IconFingerprint, IconInfoCircle } from '@tabler/icons-react'
import type { FormikHelpers } from 'formik'
import { lazy, Suspense, useContext, useState, useTransition } from 'react'
import { FormPasswordField } from '../forms/FormTextField'
import { LoginField } from '../forms/LoginField'
import { RefusalAlert } from '../forms/RefusalAlert'
import { useCountdown } from '../forms/use-countdown'
import { ValidatedForm } from '../forms/ValidatedForm'
import { graphql } from '../gql'
import type { SessionEndReason } from '../gql/graphql'
import type { PlainMessageId, Translate } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { knowsPasskeys } from '../second-factor/knows-passkeys'
import type { SignInChallenge } from '../second-factor/SecondStep'
import { describeFailure } from '../ui/describe-failure'
import { OutcomeUnknown } from '../ui/outcome-unknown'
import { InDialog, PageTitle } from '../ui/PageTitle'

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

/** The entered login and password, by the names of their fields. */
type Values = Record<string, string>

const pageNames = { login: 'login', password: 'password' }
const dialogNames = { login: 'signInLogin', password: 'signInPassword' }
type Names = typeof pageNames

const validate =
  (t: Translate, names: Names) =>
  ({ [names.login]: login = '', [names.password]: password = '' }: Values) => ({
    ...(login.trim() === '' ? { [names.login]: t('forms.login.missing') } : {}),
    ...(password === '' ? { [names.password]: t('forms.password.missing') } : {}),
  })

/** Texts that explain why a session ended and what to do. */
const endReasonMessages: Record<SessionEndReason, PlainMessageId> = {
  PASSWORD_CHANGED: 'sessions.endReason.PASSWORD_CHANGED',
  PASSWORD_RESET: 'sessions.endReason.PASSWORD_RESET',
  BLOCKED: 'sessions.endReason.BLOCKED',
  ENDED_ELSEWHERE: 'sessions.endReason.ENDED_ELSEWHERE',
  ENDED_BY_ADMINISTRATOR: 'sessions.endReason.ENDED_BY_ADMINISTRATOR',
  ADDRESS_NOT_ALLOWED: 'sessions.endReason.ADDRESS_NOT_ALLOWED',
}

/** Explains why the user sees the sign-in page; null if they opened it themselves. */
const noticeOf = (
  passwordResetOf: string | undefined,
  sessionEndReason: SessionEndReason | null | undefined,
  reason: string | null,
): PlainMessageId | null => {
  if (passwordResetOf !== undefined) return 'sessions.signIn.passwordReset'
  if (sessionEndReason != null) return endReasonMessages[sessionEndReason]
  return reason === 'ended' ? 'sessions.signIn.sessionEnded' : null
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
  readonly field?: string
}

interface SignInFormProps {
  /** The login that is already known; empty if there is none. */
  login: string
  /** The login whose forgotten password was just replaced. */
  passwordResetOf?: string | undefined
  /** Why the user must sign in: `ended` if a session was there before. */
  reason: string | null
  onSignedIn: () => void | Promise<void>
}

/** Signs in with a password, a passkey and a second factor; on the sign-in page or in a dialog. */
export const SignInForm = ({ login, passwordResetOf, reason, onSignedIn }: SignInFormProps) => {
  const { t } = useLocale()
  const client = useApolloClient()
  const { data: facts } = useQuery(SignInFacts)
  const [refusal, setRefusal] = useState<SignInRefusal | null>(null)
  const [begun, setBegun] = useState<BegunSignIn | null>(null)
  const [asking, setAsking] = useState(false)
  const [stepLoading, loadStep] = useTransition()
  const wait = useCountdown()
  const describe = (failure: unknown) =>
    // Signing in a second time does no harm, so it does not matter whether the first one was done.
    describeFailure(t, failure instanceof OutcomeUnknown ? failure.cause : failure)
  const inDialog = useContext(InDialog)
  // The page below the dialog may have fields with the usual names.
  const names = inDialog ? dialogNames : pageNames

  const signInByPasskey = async () => {
    setRefusal(null)
    setAsking(true)
    try {
      const { signInWithPasskey } = await import('../second-factor/passkey-sign-in')
      const refused = await signInWithPasskey(t, client)
      if (refused === null) {
        await onSignedIn()
        return
      }
      wait.start(refused.retryAfterSeconds)
      setRefusal({ message: refused.message })
    } catch (failure) {
      setRefusal({ message: describe(failure) })
    } finally {
      setAsking(false)
    }
  }

  const signIn = async (
    values: Values,
    form: Pick<FormikHelpers<Values>, 'setFieldValue' | 'setTouched'>,
  ) => {
    setRefusal(null)
    try {
      const { [names.login]: entered = '', [names.password]: password = '' } = values
      const input = { login: entered, password }
      const { data } = await client.mutate({ mutation: LogIn, variables: { input } })
      const { challenge, errors } = data?.logIn ?? { errors: [] }
      if (challenge != null) {
        // The form stays visible until the second step is loaded.
        loadStep(() => setBegun({ challenge, login: entered.trim() }))
        return
      }
      const [error] = errors
      if (error === undefined) {
        await onSignedIn()
        return
      }
      if (error.__typename === 'TooManyAttempts') wait.start(error.retryAfterSeconds)
      await form.setFieldValue(names.password, '', false)
      form.setTouched({}, false)
      setRefusal({ message: error.message, field: names.password })
    } catch (failure) {
      setRefusal({ message: describe(failure) })
    }
  }

  if (begun !== null) {
    return (
      <Suspense>
        <SecondStep {...begun} onSignedIn={onSignedIn} onRestart={() => setBegun(null)} />
      </Suspense>
    )
  }
  const notice = noticeOf(passwordResetOf, facts?.sessionEndReason, reason)
  return (
    <ValidatedForm
      initialValues={{ [names.login]: login, [names.password]: '' }}
      validate={validate(t, names)}
      onSubmit={signIn}
    >
      {form => (
        <Stack gap="md">
          {!inDialog && <PageTitle title={t('sessions.signIn.title')} />}
          {refusal === null && notice !== null && (
            <Alert color="blue" icon={<IconInfoCircle />} role="status">
              {t(notice)}
            </Alert>
          )}
          {facts?.setupRequired === true && (
            <Alert color="blue" icon={<IconInfoCircle />} title={t('sessions.signIn.noOwnerTitle')}>
              {t('sessions.signIn.noOwner')}
            </Alert>
          )}
          <RefusalAlert
            refusal={refusal?.message ?? null}
            waitSeconds={wait.seconds}
            field={refusal?.field}
          />
          <LoginField
            name={names.login}
            maxLength={254}
            placeholder={t('forms.login.placeholder')}
            autoComplete="username"
            autoFocus={login === ''}
          />
          <FormPasswordField
            name={names.password}
            label={t('sessions.signIn.password')}
            autoComplete="current-password"
            autoFocus={login !== ''}
            data-autofocus={login !== '' || undefined}
          />
          <Button
            type="submit"
            loading={form.isSubmitting || stepLoading}
            disabled={wait.seconds > 0}
            fullWidth
          >
            {t('sessions.signIn.submit')}
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
              {t('sessions.signIn.withPasskey')}
            </Button>
          )}
          <Anchor
            href="/forgot-password"
            // The page below the dialog stays.
            {...(inDialog ? { target: '_blank' } : {})}
            size="sm"
            ta="center"
          >
            {t('sessions.signIn.forgotPassword')}
          </Anchor>
        </Stack>
      )}
    </ValidatedForm>
  )
}
