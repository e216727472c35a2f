import { Button, Group, Stack, Text, VisuallyHidden } from '@mantine/core'
import { generatePassword, type PasswordContext } from '@rekey/shared/password-policy'
import { IconSparkles } from '@tabler/icons-react'
import { useFormikContext } from 'formik'
import { useState } from 'react'
import { FormPasswordField } from '../forms/FormTextField'
import { keepFocus } from '../forms/keep-focus'
import { type JudgedRule, missingInWords, type NewPasswordValues, policyOf } from './new-password'
import { PasswordChecklist } from './PasswordChecklist'
import type { Policy } from './password-policy'
import { randomBelow } from './random'
import { StrengthMeter } from './StrengthMeter'

interface Props {
  label: string
  repeatLabel: string
  policy: Policy
  /** The policy's rules with their verdicts. */
  rules: readonly JudgedRule[]
  /** What the password is judged with. */
  context: PasswordContext
  /** What someone who guesses would know. */
  known: readonly string[]
}

/** The new password with its strength and its checklist, a way to generate one, and its repetition. */
export const NewPasswordFields = ({ label, repeatLabel, policy, rules, context, known }: Props) => {
  const { values, setFieldTouched, setValues, handleChange } = useFormikContext<NewPasswordValues>()
  const [shown, setShown] = useState({ newPassword: false, repeatPassword: false })
  const [generated, setGenerated] = useState<{ password: string; copied: boolean } | null>(null)

  const generate = async () => {
    const password = generatePassword(policyOf(policy.rules), randomBelow, context)
    await setValues({ ...values, newPassword: password, repeatPassword: password })
    setShown({ newPassword: true, repeatPassword: true })
    // Not where the page came without TLS, nor where the person forbids it.
    const copied = await (navigator.clipboard?.writeText(password) ?? Promise.reject()).then(
      () => true,
      () => false,
    )
    setGenerated({ password, copied })
  }
  const told =
    generated === null || generated.password !== values.newPassword
      ? ''
      : generated.copied
        ? 'Generated and copied. Keep it somewhere safe, such as a password manager.'
        : 'Generated. Copy it from the field to somewhere safe, such as a password manager.'

  return (
    <>
      <Stack gap={6}>
        <FormPasswordField
          name="newPassword"
          label={label}
          // The list below tells it to those who see it.
          errorDetail={<VisuallyHidden> {missingInWords(rules)}</VisuallyHidden>}
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
            Generate
          </Button>
        </Group>
        <Text
          size="sm"
          role="status"
          aria-label="Generated password"
          c="dimmed"
          hidden={told === ''}
        >
          {told}
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
          // As long as the other, it can be judged without waiting for the person to leave.
          if (event.currentTarget.value.length >= values.newPassword.length) {
            void setFieldTouched('repeatPassword', true, false)
          }
        }}
      />
    </>
  )
}
