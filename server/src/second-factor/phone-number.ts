/** Parses a phone number to E.164. Null if it has no country code or is invalid. */
export const readPhoneNumber = (written: string | null): string | null => {
  const number = (written ?? '').normalize('NFKC').replaceAll(/[\s().\-/]/g, '')
  return /^\+[1-9]\d{6,14}$/.test(number) ? number : null
}

/** A masked number that still lets its owner recognize it. */
export const phoneHintOf = (number: string): string => `••• ${number.slice(-2)}`
