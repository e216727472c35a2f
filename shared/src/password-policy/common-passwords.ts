import { type PasswordPolicy, settingOf } from './password-policy.js'

/**
 * Whether the policy allows only passwords like those of the strict list: at least 12 characters,
 * with two letters that could differ in case, a number and a special character.
 */
const isStrict = (policy: PasswordPolicy): boolean =>
  (settingOf(policy, 'MIN_LENGTH')?.min ?? 0) >= 12 &&
  (['UPPERCASE', 'LOWERCASE', 'NUMBER', 'SPECIAL'] as const).every(
    rule => settingOf(policy, rule) !== undefined,
  )

/**
 * The commonly used passwords that the other rules of the policy would allow, folded by
 * `foldPassword`: at least the 3,000 most used of them (OWASP ASVS 5.0, 6.2.4). Empty if the policy
 * does not have the rule COMMON.
 *
 * This is a separate module that loads its lists when it is called, because they are far larger than
 * the rest of the policy.
 */
export const loadCommonPasswords = async (policy: PasswordPolicy): Promise<ReadonlySet<string>> => {
  if (settingOf(policy, 'COMMON') === undefined) return new Set()
  const { list: strict } = await import('./common-passwords/strict-list.js')
  if (isStrict(policy)) return new Set(strict.split('\n'))
  const { list: other } = await import('./common-passwords/other-list.js')
  return new Set([...strict.split('\n'), ...other.split('\n')])
}
