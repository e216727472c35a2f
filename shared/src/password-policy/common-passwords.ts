import { type PasswordPolicy, settingOf } from './password-policy.js'

/**
 * Whether the policy lets only such passwords through as the strict list holds: of
 * 12 characters or more, with two letters that could differ in case, a number and
 * a special character.
 */
const isStrict = (policy: PasswordPolicy): boolean =>
  (settingOf(policy, 'MIN_LENGTH')?.min ?? 0) >= 12 &&
  (['UPPERCASE', 'LOWERCASE', 'NUMBER', 'SPECIAL'] as const).every(
    rule => settingOf(policy, rule) !== undefined,
  )

/**
 * The commonly used passwords that the other rules of the policy would let
 * through, folded by `foldPassword`: at least the 3,000 most used of them (OWASP
 * ASVS 5.0, 6.2.4). Empty when the policy has COMMON switched off.
 *
 * A module of its own, which loads its lists when it is called: they are far
 * larger than all the rest of the policy.
 */
export const loadCommonPasswords = async (policy: PasswordPolicy): Promise<ReadonlySet<string>> => {
  if (settingOf(policy, 'COMMON') === undefined) return new Set()
  const { list: strict } = await import('./common-passwords/strict-list.js')
  if (isStrict(policy)) return new Set(strict.split('\n'))
  const { list: other } = await import('./common-passwords/other-list.js')
  return new Set([...strict.split('\n'), ...other.split('\n')])
}
