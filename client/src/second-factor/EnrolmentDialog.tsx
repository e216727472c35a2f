import { useMutation } from '@apollo/client/react'
import { Code, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { FormButtons } from '../forms/FormButtons'
import { FormTextField } from '../forms/FormTextField'
import { RefusalAlert } from '../forms/RefusalAlert'
import { ServerForm } from '../forms/ServerForm'
import type { ServerError } from '../forms/server-errors'
import { useCountdown } from '../forms/use-countdown'
import { graphql } from '../gql'
import type { PlainMessageId } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { CopyButton } from '../ui/CopyButton'
import { Dialog } from '../ui/Dialog'
import { leftToRight } from '../ui/left-to-right'
import { makePasskey } from './passkeys'
import { QrCode } from './QrCode'

const ConfirmTotp = graphql(`
  mutation ConfirmTotpEnrolment($input: ConfirmTotpEnrolmentInput!) {
    confirmTotpEnrolment(input: $input) {
      recoveryCodes
      errors {
        ... on UserError {
          message
          path
        }
      }
    }
  }
`)

const ConfirmPasskey = graphql(`
  mutation ConfirmPasskeyEnrolment($input: ConfirmPasskeyEnrolmentInput!) {
    confirmPasskeyEnrolment(input: $input) {
      recoveryCodes
      errors {
        ... on UserError {
          message
          path
        }
      }
    }
  }
`)

const ConfirmSms = graphql(`
  mutation ConfirmSmsEnrolment($input: ConfirmSmsEnrolmentInput!) {
    confirmSmsEnrolment(input: $input) {
      recoveryCodes
      errors {
        ... on UserError {
          message
          path
        }
      }
    }
  }
`)

/** An enrolment that has begun and is not completed yet. */
export type BegunEnrolment = { readonly token: string } & (
  | { readonly method: 'TOTP'; readonly secret: string; readonly uri: string }
  | { readonly method: 'PASSKEY'; readonly options: unknown }
  | { readonly method: 'SMS'; readonly phoneHint: string }
)

/**
 * The step that the dialog shows: an enrolment to complete, or the phone number to begin one
 * with.
 */
export type EnrolmentStep = BegunEnrolment | 'phoneNumber'

interface Values {
  code: string
  name: string
}

const titleMessages: Record<BegunEnrolment['method'], PlainMessageId> = {
  TOTP: 'second-factor.enrol.title.TOTP',
  PASSKEY: 'second-factor.enrol.title.PASSKEY',
  SMS: 'second-factor.enrol.title.SMS',
}

const nameMessages: Record<BegunEnrolment['method'], PlainMessageId> = {
  TOTP: 'second-factor.enrol.name.TOTP',
  PASSKEY: 'second-factor.enrol.name.PASSKEY',
  SMS: 'second-factor.enrol.name.SMS',
}

const TotpFacts = ({ secret, uri }: { secret: string; uri: string }) => {
  const { t } = useLocale()
  return (
    <Stack gap="sm">
      <Text size="sm">{t('second-factor.enrol.scan')}</Text>
      <Group justify="center">
        <QrCode text={uri} label={t('second-factor.enrol.qrCode')} />
      </Group>
      <Text size="sm">{t('second-factor.enrol.typeKey')}</Text>
      <Group gap="xs">
        <Code
          style={{ overflowWrap: 'anywhere' }}
          fz="sm"
          aria-label={t('second-factor.enrol.key')}
        >
          <bdi>{secret.match(/.{1,4}/g)?.join(' ')}</bdi>
        </Code>
        <CopyButton text={secret} label={t('ui.button.copy')} />
      </Group>
    </Stack>
  )
}

const PhoneNumber = ({ onPhoneNumber, onClose }: Pick<Props, 'onPhoneNumber' | 'onClose'>) => {
  const { t } = useLocale()
  const wait = useCountdown()
  return (
    <ServerForm
      initialValues={{ phone: '' }}
      validate={({ phone }) =>
        phone.trim() === '' ? { phone: t('second-factor.enrol.phoneMissing') } : {}
      }
      onSubmit={async ({ phone }) => {
        const { errors, retryAfterSeconds } = await onPhoneNumber(phone)
        wait.start(retryAfterSeconds)
        return errors
      }}
    >
      {refusal => (
        <Stack gap="md">
          <RefusalAlert refusal={refusal} waitSeconds={wait.seconds} />
          <Text size="sm">{t('second-factor.enrol.phoneIntro')}</Text>
          <FormTextField
            name="phone"
            label={t('second-factor.enrol.phone')}
            description={t('second-factor.enrol.phoneHint', { example: '+44 20 7946 0018' })}
            type="tel"
            autoComplete="tel"
            maxLength={64}
            {...leftToRight}
            data-autofocus
          />
          <FormButtons
            submit={t('second-factor.enrol.sendCode')}
            disabled={wait.seconds > 0}
            onCancel={onClose}
          />
        </Stack>
      )}
    </ServerForm>
  )
}

interface ContentProps {
  begun: BegunEnrolment
  onClose: () => void
  onAdded: (recoveryCodes: readonly string[] | null) => void
}

interface Outcome {
  readonly recoveryCodes?: readonly string[] | null
  readonly errors: readonly ServerError[]
}

const Content = ({ begun, onClose, onAdded }: ContentProps) => {
  const { t } = useLocale()
  // Recovery codes must not be cached.
  const [confirmTotp] = useMutation(ConfirmTotp, { fetchPolicy: 'no-cache' })
  const [confirmPasskey] = useMutation(ConfirmPasskey, { fetchPolicy: 'no-cache' })
  const [confirmSms] = useMutation(ConfirmSms, { fetchPolicy: 'no-cache' })
  const needsCode = begun.method !== 'PASSKEY'

  const validate = ({ code, name }: Values) => ({
    ...(needsCode && code.trim() === '' ? { code: t('second-factor.challenge.codeMissing') } : {}),
    ...(name.trim() === '' ? { name: t('second-factor.name.missing') } : {}),
  })
  const complete = async ({ code, name }: Values): Promise<Outcome | undefined> => {
    const { token } = begun
    if (begun.method === 'TOTP') {
      const { data } = await confirmTotp({ variables: { input: { token, code, name } } })
      return data?.confirmTotpEnrolment
    }
    if (begun.method === 'SMS') {
      const { data } = await confirmSms({ variables: { input: { token, code, name } } })
      return data?.confirmSmsEnrolment
    }
    const made = await makePasskey(t, begun.options)
    if (made.kind === 'failed') return { errors: [{ message: made.message, path: [] }] }
    const { response } = made
    const { data } = await confirmPasskey({ variables: { input: { token, response, name } } })
    return data?.confirmPasskeyEnrolment
  }

  return (
    <ServerForm<Values>
      initialValues={{ code: '', name: t(nameMessages[begun.method]) }}
      validate={validate}
      onSubmit={async values => {
        const { recoveryCodes = null, errors = [] } = (await complete(values)) ?? {}
        if (errors.length === 0) onAdded(recoveryCodes)
        return errors
      }}
    >
      {refusal => (
        <Stack gap="md">
          <RefusalAlert refusal={refusal} waitSeconds={0} />
          {begun.method === 'TOTP' && <TotpFacts secret={begun.secret} uri={begun.uri} />}
          {begun.method === 'PASSKEY' && <Text size="sm">{t('second-factor.enrol.passkey')}</Text>}
          {begun.method === 'SMS' && <Text size="sm">{t('second-factor.enrol.sms')}</Text>}
          {needsCode && (
            <FormTextField
              name="code"
              label={
                begun.method === 'TOTP'
                  ? t('second-factor.enrol.totpCode')
                  : t('second-factor.fields.sms')
              }
              // As the description, so that screen readers announce it with the focused field.
              description={
                begun.method === 'SMS' &&
                t('second-factor.enrol.smsCodeHint', { phone: begun.phoneHint })
              }
              inputMode="numeric"
              autoComplete="one-time-code"
              spellCheck={false}
              maxLength={64}
              {...leftToRight}
              data-autofocus
              // If the dialog asked for the number first, it is already open.
              autoFocus
            />
          )}
          <FormTextField
            name="name"
            label={t('second-factor.name.label')}
            description={t('second-factor.enrol.nameHint')}
            autoComplete="off"
            maxLength={60}
            {...(needsCode ? {} : { 'data-autofocus': true })}
          />
          <FormButtons
            submit={needsCode ? t('second-factor.enrol.add') : t('ui.button.continue')}
            onCancel={onClose}
          />
        </Stack>
      )}
    </ServerForm>
  )
}

interface Props extends Omit<ContentProps, 'begun'> {
  /** The step to show; null closes the dialog. */
  step: EnrolmentStep | null
  /**
   * Begins an enrolment with a number. Returns the errors of the API, and the seconds to wait
   * before the next try.
   */
  onPhoneNumber: (
    phone: string,
  ) => Promise<{ readonly errors: readonly ServerError[]; readonly retryAfterSeconds: number }>
}

/** Completes an enrolment: the user shows that the factor works, and names it. */
export const EnrolmentDialog = ({ step, onPhoneNumber, onClose, onAdded }: Props) => {
  const { t } = useLocale()
  // Keep the content while the dialog fades out.
  const [shown, setShown] = useState(step)
  if (step !== null && step !== shown) setShown(step)
  return (
    <Dialog
      opened={step !== null}
      onClose={onClose}
      onExitTransitionEnd={() => setShown(null)}
      title={shown === null ? '' : t(titleMessages[shown === 'phoneNumber' ? 'SMS' : shown.method])}
      closeOnClickOutside={false}
    >
      {shown === 'phoneNumber' && <PhoneNumber onPhoneNumber={onPhoneNumber} onClose={onClose} />}
      {shown !== null && shown !== 'phoneNumber' && (
        <Content key={shown.token} begun={shown} onClose={onClose} onAdded={onAdded} />
      )}
    </Dialog>
  )
}
