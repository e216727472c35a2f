import {
  evaluate,
  type PasswordContext,
  type PasswordPolicy,
  type PasswordRule,
  settingOf,
} from './password-policy.js'

// Leaves out characters that look alike in print: 0 O o, 1 l I |. The special characters need no dead
// key on any keyboard, and no quoting in a shell or a CSV file.
const alphabets = {
  UPPERCASE: 'ABCDEFGHJKLMNPQRSTUVWXYZ',
  LOWERCASE: 'abcdefghijkmnpqrstuvwxyz',
  NUMBER: '23456789',
  SPECIAL: '!#%+-.:=?@_',
} as const satisfies Partial<Record<PasswordRule, string>>

const everything = Object.values(alphabets).join('')
/** The usual number of characters: about 123 bits. */
const usualLength = 20
const maxAttempts = 1000

/**
 * A random password that meets the policy. The characters that the policy requires are drawn from
 * their classes and the rest from all classes. Then all are shuffled.
 *
 * @param randomBelow returns a whole number from 0 up to, but not including, its argument, from a
 * cryptographic source. Each number must be equally likely.
 * @param context what the password must differ from.
 * @throws Error if no password was found. Only a policy that contradicts itself can cause this.
 */
export const generatePassword = (
  policy: PasswordPolicy,
  randomBelow: (bound: number) => number,
  context: PasswordContext = {},
): string => {
  const minLength = settingOf(policy, 'MIN_LENGTH')?.min ?? 0
  const maxLength = settingOf(policy, 'MAX_LENGTH')?.max ?? Number.POSITIVE_INFINITY
  const length = Math.min(Math.max(minLength, usualLength), maxLength)
  const draw = (alphabet: string): string => alphabet.charAt(randomBelow(alphabet.length))

  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const characters: string[] = []
    for (const [rule, alphabet] of Object.entries(alphabets)) {
      const setting = settingOf(policy, rule as keyof typeof alphabets)
      for (let count = 0; count < (setting?.min ?? 0); count += 1) characters.push(draw(alphabet))
    }
    while (characters.length < length) characters.push(draw(everything))
    // The Fisher–Yates shuffle.
    for (let last = characters.length - 1; last > 0; last -= 1) {
      const other = randomBelow(last + 1)
      const kept = characters[last] as string
      characters[last] = characters[other] as string
      characters[other] = kept
    }
    const password = characters.join('')
    if (evaluate(policy, password, context).every(finding => finding.met)) return password
  }
  throw new Error('The policy rejects every generated password.')
}
