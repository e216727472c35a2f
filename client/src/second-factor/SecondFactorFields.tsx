import { useApolloClient } from '@apollo/client/react'
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconDeviceMobile, IconFingerprint, IconKey, IconMessage } from '@tabler/icons-react'
import { useFormikContext } from 'formik'
import { useEffect, useRef, useState } from 'react'
import { FormTextField } from '../forms/FormTextField'
import { keepFocus } from '../forms/keep-focus'
import { focusField } from '../forms/server-errors'
import { clockOf, useCountdown } from '../forms/use-countdown'
import type { SecondFactorMethod } from '../gql/graphql'
import { describeFailure } from '../ui/describe-failure'
import { type Challenge, sendChallengeCode } from './challenge'
import { knowsPasskeys } from './knows-passkeys'
import { inOrder } from './methods'

/** The values of a form with these fields. The form chooses the name of the code's field. */
interface SecondFactorValues {
  method: SecondFactorMethod
}

const ways: Record<SecondFactorMethod, { words: string; Icon: typeof IconKey }> = {
  PASSKEY: { words: 'Use a passkey or security key', Icon: IconFingerprint },
  TOTP: { words: 'Use your authenticator app', Icon: IconDeviceMobile },
  SMS: { words: 'Get a code by SMS', Icon: IconMessage },
  RECOVERY_CODE: { words: 'Use a recovery code', Icon: IconKey },
}

const secondsBetweenCodes = 30

interface SmsCodeProps {
  challenge: Challenge
  onExpired?: (() => void) | undefined
}

/** Sends a code when it appears, and again on request. */
const SmsCode = ({ challenge, onExpired }: SmsCodeProps) => {
  const client = useApolloClient()
  const wait = useCountdown()
  const [sending, setSending] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const [sent, setSent] = useState(0)
  const sentFor = useRef<string | null>(null)

  const send = async () => {
    setSending(true)
    setRefusal(null)
    try {
      const refused = await sendChallengeCode(client, challenge)
      if (refused?.expired === true) onExpired?.()
      setRefusal(refused?.message ?? null)
      if (refused === null) setSent(before => before + 1)
      wait.start(refused?.retryAfterSeconds ?? secondsBetweenCodes)
    } catch (problem) {
      setRefusal(describeFailure(problem))
    } finally {
      setSending(false)
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each challenge.
  useEffect(() => {
    if (sentFor.current === challenge.token) return
    sentFor.current = challenge.token
    void send()
  }, [challenge.token])

  return (
    <Stack gap="xs">
      {refusal !== null && (
        <Alert color="red" role="alert">
          {refusal}
        </Alert>
      )}
      <Group justify="space-between" gap="xs">
        <Text size="sm" role="status">
          {sending
            ? 'Sending a code…'
            : sent === 0
              ? ''
              : `${sent === 1 ? 'A code was' : 'Another code was'} sent to ${challenge.phoneHint}.`}
        </Text>
        <Button
          variant="subtle"
          size="compact-sm"
          disabled={sending || wait.seconds > 0}
          onClick={() => void send()}
        >
          {wait.seconds > 0 ? `Send again in ${clockOf(wait.seconds)}` : 'Send again'}
        </Button>
      </Group>
    </Stack>
  )
}

interface Props {
  challenge: Challenge
  /** The name of the code's field in the form. */
  codeName: string
  /** Called if the challenge has expired. */
  onExpired?: () => void
}

/** The fields of the chosen method. */
export const SecondFactorFields = ({ challenge, codeName, onExpired }: Props) => {
  const { values } = useFormikContext<SecondFactorValues>()
  switch (values.method) {
    case 'PASSKEY':
      return (
        // Focusable in place of the code's field, so that screen readers announce the next
        // step.
        <Text size="sm" id={codeName} tabIndex={-1} style={{ outline: 'none' }}>
          Get your security key ready, or the device with your passkey. Your browser asks for it
          when you continue.
        </Text>
      )
    case 'TOTP':
      return (
        <FormTextField
          name={codeName}
          label="Code from your authenticator app"
          description="Six digits. The app shows a new code every 30 seconds."
          inputMode="numeric"
          autoComplete="one-time-code"
          spellCheck={false}
          maxLength={64}
        />
      )
    case 'SMS':
      return (
        <Stack gap="xs">
          <SmsCode challenge={challenge} onExpired={onExpired} />
          <FormTextField
            name={codeName}
            label="Code from the message"
            inputMode="numeric"
            autoComplete="one-time-code"
            spellCheck={false}
            maxLength={64}
          />
        </Stack>
      )
    case 'RECOVERY_CODE':
      return (
        <FormTextField
          name={codeName}
          label="Recovery code"
          description="One of the ten codes that you saved. Each works once."
          placeholder="XXXX-XXXX-XXXX-…"
          autoComplete="off"
          autoCapitalize="characters"
          maxLength={64}
          spellCheck={false}
        />
      )
  }
}

/** Buttons that switch to the other methods. */
export const OtherWays = ({ challenge, codeName }: Omit<Props, 'onExpired'>) => {
  const { values, setValues, setTouched } = useFormikContext<SecondFactorValues>()
  const others = inOrder(challenge.methods, knowsPasskeys()).filter(
    method => method !== values.method,
  )
  if (others.length === 0) return null
  return (
    <Stack gap={4} component="section" aria-label="Other ways">
      {others.map(method => {
        const { words, Icon } = ways[method]
        return (
          <Button
            key={method}
            variant="subtle"
            size="sm"
            leftSection={<Icon size={16} aria-hidden />}
            onClick={() => {
              void setValues({ ...values, method, [codeName]: '' }, false)
              void setTouched({}, false)
              focusField(codeName)
            }}
            {...keepFocus}
          >
            {words}
          </Button>
        )
      })}
    </Stack>
  )
}
