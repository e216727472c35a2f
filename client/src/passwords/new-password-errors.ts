import { newPasswordForm } from '@rekey/shared/password-policy'
import type { Translate } from '../messages/locale'
import type { JudgedRule, NewPasswordValues } from './new-password'
import { type OwnerName, refusalOf } from './rule-words'

/** The errors of a new password and its repetition. */
export const validateNewPassword = (
  t: Translate,
  { newPassword, repeatPassword }: NewPasswordValues,
  rules: readonly JudgedRule[],
  owner: OwnerName,
): Partial<NewPasswordValues> => {
  const refusal = newPassword === '' ? t('passwords.fields.newMissing') : refusalOf(t, rules, owner)
  return {
    ...(refusal === null ? {} : { newPassword: refusal }),
    ...(repeatPassword === ''
      ? { repeatPassword: t('passwords.fields.repeatMissing') }
      : newPasswordForm(repeatPassword) !== newPasswordForm(newPassword)
        ? { repeatPassword: t('passwords.fields.mismatch') }
        : {}),
  }
}
