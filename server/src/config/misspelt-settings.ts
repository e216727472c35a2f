import { distance } from 'fastest-levenshtein'

// Shorter names are too similar to the variables of other programs.
const minLength = 8
const maxLength = 60
const prefix = 'REKEY_'

const isNear = (one: string, other: string): boolean =>
  Math.min(one.length, other.length) >= minLength && distance(one, other) <= 2

/**
 * Variables that are not a setting but look like one, such as `MAIL_FORM` or `REKEY_PORT`. Returns
 * one line for each. It does not read their values, which may be secrets.
 */
export const misspeltSettings = (
  names: readonly string[],
  settings: readonly string[],
): readonly string[] =>
  names.flatMap(name => {
    if (settings.includes(name) || name.length > maxLength) return []
    const plain = name.startsWith(prefix) ? name.slice(prefix.length) : name
    const meant = settings.find(setting => plain === setting || isNear(plain, setting))
    return meant === undefined ? [] : [`${name} is not a setting: did you mean ${meant}?`]
  })
