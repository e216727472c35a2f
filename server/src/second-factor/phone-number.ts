/** A phone number in E.164, or null when it does not say its country or is no number. */
export const readPhoneNumber = (written: string | null): string | null => {
  const number = (written ?? '').normalize('NFKC').replaceAll(/[\s().\-/]/g, '')
  return /^\+[1-9]\d{6,14}$/.test(number) ? number : null
}

/** As much of a number as its owner knows it by. */
export const phoneHintOf = (number: string): string => `••• ${number.slice(-2)}`
