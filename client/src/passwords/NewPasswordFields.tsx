import { normalizePassword } from '@rekey/shared/password-policy'
import { useFormikContext } from 'formik'
import { FormPasswordField } from '../forms/FormTextField'
import { PasswordChecklist } from './PasswordChecklist'
import type { JudgedRule } from './password-policy'

/** The fields of a form that sets a password. */
export interface NewPasswordValues {
  newPassword: string
  repeatPassword: string
}

/** What is wrong with a new password and its repetition. */
export const validateNewPassword = (
  { newPassword, repeatPassword }: NewPasswordValues,
  rules: readonly JudgedRule[],
): Partial<NewPasswordValues> => ({
  ...(newPassword === ''
    ? { newPassword: 'Enter a new password.' }
    : rules.some(rule => rule.verdict === 'unmet')
      ? { newPassword: 'This password does not meet every requirement.' }
      : {}),
  ...(repeatPassword === ''
    ? { repeatPassword: 'Repeat the new password.' }
    : normalizePassword(repeatPassword) !== normalizePassword(newPassword)
      ? { repeatPassword: 'The passwords don’t match.' }
      : {}),
})

/** The new password with its checklist, and its repetition. */
export const NewPasswordFields = ({
  label,
  repeatLabel,
  rules,
}: {
  label: string
  repeatLabel: string
  rules: readonly JudgedRule[]
}) => {
  const { values, setFieldTouched, handleChange } = useFormikContext<NewPasswordValues>()
  return (
    <>
      <FormPasswordField name="newPassword" label={label} autoComplete="new-password" />
      <PasswordChecklist id="requirements" rules={rules} />
      <FormPasswordField
        name="repeatPassword"
        label={repeatLabel}
        autoComplete="new-password"
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
