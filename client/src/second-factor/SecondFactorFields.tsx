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
import type { PlainMessageId } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { describeFailure } from '../ui/describe-failure'
import { leftToRight } from '../ui/left-to-right'
import { type Challenge, sendChallengeCode } from './challenge'
import { knowsPasskeys } from './knows-passkeys'
import { inOrder } from './methods'

/** The values of a form with these fields. The form chooses the name of the code's field. */
interface SecondFactorValues {
  method: SecondFactorMethod
}

const wayMessages: Record<SecondFactorMethod, PlainMessageId> = {
  PASSKEY: 'second-factor.way.PASSKEY',
  TOTP: 'second-factor.way.TOTP',
  SMS: 'second-factor.way.SMS',
  RECOVERY_CODE: 'second-factor.way.RECOVERY_CODE',
}

const icons: Record<SecondFactorMethod, typeof IconKey> = {
  PASSKEY: IconFingerprint,
  TOTP: IconDeviceMobile,
  SMS: IconMessage,
  RECOVERY_CODE: IconKey,
}

const secondsBetweenCodes = 30

interface SmsCodeProps {
  challenge: Challenge
  onExpired?: (() => void) | undefined
}

/** Sends a code when it appears, and again on request. */
const SmsCode = ({ challenge, onExpired }: SmsCodeProps) => {
  const { t } = useLocale()
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
      setRefusal(describeFailure(t, problem))
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

  const phone = challenge.phoneHint ?? ''
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
            ? t('second-factor.sms.sending')
            : sent === 0
              ? ''
              : sent === 1
                ? t('second-factor.sms.sent', { phone })
                : t('second-factor.sms.sentAgain', { phone })}
        </Text>
        <Button
          variant="subtle"
          size="compact-sm"
          disabled={sending || wait.seconds > 0}
          onClick={() => void send()}
        >
          {wait.seconds > 0
            ? t('second-factor.sms.sendIn', { clock: clockOf(wait.seconds) })
            : t('second-factor.sms.send')}
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
  const { t } = useLocale()
  const { values } = useFormikContext<SecondFactorValues>()
  switch (values.method) {
    case 'PASSKEY':
      return (
        // Focusable in place of the code's field, so that screen readers announce the next
        // step.
        <Text size="sm" id={codeName} tabIndex={-1} style={{ outline: 'none' }}>
          {t('second-factor.fields.passkey')}
        </Text>
      )
    case 'TOTP':
      return (
        <FormTextField
          name={codeName}
          label={t('second-factor.fields.totp')}
          description={t('second-factor.fields.totpHint')}
          inputMode="numeric"
          autoComplete="one-time-code"
          spellCheck={false}
          maxLength={64}
          {...leftToRight}
        />
      )
    case 'SMS':
      return (
        <Stack gap="xs">
          <SmsCode challenge={challenge} onExpired={onExpired} />
          <FormTextField
            name={codeName}
            label={t('second-factor.fields.sms')}
            inputMode="numeric"
            autoComplete="one-time-code"
            spellCheck={false}
            maxLength={64}
            {...leftToRight}
          />
        </Stack>
      )
    case 'RECOVERY_CODE':
      return (
        <FormTextField
          name={codeName}
          label={t('second-factor.fields.recoveryCode')}
          description={t('second-factor.fields.recoveryCodeHint')}
          placeholder="XXXX-XXXX-XXXX-…"
          autoComplete="off"
          autoCapitalize="characters"
          maxLength={64}
          spellCheck={false}
          {...leftToRight}
        />
      )
  }
}

/** Buttons that switch to the other methods. */
export const OtherWays = ({ challenge, codeName }: Omit<Props, 'onExpired'>) => {
  const { t } = useLocale()
  const { values, setValues, setTouched } = useFormikContext<SecondFactorValues>()
  const others = inOrder(challenge.methods, knowsPasskeys()).filter(
    method => method !== values.method,
  )
  if (others.length === 0) return null
  return (
    <Stack gap={4} component="section" aria-label={t('second-factor.way.label')}>
      {others.map(method => {
        const Icon = icons[method]
        return (
          <Button
            key={method}
            variant="subtle"
            size="sm"
            justify="start"
            leftSection={<Icon size={16} aria-hidden />}
            onClick={() => {
              void setValues({ ...values, method, [codeName]: '' }, false)
              void setTouched({}, false)
              focusField(codeName)
            }}
            {...keepFocus}
          >
            {t(wayMessages[method])}
          </Button>
        )
      })}
    </Stack>
  )
}
