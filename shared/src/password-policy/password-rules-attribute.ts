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
  const least = settingOf(policy, 'MIN_LENGTH')
  const most = settingOf(policy, 'MAX_LENGTH')
  return [
    ...(least ? [`minlength: ${least.min};`] : []),
    ...(most ? [`maxlength: ${most.max};`] : []),
    ...required
      .filter(([rule]) => settingOf(policy, rule) !== undefined)
      .map(([, characters]) => `required: ${characters};`),
    'allowed: ascii-printable;',
  ].join(' ')
}
