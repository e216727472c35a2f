import { type PasswordPolicy, settingOf } from './password-policy.js'

const required = [
  ['UPPERCASE', 'upper'],
  ['LOWERCASE', 'lower'],
  ['NUMBER', 'digit'],
  ['SPECIAL', 'special'],
] as const

/**
 * The value of the HTML attribute `passwordrules`. Password managers use it to generate passwords
 * that fit (WHATWG HTML issue 3518; Apple, Customizing Password AutoFill Rules). It expresses only
 * lengths and classes of characters.
 */
export const passwordRulesAttribute = (policy: PasswordPolicy): string => {
  const minLength = settingOf(policy, 'MIN_LENGTH')
  const maxLength = settingOf(policy, 'MAX_LENGTH')
  return [
    ...(minLength ? [`minlength: ${minLength.min};`] : []),
    ...(maxLength ? [`maxlength: ${maxLength.max};`] : []),
    ...required
      .filter(([rule]) => settingOf(policy, rule) !== undefined)
      .map(([, characters]) => `required: ${characters};`),
    'allowed: ascii-printable;',
  ].join(' ')
}
