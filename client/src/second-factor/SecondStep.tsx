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
import type { Translate } from '../messages/locale'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
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

/** Seconds until a challenge expires; null if this device's clock is too wrong to tell. */
const secondsLeftOf = ({ expiresAt }: SignInChallenge): number | null => {
  const seconds = (Date.parse(expiresAt) - Date.now()) / 1000
  return seconds > 30 && seconds < 630 ? seconds : null
}

const validate =
  (t: Translate) =>
  ({ method, code }: Values) => {
    const missing = missingCode(t, method, code)
    return missing === null ? {} : { code: missing }
  }

/** The remaining time is shown during these last seconds. */
const shownSeconds = 180

interface Props {
  challenge: SignInChallenge
  /** The login of the user who is signing in. */
  login: string
  onSignedIn: () => void | Promise<void>
  /** Called to go back to login and password. */
  onRestart: () => void
}

const Expired = ({ onRestart }: { onRestart: () => void }) => {
  const { t } = useLocale()
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => button.current?.focus(), [])
  return (
    <Stack gap="md">
      <PageTitle title={t('second-factor.step.expiredTitle')} />
      <Alert color="yellow" icon={<IconClockX />} role="alert">
        {t('second-factor.step.expired')}
      </Alert>
      <Button ref={button} onClick={onRestart} fullWidth>
        {t('second-factor.step.restart')}
      </Button>
    </Stack>
  )
}

const NoUsableMethod = ({ onRestart }: { onRestart: () => void }) => {
  const { t } = useLocale()
  return (
    <Stack gap="md">
      <PageTitle title={t('second-factor.step.noMethodTitle')} />
      <Alert color="yellow" icon={<IconLifebuoy />} role="alert">
        {t('second-factor.step.noMethod')}
      </Alert>
      <Button variant="default" onClick={onRestart} fullWidth>
        {t('sessions.backToSignIn')}
      </Button>
    </Stack>
  )
}

/** The second step of a sign-in, after the correct password. */
export const SecondStep = ({ challenge, login, onSignedIn, onRestart }: Props) => {
  const { t } = useLocale()
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

  if (expired) return <Expired onRestart={onRestart} />
  if (challenge.methods.length === 0) return <NoUsableMethod onRestart={onRestart} />
  return (
    <ValidatedForm<Values>
      initialValues={{ method: first, code: '', trustDevice: false }}
      validate={validate(t)}
      onSubmit={async (values, form) => {
        setRefusal(null)
        const { method, code, trustDevice } = values
        try {
          const answer = await answerTo(t, challenge, method, code)
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
          setRefusal(describeFailure(t, failure, t('second-factor.step.lostAnswer')))
        }
      }}
    >
      {form => (
        <Stack gap="md">
          <div>
            <PageTitle title={t('second-factor.step.title')} />
            <Text size="sm" c="dimmed" mt={4} style={{ overflowWrap: 'anywhere' }}>
              <Message id="second-factor.step.intro" values={{ login: <bdi>{login}</bdi> }} />
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
              label={t('second-factor.step.trust')}
              description={t('second-factor.step.trustHint')}
            />
          )}
          <Button type="submit" loading={form.isSubmitting} disabled={wait.seconds > 0} fullWidth>
            {form.values.method === 'PASSKEY'
              ? t('ui.button.continue')
              : t('second-factor.step.submit')}
          </Button>
          {timed.current && left.seconds > 0 && left.seconds <= shownSeconds && (
            <Text size="sm" c="dimmed" ta="center">
              {t('second-factor.step.timeLeft', { clock: clockOf(left.seconds) })}
            </Text>
          )}
          <OtherWays challenge={challenge} codeName="code" />
          <Button variant="subtle" color="gray" size="sm" onClick={onRestart}>
            {t('second-factor.step.back')}
          </Button>
        </Stack>
      )}
    </ValidatedForm>
  )
}
