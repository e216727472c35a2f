import { newPasswordForm } from '@rekey/shared/password-policy'
import type { Locale, Translate } from '../messages/locale'
import type { JudgedRule, NewPasswordValues } from './new-password'

/** The broken rules as a sentence; empty if no checked rule is broken. */
export const missingInWords = (
  { t, formatList }: Pick<Locale, 't' | 'formatList'>,
  rules: readonly JudgedRule[],
): string => {
  const unmet = rules.filter(rule => rule.verdict === 'unmet')
  return unmet.length === 0
    ? ''
    : t('passwords.checklist.missing', { rules: formatList(unmet.map(rule => rule.description)) })
}

/** The errors of a new password and its repetition. */
export const validateNewPassword = (
  t: Translate,
  { newPassword, repeatPassword }: NewPasswordValues,
  rules: readonly JudgedRule[],
): Partial<NewPasswordValues> => ({
  ...(newPassword === ''
    ? { newPassword: t('passwords.fields.newMissing') }
    : rules.some(rule => rule.verdict === 'unmet')
      ? { newPassword: t('passwords.fields.unmet') }
      : {}),
  ...(repeatPassword === ''
    ? { repeatPassword: t('passwords.fields.repeatMissing') }
    : newPasswordForm(repeatPassword) !== newPasswordForm(newPassword)
      ? { repeatPassword: t('passwords.fields.mismatch') }
      : {}),
})
