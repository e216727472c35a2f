import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconDeviceMobile, IconFingerprint, IconKey, IconMessage } from '@tabler/icons-react'
import { useFormikContext } from 'formik'
import { useEffect, useRef, useState } from 'react'
import { describeFailure } from '../app/describe-failure'
import { FormTextField } from '../forms/FormTextField'
import { keepFocus } from '../forms/keep-focus'
import { focusField } from '../forms/server-errors'
import { clockOf, useCountdown } from '../forms/use-countdown'
import type { SecondFactorMethod } from '../gql/text/graphql'
import { knowsPasskeys } from './knows-passkeys'
import { inOrder } from './methods'

/** A challenge, as far as the fields know of it. */
export interface Challenge {
  readonly token: string
  readonly methods: readonly SecondFactorMethod[]
  /** What the browser asks a passkey by. */
  readonly passkeyOptions?: unknown
  readonly phoneHint?: string | null
}

/** What became of a code that was to be sent. */
export interface CodeRefusal {
  readonly message: string
  /** Seconds until another code can be sent; 0 when it is not for that. */
  readonly retryAfterSeconds: number
}

/** What a form with these fields holds; the code under a name of the form's own. */
export interface SecondFactorValues {
  method: SecondFactorMethod
}

/** How a challenge is answered unless the person chooses otherwise. */
export const firstMethodOf = ({ methods }: Challenge): SecondFactorMethod =>
  inOrder(methods, knowsPasskeys())[0] ?? 'RECOVERY_CODE'

/** What is wrong with a code that was not typed; null where none is needed. */
export const missingCode = (method: SecondFactorMethod, code: string): string | null => {
  if (method === 'PASSKEY' || code.trim() !== '') return null
  return method === 'RECOVERY_CODE' ? 'Enter a recovery code.' : 'Enter the code.'
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
  onSend: () => Promise<CodeRefusal | null>
}

/** Has a code sent when it appears, and again when asked. */
const SmsCode = ({ challenge, onSend }: SmsCodeProps) => {
  const wait = useCountdown()
  const [sending, setSending] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const [sent, setSent] = useState(0)
  const sentFor = useRef<string | null>(null)

  const send = async () => {
    setSending(true)
    setRefusal(null)
    try {
      const refused = await onSend()
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
  /** The name of the code's field in the form around. */
  codeName: string
  /** Has a code sent by SMS; the answer is why it was not, or null. */
  onSendCode: () => Promise<CodeRefusal | null>
}

/** What is asked for in the way that is chosen. */
export const SecondFactorFields = ({ challenge, codeName, onSendCode }: Props) => {
  const { values } = useFormikContext<SecondFactorValues>()
  switch (values.method) {
    case 'PASSKEY':
      return (
        // Focusable where the code would be: who chose this way is told what comes.
        <Text size="sm" id={codeName} tabIndex={-1} style={{ outline: 'none' }}>
          Have your security key at hand, or the device that holds your passkey. Your browser asks
          for it when you continue.
        </Text>
      )
    case 'TOTP':
      return (
        <FormTextField
          name={codeName}
          label="Code from your authenticator app"
          description="Six digits, a new one every half minute."
          inputMode="numeric"
          autoComplete="one-time-code"
          spellCheck={false}
        />
      )
    case 'SMS':
      return (
        <Stack gap="xs">
          <SmsCode challenge={challenge} onSend={onSendCode} />
          <FormTextField
            name={codeName}
            label="Code from the message"
            inputMode="numeric"
            autoComplete="one-time-code"
            spellCheck={false}
          />
        </Stack>
      )
    case 'RECOVERY_CODE':
      return (
        <FormTextField
          name={codeName}
          label="Recovery code"
          description="One of the ten that you kept. Each works once."
          placeholder="XXXX-XXXX-XXXX"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
        />
      )
  }
}

/** The other ways, each a click away. */
export const OtherWays = ({ challenge, codeName }: Omit<Props, 'onSendCode'>) => {
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
