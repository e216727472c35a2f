import {
  newPasswordForm,
  type PasswordContext,
  type PasswordRule,
} from '@rekey/shared/password-policy'
import type { Translate } from '../messages/locale'
import { type JudgedRule, judge, type NewPasswordValues, type PolicyRule } from './new-password'
import { type OwnerName, refusalOf } from './rule-words'

/**
 * Why the server refused a new password, in the words of the rules that are checked here; null if no
 * rule of the policy is broken.
 *
 * @param violations the rules that the password breaks according to the server.
 */
export const serverRefusalOf = (
  t: Translate,
  rules: readonly PolicyRule[],
  password: string,
  context: PasswordContext,
  violations: readonly { readonly rule: PasswordRule }[],
  owner: OwnerName,
): string | null => {
  const broken = violations.map(({ rule }) => rule)
  return refusalOf(t, judge(rules, password, context, broken), owner)
}

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
