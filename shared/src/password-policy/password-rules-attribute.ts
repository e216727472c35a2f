import { type PasswordPolicy, settingOf } from './password-policy.js'

const required = [
  ['UPPERCASE', 'upper'],
  ['LOWERCASE', 'lower'],
  ['NUMBER', 'digit'],
  ['SPECIAL', 'special'],
] as const

/**
 * The value of the HTML attribute `passwordrules`, by which password managers make
 * passwords that fit (WHATWG HTML issue 3518; Apple, Customizing Password AutoFill
 * Rules). It knows lengths and classes of characters, and no more.
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
