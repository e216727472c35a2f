import { randomBytes, randomInt } from 'node:crypto'

/** A new code for an SMS: six random digits. */
export const newSmsCode = (): string => String(randomInt(1_000_000)).padStart(6, '0')

// Crockford's base 32 has no letters that look like digits.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const groups = 6
const groupLength = 4

/** Accepted lengths: today's codes, and those of earlier versions (120 and 60 random bits). */
const codeLengths = [groups * groupLength, 12]

/** The number of recovery codes in a set. */
export const recoveryCodeCount = 10

/** A new recovery code, such as 7K2M-Q9XD-04TB-HN6P-W3ZC-8RYV: 120 random bits. */
export const newRecoveryCode = (): string => {
  const letters = [...randomBytes(groups * groupLength)].map(byte => alphabet[byte % 32])
  return Array.from({ length: groups }, (_, group) =>
    letters.slice(group * groupLength, (group + 1) * groupLength).join(''),
  ).join('-')
}

/** Normalizes an entered recovery code to the form that is hashed. Null if it is invalid. */
export const readRecoveryCode = (typed: string): string | null => {
  const letters = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s-]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
  return codeLengths.includes(letters.length) && [...letters].every(it => alphabet.includes(it))
    ? letters
    : null
}

/**
 * Normalizes an entered six-digit code: removes spaces, and converts full-width digits. Null if
 * it is invalid.
 */
export const readDigits = (typed: string): string | null => {
  const digits = typed.slice(0, 32).normalize('NFKC').replaceAll(/\s/g, '')
  return /^\d{6}$/.test(digits) ? digits : null
}
