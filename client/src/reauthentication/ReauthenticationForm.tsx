import { useApolloClient, useMutation } from '@apollo/client/react'
import { Skeleton, Stack, Text, VisuallyHidden } from '@mantine/core'
import { useEffect, useState } from 'react'
import { FormButtons } from '../forms/FormButtons'
import { FormPasswordField } from '../forms/FormTextField'
import { RefusalAlert } from '../forms/RefusalAlert'
import { focusField, showServerErrors } from '../forms/server-errors'
import { clockOf, useCountdown } from '../forms/use-countdown'
import { ValidatedForm } from '../forms/ValidatedForm'
import { graphql } from '../gql'
import type { SecondFactorMethod } from '../gql/graphql'
import { useLocale } from '../messages/use-locale'
import { answerTo, type Challenge, firstMethodOf, missingCode } from '../second-factor/challenge'
import { OtherWays, SecondFactorFields } from '../second-factor/SecondFactorFields'
import { useViewer } from '../sessions/use-viewer'
import { describeFailure } from '../ui/describe-failure'
import { LoadFailure } from '../ui/LoadFailure'

const BeginReauthentication = graphql(`
  mutation BeginReauthentication {
    beginReauthentication {
      challenge {
        token
        methods
        passkeyOptions
        phoneHint
      }
    }
  }
`)

const Reauthenticate = graphql(`
  mutation Reauthenticate($input: ReauthenticateInput!) {
    reauthenticate(input: $input) {
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

// The names are unique, because the page below may have fields `password` and `code`.
interface Values {
  proofPassword: string
  method: SecondFactorMethod
  proofCode: string
}

interface FormProps {
  /** The second factor that is required in addition to the password; null if there is none. */
  challenge: Challenge | null
  /** Requests a new challenge from the API. */
  onAnew: () => Promise<unknown>
  onAnswer: (confirmed: boolean) => void
}

const ProofForm = ({ challenge, onAnew, onAnswer }: FormProps) => {
  const { t } = useLocale()
  const { viewer } = useViewer()
  const [reauthenticate] = useMutation(Reauthenticate, { fetchPolicy: 'no-cache' })
  const [refusal, setRefusal] = useState<string | null>(null)
  const wait = useCountdown()
  useEffect(() => focusField('proofPassword'), [])

  const validate = ({ proofPassword, method, proofCode }: Values) => {
    const missing = challenge === null ? null : missingCode(t, method, proofCode)
    return {
      ...(proofPassword === '' ? { proofPassword: t('forms.password.missing') } : {}),
      ...(missing === null ? {} : { proofCode: missing }),
    }
  }

  return (
    <ValidatedForm<Values>
      initialValues={{
        proofPassword: '',
        method: challenge === null ? 'TOTP' : firstMethodOf(challenge),
        proofCode: '',
      }}
      validate={validate}
      onSubmit={async (values, form) => {
        setRefusal(null)
        const { proofPassword: password, method, proofCode: code } = values
        try {
          const answer = challenge === null ? null : await answerTo(t, challenge, method, code)
          if (answer?.kind === 'failed') {
            setRefusal(answer.message)
            return
          }
          const { data } = await reauthenticate({
            variables: { input: { password, ...answer?.input } },
          })
          const errors = data?.reauthenticate.errors ?? []
          if (errors.length === 0) {
            onAnswer(true)
            return
          }
          for (const error of errors) {
            if (error.__typename === 'TooManyAttempts') wait.start(error.retryAfterSeconds)
          }
          // The code cannot be used again, nor can a signature that came too late.
          await form.setFieldValue('proofCode', '', false)
          if (answer?.kind === 'passkey') await onAnew()
          const own = errors.map(error => ({
            ...error,
            path: error.path.map(name => `proof${name[0]?.toUpperCase()}${name.slice(1)}`),
          }))
          const onFields = own.filter(error => error.__typename !== 'TooManyAttempts')
          const [elsewhere] = showServerErrors(onFields, values, form)
          const waiting = errors.find(error => error.__typename === 'TooManyAttempts')
          setRefusal((elsewhere ?? waiting)?.message ?? null)
        } catch (problem) {
          setRefusal(describeFailure(t, problem))
        }
      }}
    >
      {() => (
        <Stack gap="md">
          <Text size="sm">{t('reauthentication.form.intro')}</Text>
          <RefusalAlert refusal={refusal} waitSeconds={wait.seconds} />
          <VisuallyHidden aria-hidden>
            <input
              type="text"
              autoComplete="username"
              value={viewer?.login ?? ''}
              readOnly
              tabIndex={-1}
            />
          </VisuallyHidden>
          <FormPasswordField
            name="proofPassword"
            label={t('reauthentication.form.password')}
            autoComplete="current-password"
            data-autofocus
          />
          {challenge !== null && <SecondFactorFields challenge={challenge} codeName="proofCode" />}
          <FormButtons
            submit={
              wait.seconds > 0
                ? t('forms.button.wait', { clock: clockOf(wait.seconds) })
                : t('reauthentication.form.confirm')
            }
            disabled={wait.seconds > 0}
            onCancel={() => onAnswer(false)}
          />
          {challenge !== null && <OtherWays challenge={challenge} codeName="proofCode" />}
        </Stack>
      )}
    </ValidatedForm>
  )
}

/** Asks for the password, and for a second factor if the user has one. */
export const ReauthenticationForm = ({ onAnswer }: { onAnswer: (confirmed: boolean) => void }) => {
  const { t } = useLocale()
  const client = useApolloClient()
  const [begun, setBegun] = useState<{ challenge: Challenge | null } | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const begin = async () => {
    setFailure(null)
    try {
      const mutation = BeginReauthentication
      const { data } = await client.mutate({ mutation, fetchPolicy: 'no-cache' })
      setBegun({ challenge: data?.beginReauthentication.challenge ?? null })
    } catch (problem) {
      setFailure(problem)
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the dialog opens.
  useEffect(() => void begin(), [])
  if (begun !== null) {
    return <ProofForm challenge={begun.challenge} onAnew={begin} onAnswer={onAnswer} />
  }
  return failure !== null ? (
    <LoadFailure failure={failure} onRetry={() => void begin()} />
  ) : (
    <Stack aria-busy="true" aria-label={t('ui.loading')}>
      <Skeleton height={58} />
      <Skeleton height={36} />
    </Stack>
  )
}
