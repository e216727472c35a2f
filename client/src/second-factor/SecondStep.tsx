import { useApolloClient } from '@apollo/client/react'
import { Alert, Button, Checkbox, Stack, Text } from '@mantine/core'
import { IconClockX, IconLifebuoy } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { RefusalAlert } from '../forms/RefusalAlert'
import { focusField, showServerErrors } from '../forms/server-errors'
import { clockOf, useCountdown } from '../forms/use-countdown'
import { ValidatedForm } from '../forms/ValidatedForm'
import { graphql } from '../gql'
import type { SecondFactorMethod } from '../gql/graphql'
import { describeFailure } from '../ui/describe-failure'
import { PageTitle } from '../ui/PageTitle'
import { answerTo, type Challenge, firstMethodOf, missingCode } from './challenge'
import { OtherWays, SecondFactorFields } from './SecondFactorFields'

const AnswerChallenge = graphql(`
  mutation AnswerChallenge($input: AnswerChallengeInput!) {
    answerChallenge(input: $input) {
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

/** The challenge of a sign-in. */
export interface SignInChallenge extends Challenge {
  readonly canTrustDevice: boolean
  /** ISO 8601. */
  readonly expiresAt: string
}

interface Values {
  method: SecondFactorMethod
  code: string
  trustDevice: boolean
}

/**
 * Seconds until a challenge is over; null where this device's clock can't tell, since it
 * goes wrong by more than the challenge lasts.
 */
const secondsLeftOf = ({ expiresAt }: SignInChallenge): number | null => {
  const seconds = (Date.parse(expiresAt) - Date.now()) / 1000
  return seconds > 30 && seconds < 630 ? seconds : null
}

/** Seconds before the end from which on the time is shown. */
const lostAnswer =
  'The answer was lost, and your code may be used up. If it is rejected, sign in again with another one.'

const lastMinutes = 180

interface Props {
  challenge: SignInChallenge
  /** Who is signing in. */
  login: string
  onSignedIn: () => void | Promise<void>
  /** Back to login and password. */
  onRestart: () => void
}

const Expired = ({ onRestart }: { onRestart: () => void }) => {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => button.current?.focus(), [])
  return (
    <Stack gap="md">
      <PageTitle title="Sign in again" />
      <Alert color="yellow" icon={<IconClockX />} role="alert">
        This sign-in has taken too long, or was answered wrongly too often. Nobody was signed in.
      </Alert>
      <Button ref={button} onClick={onRestart} fullWidth>
        Start again
      </Button>
    </Stack>
  )
}

const NothingCounts = ({ onRestart }: { onRestart: () => void }) => (
  <Stack gap="md">
    <PageTitle title="No way to go on" />
    <Alert color="yellow" icon={<IconLifebuoy />} role="alert">
      None of what you have as a second factor can be used any more. Ask an administrator to reset
      it.
    </Alert>
    <Button variant="default" onClick={onRestart} fullWidth>
      Back to sign-in
    </Button>
  </Stack>
)

/** What is asked of someone whose password was right, before they are signed in. */
export const SecondStep = ({ challenge, login, onSignedIn, onRestart }: Props) => {
  const client = useApolloClient()
  const [refusal, setRefusal] = useState<string | null>(null)
  const [expired, setExpired] = useState(false)
  const wait = useCountdown()
  const left = useCountdown()
  const { start } = left
  const first = firstMethodOf(challenge)
  const timed = useRef(false)

  useEffect(() => {
    const seconds = secondsLeftOf(challenge)
    timed.current = seconds !== null
    if (seconds === null) return
    start(seconds)
    const timer = setTimeout(() => setExpired(true), seconds * 1000)
    return () => clearTimeout(timer)
  }, [challenge, start])
  useEffect(() => focusField('code'), [])

  const validate = ({ method, code }: Values) => {
    const missing = missingCode(method, code)
    return missing === null ? {} : { code: missing }
  }

  if (expired) return <Expired onRestart={onRestart} />
  if (challenge.methods.length === 0) return <NothingCounts onRestart={onRestart} />
  return (
    <ValidatedForm<Values>
      initialValues={{ method: first, code: '', trustDevice: false }}
      validate={validate}
      onSubmit={async (values, form) => {
        setRefusal(null)
        const { method, code, trustDevice } = values
        try {
          const answer = await answerTo(challenge, method, code)
          if (answer.kind === 'failed') {
            setRefusal(answer.message)
            return
          }
          const { data } = await client.mutate({
            mutation: AnswerChallenge,
            variables: {
              input: { token: challenge.token, method, trustDevice, ...answer.input },
            },
          })
          const errors = data?.answerChallenge.errors ?? []
          if (errors.length === 0) {
            await onSignedIn()
            return
          }
          if (errors.some(error => error.__typename === 'ChallengeExpired')) setExpired(true)
          for (const error of errors) {
            if (error.__typename === 'TooManyAttempts') wait.start(error.retryAfterSeconds)
          }
          await form.setFieldValue('code', '', false)
          const onFields = errors.filter(error => error.__typename === 'SecondFactorIncorrect')
          showServerErrors(onFields, values, form)
          const elsewhere = errors.find(
            error => error.__typename !== 'SecondFactorIncorrect' || error.path[0] !== 'code',
          )
          setRefusal(elsewhere?.message ?? null)
        } catch (failure) {
          setRefusal(describeFailure(failure, lostAnswer))
        }
      }}
    >
      {form => (
        <Stack gap="md">
          <div>
            <PageTitle title="One more step" />
            <Text size="sm" c="dimmed" mt={4} style={{ overflowWrap: 'anywhere' }}>
              The password for {login} is right. Now your second factor.
            </Text>
          </div>
          <RefusalAlert refusal={refusal} waitSeconds={wait.seconds} />
          <SecondFactorFields
            challenge={challenge}
            codeName="code"
            onExpired={() => setExpired(true)}
          />
          {challenge.canTrustDevice && (
            <Checkbox
              {...form.getFieldProps({ name: 'trustDevice', type: 'checkbox' })}
              id="trustDevice"
              label="Trust this device"
              description="It is not asked again for as long as your account allows. Only on a device that is yours."
            />
          )}
          <Button type="submit" loading={form.isSubmitting} disabled={wait.seconds > 0} fullWidth>
            {form.values.method === 'PASSKEY' ? 'Continue' : 'Sign in'}
          </Button>
          {timed.current && left.seconds > 0 && left.seconds <= lastMinutes && (
            <Text size="sm" c="dimmed" ta="center">
              {clockOf(left.seconds)} left to finish
            </Text>
          )}
          <OtherWays challenge={challenge} codeName="code" />
          <Button variant="subtle" color="gray" size="sm" onClick={onRestart}>
            Back to login and password
          </Button>
        </Stack>
      )}
    </ValidatedForm>
  )
}
