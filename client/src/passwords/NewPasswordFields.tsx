import { Button, Group, Stack, Text, VisuallyHidden } from '@mantine/core'
import { generatePassword, type PasswordContext } from '@rekey/shared/password-policy'
import { IconSparkles } from '@tabler/icons-react'
import { useFormikContext } from 'formik'
import { useState } from 'react'
import { FormPasswordField } from '../forms/FormTextField'
import { keepFocus } from '../forms/keep-focus'
import { useLocale } from '../messages/use-locale'
import { type JudgedRule, type NewPasswordValues, policyOf } from './new-password'
import { missingInWords } from './new-password-errors'
import { PasswordChecklist } from './PasswordChecklist'
import type { Policy } from './password-policy'
import { randomBelow } from './random'
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
}

/** The fields for a new password and its repetition, with strength, checklist and a generator. */
export const NewPasswordFields = ({ label, repeatLabel, policy, rules, context, known }: Props) => {
  const locale = useLocale()
  const { t } = locale
  const { values, setFieldTouched, setValues, handleChange } = useFormikContext<NewPasswordValues>()
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
          name="newPassword"
          label={label}
          // Users who see the list below find the details there.
          errorDetail={<VisuallyHidden> {missingInWords(locale, rules)}</VisuallyHidden>}
          autoComplete="new-password"
          visible={shown.newPassword}
          onVisibilityChange={visible => setShown({ ...shown, newPassword: visible })}
          {...{ passwordrules: policy.passwordRules }}
        />
        <Group gap="xs" mih="1.875rem">
          <StrengthMeter password={values.newPassword} known={known} />
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
      <PasswordChecklist rules={rules} />
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
