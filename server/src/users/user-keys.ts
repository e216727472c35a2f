import { domainToASCII, domainToUnicode } from 'node:url'
import { loginKeyOf, spelledKeyOf, tidyLogin } from '@rekey/shared/login'
import { foldText } from '@rekey/shared/search-text'
import { searchedPhoneOf } from '../phone-numbers/phone.js'

/**
 * A login as people see it: without the spaces around it, in NFC, the part before the @ as it was
 * typed, the domain in Unicode. A domain keeps its capitals unless UTS 46 maps it to another one,
 * as it does with Punycode and with letters of full width.
 */
export const displayedLoginOf = (login: string): string => {
  const tidy = tidyLogin(login)
  const at = tidy.lastIndexOf('@')
  const domain = tidy.slice(at + 1)
  const key = loginKeyOf(tidy)
  const ascii = key.slice(key.lastIndexOf('@') + 1)
  const shown = domainToUnicode(ascii)
  // Of what is no domain, it would be another one: 1.2 would become 1.0.0.2.
  const isOther = at === -1 || domainToASCII(shown) !== ascii
  if (isOther || shown === domain.toLowerCase()) return tidy
  return `${tidy.slice(0, at + 1)}${shown}`
}

/**
 * The keys under which the user of a typed login may be found, the first before the second: its
 * own spelling, which counts if two users have one mailbox, and the key of the login.
 */
export const keysToFind = (login: string): string[] => [
  ...new Set([spelledKeyOf(login), loginKeyOf(login)]),
]

/** The full name as it is shown. */
export const fullNameOf = (user: { firstName: string; lastName: string }): string =>
  [user.firstName, user.lastName].filter(part => part !== '').join(' ')

/** What someone who was deleted is called from then on, wherever their name would stand. */
export const pseudonymOf = (id: string): string => `Deleted user ${id.slice(-6)}`

/** The fields that other columns follow from. */
interface Source {
  readonly login: string
  readonly firstName: string
  readonly lastName: string
  readonly phone: string | null
}

/** What a user is found by, folded. */
const searchTextOf = (user: Source): string => {
  const login = foldText(displayedLoginOf(user.login))
  const ascii = foldText(loginKeyOf(user.login))
  const name = foldText(fullNameOf(user))
  const parts = [login, ...(ascii === login ? [] : [ascii]), name, searchedPhoneOf(user.phone)]
  // The spaces at the end: so that its last characters, too, begin a trigram.
  return `${parts.filter(part => part !== '').join(' ')}  `
}

/** The columns that follow from what a person can edit. */
export const derivedColumnsOf = (user: Source) => ({
  loginKey: loginKeyOf(user.login),
  takenLoginKey: null,
  nameKey: foldText(fullNameOf(user)),
  searchText: searchTextOf(user),
})
