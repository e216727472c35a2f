import {
  type CountryCode,
  getCountries,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max'
import { type Text, text } from '../messages/language.js'

// E.164 has 15 digits at most. Some people write an extension behind it.
const minDigits = 3
const maxDigits = 32
const maxCharacters = 64

/** The rule for a phone number, as the schema describes it. */
export const phoneRule = `${minDigits} to ${maxDigits} digits and at most ${maxCharacters} characters. It can begin with a plus or a bracket, and contain spaces, brackets, dots, dashes or slashes. It can end with an extension such as “ext. 12”`

const written = /^\(?\+? ?\(?[0-9][0-9 ()./-]*(?:(?:ext\.?|x|#) ?[0-9]{1,7}|;ext=[0-9]{1,7})?$/i

// As a spreadsheet shows and exports a long number: 4.86E+10, 48601234567.0.
const shortened = /^[0-9]{1,3}(?:[.,][0-9]{1,20})?E\+?[0-9]{1,3}$/i
const withDecimals = /^[0-9]{6,}\.0{1,2}$/

/**
 * A phone number in the characters of a keyboard. Contacts and web pages often copy invisible
 * characters, typographic dashes and special spaces along with a number. Digits of full width
 * and Arabic digits become ASCII.
 */
const plainPhone = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[\p{Pd}\u2212]/gu, '-')
    .replace(/\p{Zs}/gu, ' ')
    // The last four bits of these code points are the digit.
    .replace(/[\u0660-\u0669\u06F0-\u06F9]/g, digit => String(digit.charCodeAt(0) & 15))
    .trim()

const digitsOf = (text: string): string => text.replace('(0)', '').replace(/[^0-9]/g, '')

/** The regions whose national phone numbers are known, as ISO 3166-1 alpha-2 codes, sorted. */
export const phoneRegions: readonly string[] = getCountries().toSorted()

const parse = (text: string, region: string | null): PhoneNumber | null => {
  const known = region !== null && isSupportedCountry(region) ? region : undefined
  const read = (one: string): PhoneNumber | null => {
    const options = { extract: false, ...(known && { defaultCountry: known as CountryCode }) }
    const number = parsePhoneNumberFromString(one, options)
    return number?.isValid() === true && number.ext === undefined ? number : null
  }
  const asTyped = read(text)
  if (asTyped !== null) {
    // A spreadsheet drops the plus, and some countries allow national numbers that are as long.
    // Digits that are both a national number and an international one stay as they were typed.
    const isBoth =
      known !== undefined && /^[1-9][0-9 ()./-]*$/.test(text) && read(`+${text}`) !== null
    return isBoth ? null : asTyped
  }
  // Most countries dial 00 for the plus, and some people write it so. Others put the plus in brackets.
  const international = text.replace(/^\(\+/, '+(').replace(/^00/, '+')
  return international === text ? null : read(international)
}

/**
 * The form in which a phone number is stored: E.164, such as `+48601234567`, if it is a valid
 * international number, or a valid national number of the region. Any other text, and a number
 * with an extension, stays as it was typed.
 *
 * @param region the account's default region (ISO 3166-1 alpha-2); null if there is none.
 */
export const storedPhoneOf = (text: string, region: string | null): string => {
  // Longer texts are no phone numbers, and would cost time.
  if (text.length > maxCharacters) return text
  const plain = plainPhone(text)
  return parse(plain, region)?.number ?? plain
}

/**
 * A stored phone number as people read it: the international format, such as
 * `+48 601 234 567`, or as it is stored if it is not a valid international number.
 */
export const formatPhone = (stored: string): string => {
  if (stored.length > maxCharacters || !stored.startsWith('+')) return stored
  return parse(stored, null)?.formatInternational() ?? stored
}

/** What is wrong with a typed phone number, in words for its field, or null. */
export const phoneProblem = (typed: string): Text | null => {
  const plain = typed.length > maxCharacters ? typed : plainPhone(typed)
  if (shortened.test(plain)) {
    return text('phone-numbers.error.shortened')
  }
  if (withDecimals.test(plain)) {
    return text('phone-numbers.error.decimals')
  }
  const digits = plain.replace(/[^0-9]/g, '').length
  const fits = plain.length <= maxCharacters && digits >= minDigits && digits <= maxDigits
  return fits && written.test(plain)
    ? null
    : text('phone-numbers.error.invalid', { minDigits, maxDigits, maxCharacters })
}

/** The part of a stored phone number that the search finds: its digits, after a plus if it has one. */
export const searchedPhoneOf = (stored: string | null): string =>
  stored === null ? '' : `${stored.startsWith('+') ? '+' : ''}${digitsOf(stored)}`

const minSearchedDigits = 3
const minTrunkDigits = 7

/**
 * The digits by which a search that looks like a phone number finds it, in each form in which
 * it can be stored. Empty for any other search.
 *
 * @param region as for {@link storedPhoneOf}: `0151 23456789` finds `+4915123456789` in `DE`.
 */
export const searchedDigitsOf = (search: string, region: string | null): string[] => {
  if (search.length > maxCharacters) return []
  const plain = plainPhone(search)
  if (!/^[0-9 +()./-]+$/.test(plain)) return []
  // Without the zeros that a caller dials before the number of a country or an area.
  const digits = digitsOf(plain)
  // A short one is a part of a number, in which a zero counts.
  const typed = digits.length < minTrunkDigits ? digits : digits.replace(/^0+/, '')
  const stored = parse(plain, region)?.number.slice(1)
  return [...new Set([typed, stored ?? typed])].filter(digits => digits.length >= minSearchedDigits)
}
