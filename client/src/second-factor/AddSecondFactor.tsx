import { useApolloClient } from '@apollo/client/react'
import { Button, Group, Stack } from '@mantine/core'
import { IconDeviceMobile, IconFingerprint, IconMessage } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { RefusalAlert } from '../forms/RefusalAlert'
import { useCountdown } from '../forms/use-countdown'
import { graphql } from '../gql'
import type {
  BeginPasskeyEnrolmentMutation,
  BeginSmsEnrolmentMutation,
  BeginTotpEnrolmentMutation,
  SecondFactorMethod,
} from '../gql/graphql'
import { useLocale } from '../messages/use-locale'
import { describeFailure } from '../ui/describe-failure'
import { returnFocus } from '../ui/return-focus'
import { type BegunEnrolment, EnrolmentDialog, type EnrolmentStep } from './EnrolmentDialog'

const BeginTotp = graphql(`
  mutation BeginTotpEnrolment {
    beginTotpEnrolment {
      token
      secret
      uri
      errors {
        __typename
        ... on UserError {
          message
        }
        ... on TooManyAttempts {
          retryAfterSeconds
        }
      }
    }
  }
`)

const BeginPasskey = graphql(`
  mutation BeginPasskeyEnrolment {
    beginPasskeyEnrolment {
      token
      options
      errors {
        __typename
        ... on UserError {
          message
        }
        ... on TooManyAttempts {
          retryAfterSeconds
        }
      }
    }
  }
`)

const BeginSms = graphql(`
  mutation BeginSmsEnrolment($input: BeginSmsEnrolmentInput) {
    beginSmsEnrolment(input: $input) {
      token
      phoneHint
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

/** The methods that can be added, in the order of the buttons. */
const kinds = [
  { method: 'PASSKEY', message: 'second-factor.add.PASSKEY', Icon: IconFingerprint },
  { method: 'TOTP', message: 'second-factor.add.TOTP', Icon: IconDeviceMobile },
  { method: 'SMS', message: 'second-factor.add.SMS', Icon: IconMessage },
] as const
type Kind = (typeof kinds)[number]['method']

type SmsRefusal = BeginSmsEnrolmentMutation['beginSmsEnrolment']['errors'][number]
type Refusal =
  | BeginTotpEnrolmentMutation['beginTotpEnrolment']['errors'][number]
  | BeginPasskeyEnrolmentMutation['beginPasskeyEnrolment']['errors'][number]
  | SmsRefusal

const secondsToWait = (refusal: Refusal | undefined): number =>
  refusal?.__typename === 'TooManyAttempts' ? refusal.retryAfterSeconds : 0

interface Props {
  /** The methods that the account allows. */
  methods: readonly SecondFactorMethod[]
  /** True if the buttons fill the width. */
  stretched?: boolean
  /** @param recoveryCodes the recovery codes, only with the first second factor; else null. */
  onAdded: (recoveryCodes: readonly string[] | null) => void
}

/** Buttons that add a second factor of any method that the account allows. */
export const AddSecondFactor = ({ methods, stretched = false, onAdded }: Props) => {
  const { t } = useLocale()
  const client = useApolloClient()
  const [busy, setBusy] = useState<Kind | null>(null)
  const [step, setStep] = useState<EnrolmentStep | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const wait = useCountdown()
  const pressed = useRef<HTMLButtonElement>(null)

  // The answers contain secrets.
  const fetchPolicy = 'no-cache'
  /** @param phone the number to send the code to; defaults to the number of the profile. */
  const beginSms = async (phone?: string): Promise<BegunEnrolment | SmsRefusal | undefined> => {
    const variables = phone === undefined ? {} : { input: { phone } }
    const { data } = await client.mutate({ mutation: BeginSms, variables, fetchPolicy })
    const { token, phoneHint, errors } = data?.beginSmsEnrolment ?? { errors: [] }
    return token == null || phoneHint == null ? errors[0] : { method: 'SMS', token, phoneHint }
  }
  const begin = async (method: Kind): Promise<BegunEnrolment | Refusal | undefined> => {
    if (method === 'TOTP') {
      const { data } = await client.mutate({ mutation: BeginTotp, fetchPolicy })
      const { token, secret, uri, errors } = data?.beginTotpEnrolment ?? { errors: [] }
      if (token == null || secret == null || uri == null) return errors[0]
      return { method, token, secret, uri }
    }
    if (method === 'PASSKEY') {
      const { data } = await client.mutate({ mutation: BeginPasskey, fetchPolicy })
      const { token, options, errors } = data?.beginPasskeyEnrolment ?? { errors: [] }
      return token == null ? errors[0] : { method, token, options }
    }
    return beginSms()
  }
  const add = async (method: Kind) => {
    setBusy(method)
    setRefusal(null)
    try {
      const outcome = await begin(method)
      if (outcome !== undefined && 'token' in outcome) {
        setStep(outcome)
      } else if (outcome?.__typename === 'PhoneNumberMissing') {
        setStep('phoneNumber')
      } else {
        wait.start(secondsToWait(outcome))
        setRefusal(outcome?.message ?? t('failure.unknown'))
      }
    } catch (problem) {
      setRefusal(describeFailure(t, problem))
    } finally {
      setBusy(null)
    }
  }

  const Buttons = stretched ? Stack : Group
  return (
    <Stack gap="sm">
      <RefusalAlert refusal={refusal} waitSeconds={wait.seconds} />
      <Buttons gap="xs">
        {kinds.map(
          ({ method, message, Icon }) =>
            methods.includes(method) && (
              <Button
                key={method}
                variant="default"
                justify="start"
                leftSection={<Icon size={18} aria-hidden />}
                loading={busy === method}
                disabled={busy !== null}
                onClick={event => {
                  pressed.current = event.currentTarget
                  void add(method)
                }}
              >
                {t(message)}
              </Button>
            ),
        )}
      </Buttons>
      <EnrolmentDialog
        step={step}
        onPhoneNumber={async phone => {
          const outcome = await beginSms(phone)
          if (outcome === undefined) throw new Error('The API gave no outcome.')
          if (!('token' in outcome)) {
            return { errors: [outcome], retryAfterSeconds: secondsToWait(outcome) }
          }
          setStep(outcome)
          return { errors: [], retryAfterSeconds: 0 }
        }}
        onClose={() => {
          setStep(null)
          returnFocus(pressed)
        }}
        onAdded={codes => {
          setStep(null)
          // Otherwise the dialog with the recovery codes opens next.
          if (codes === null) returnFocus(pressed)
          onAdded(codes)
        }}
      />
    </Stack>
  )
}
