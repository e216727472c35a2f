import { Button, Group, Stack, Text } from '@mantine/core'
import { generatePassword, type PasswordContext } from '@rekey/shared/password-policy'
import { IconSparkles } from '@tabler/icons-react'
import { useFormikContext } from 'formik'
import { useRef, useState } from 'react'
import { FormPasswordField } from '../forms/FormTextField'
import { keepFocus } from '../forms/keep-focus'
import { useLocale } from '../messages/use-locale'
import { type JudgedRule, type NewPasswordValues, policyOf } from './new-password'
import { PasswordChecklist } from './PasswordChecklist'
import type { Policy } from './password-policy'
import { randomBelow } from './random'
import type { OwnerName } from './rule-words'
import { StrengthMeter } from './StrengthMeter'

interface Props {
  label: string
  repeatLabel: string
  policy: Policy
  /** The rules of the policy with their results. */
  rules: readonly JudgedRule[]
  /** The context in which the password is checked. */
  context: PasswordContext
  /** The words that an attacker would know. */
  known: readonly string[]
  /** The name of the user whose password it will be; null if it is the reader's own. */
  owner?: OwnerName
}

/** The fields for a new password and its repetition, with strength, checklist and a generator. */
export const NewPasswordFields = ({
  label,
  repeatLabel,
  policy,
  rules,
  context,
  known,
  owner = null,
}: Props) => {
  const { t } = useLocale()
  const { values, setFieldTouched, setValues, handleChange } = useFormikContext<NewPasswordValues>()
  const field = useRef<HTMLInputElement>(null)
  const [shown, setShown] = useState({ newPassword: false, repeatPassword: false })
  const [generated, setGenerated] = useState<{ password: string; copied: boolean } | null>(null)

  const generate = async () => {
    const password = generatePassword(policyOf(policy.rules), randomBelow, context)
    await setValues({ ...values, newPassword: password, repeatPassword: password })
    setShown({ newPassword: true, repeatPassword: true })
    // This fails if the page was loaded without TLS, or if the user does not allow it.
    const copied = await (navigator.clipboard?.writeText(password) ?? Promise.reject()).then(
      () => true,
      () => false,
    )
    setGenerated({ password, copied })
    if (copied) return
    // So that the user only has to press the keys for Copy.
    field.current?.focus()
    field.current?.select()
  }
  const notice =
    generated === null || generated.password !== values.newPassword
      ? ''
      : generated.copied
        ? t('passwords.fields.copied')
        : t('passwords.fields.notCopied')

  return (
    <>
      <Stack gap={6}>
        <FormPasswordField
          ref={field}
          name="newPassword"
          label={label}
          autoComplete="new-password"
          visible={shown.newPassword}
          onVisibilityChange={visible => setShown({ ...shown, newPassword: visible })}
          {...{ passwordrules: policy.passwordRules }}
        />
        <Group gap="xs" mih="1.875rem">
          <StrengthMeter password={values.newPassword} known={known} rules={rules} />
          <Button
            variant="subtle"
            size="compact-sm"
            flex="none"
            leftSection={<IconSparkles size={16} aria-hidden />}
            onClick={() => void generate()}
            {...keepFocus}
          >
            {t('passwords.fields.generate')}
          </Button>
        </Group>
        <Text
          size="sm"
          role="status"
          aria-label={t('passwords.fields.generated')}
          c="dimmed"
          hidden={notice === ''}
        >
          {notice}
        </Text>
      </Stack>
      <PasswordChecklist rules={rules} owner={owner} />
      <FormPasswordField
        name="repeatPassword"
        label={repeatLabel}
        autoComplete="new-password"
        visible={shown.repeatPassword}
        onVisibilityChange={visible => setShown({ ...shown, repeatPassword: visible })}
        onChange={event => {
          handleChange(event)
          // A repetition of the same length can be checked before the user leaves the
          // field.
          if (event.currentTarget.value.length >= values.newPassword.length) {
            void setFieldTouched('repeatPassword', true, false)
          }
        }}
      />
    </>
  )
}
