import { randomBytes, randomInt } from 'node:crypto'

/** Digits that are sent by SMS. */
export const newSmsCode = (): string => String(randomInt(1_000_000)).padStart(6, '0')

// Crockford's base 32: no letter looks like a number.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const groups = 6
const groupLength = 4

/** Letters of a code today, and of those that earlier versions made: 120 and 60 random bits. */
const codeLengths = [groups * groupLength, 12]

/** How many recovery codes there are at once. */
export const recoveryCodeCount = 10

/** A fresh recovery code, such as 7K2M-Q9XD-04TB-HN6P-W3ZC-8RYV: 120 random bits. */
export const newRecoveryCode = (): string => {
  const letters = [...randomBytes(groups * groupLength)].map(byte => alphabet[byte % 32])
  return Array.from({ length: groups }, (_, group) =>
    letters.slice(group * groupLength, (group + 1) * groupLength).join(''),
  ).join('-')
}

/** A recovery code as it is hashed: however it was typed, it is the same. */
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

/** A code of digits as it is verified; people type spaces between them, and other scripts’ keyboards. */
export const readDigits = (typed: string): string | null => {
  const digits = typed.slice(0, 32).normalize('NFKC').replaceAll(/\s/g, '')
  return /^\d{6}$/.test(digits) ? digits : null
}
