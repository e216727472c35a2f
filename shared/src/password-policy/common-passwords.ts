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

const sets = new Map<'strict' | 'all', Promise<ReadonlySet<string>>>()

const loadStrict = async (): Promise<string> =>
  (await import('./common-passwords/strict-list.js')).list

const loaders = {
  strict: async () => new Set((await loadStrict()).split('\n')),
  all: async () => {
    const { list: other } = await import('./common-passwords/other-list.js')
    return new Set([...(await loadStrict()).split('\n'), ...other.split('\n')])
  },
}

/** Builds each set once, because the policy can change at any time, and often back again. */
const loadSet = (name: 'strict' | 'all'): Promise<ReadonlySet<string>> => {
  const kept = sets.get(name)
  if (kept !== undefined) return kept
  const loaded = loaders[name]()
  sets.set(name, loaded)
  // In a browser the list may not arrive. The next caller tries again.
  loaded.catch(() => sets.delete(name))
  return loaded
}

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
  return loadSet(isStrict(policy) ? 'strict' : 'all')
}
