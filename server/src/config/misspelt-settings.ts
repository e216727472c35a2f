import { distance } from 'fastest-levenshtein'

// Shorter ones are too alike to the names that other programs use.
const leastLength = 8
const longestName = 60
const prefix = 'REKEY_'

const isNear = (one: string, other: string): boolean =>
  Math.min(one.length, other.length) >= leastLength && distance(one, other) <= 2

/**
 * Variables that are no setting but look as if one was meant: `MAIL_FORM`, or `REKEY_PORT`. One line
 * for each; the values, which may be secrets, are not looked at.
 */
export const misspeltSettings = (
  names: readonly string[],
  settings: readonly string[],
): readonly string[] =>
  names.flatMap(name => {
    if (settings.includes(name) || name.length > longestName) return []
    const plain = name.startsWith(prefix) ? name.slice(prefix.length) : name
    const meant = settings.find(setting => plain === setting || isNear(plain, setting))
    return meant === undefined ? [] : [`${name} is no setting: did you mean ${meant}?`]
  })
