import { domainToASCII, domainToUnicode } from 'node:url'
import { loginKeyOf, spelledKeyOf, tidyLogin } from '@rekey/shared/login'
import { foldText } from '@rekey/shared/search-text'
import { searchedPhoneOf } from '../phone-numbers/phone.js'

/**
 * A login as it is shown: in NFC, without spaces around it, the part before the @ as it was typed,
 * the domain in Unicode. A domain keeps its capitals unless UTS 46 maps it to another domain, as it
 * does with Punycode and with full-width letters.
 */
export const displayedLoginOf = (login: string): string => {
  const tidy = tidyLogin(login)
  const at = tidy.lastIndexOf('@')
  const domain = tidy.slice(at + 1)
  const key = loginKeyOf(tidy)
  const ascii = key.slice(key.lastIndexOf('@') + 1)
  const shown = domainToUnicode(ascii)
  // If the text is not a domain, the result would be another address: 1.2 would become 1.0.0.2.
  const isOther = at === -1 || domainToASCII(shown) !== ascii
  if (isOther || shown === domain.toLowerCase()) return tidy
  return `${tidy.slice(0, at + 1)}${shown}`
}

/**
 * The keys under which to find the user of a typed login, in this order: the key of its own
 * spelling, which decides if two users share a mailbox, and the key of the login.
 */
export const keysToFind = (login: string): string[] => [
  ...new Set([spelledKeyOf(login), loginKeyOf(login)]),
]

/** The full name as it is shown. */
export const fullNameOf = (user: { firstName: string; lastName: string }): string =>
  [user.firstName, user.lastName].filter(part => part !== '').join(' ')

/** The pseudonym of a deleted user, shown wherever their name would be. */
export const pseudonymOf = (id: string): string => `Deleted user ${id.slice(-6)}`

/** The fields from which other columns are derived. */
interface Source {
  readonly login: string
  readonly firstName: string
  readonly lastName: string
  readonly phone: string | null
}

/** The text in which a search finds a user, folded. */
const searchTextOf = (user: Source): string => {
  const login = foldText(displayedLoginOf(user.login))
  const ascii = foldText(loginKeyOf(user.login))
  const name = foldText(fullNameOf(user))
  const parts = [login, ...(ascii === login ? [] : [ascii]), name, searchedPhoneOf(user.phone)]
  // The spaces at the end let its last characters begin a trigram, too.
  return `${parts.filter(part => part !== '').join(' ')}  `
}

/** The columns that are derived from the fields that can be edited. */
export const derivedColumnsOf = (user: Source) => ({
  loginKey: loginKeyOf(user.login),
  takenLoginKey: null,
  nameKey: foldText(fullNameOf(user)),
  searchText: searchTextOf(user),
})
