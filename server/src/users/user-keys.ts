import { searchedPhoneOf } from './phone.js'

// Not every database can hold U+0000 or half of a surrogate pair, and no field may:
// where they are looked for, they are replaced, so that they are found nowhere.
const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD')

/** Folds an e-mail address so that two spellings of one login meet: NFC, lower case. */
export const loginKeyOf = (login: string): string => storable(login.normalize('NFC').toLowerCase())

/** Folds text for sorting and searching: without marks and without case, so "Zoltán" is found by "zoltan". */
export const foldText = (text: string): string =>
  storable(text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase())

/** The full name as it is shown. */
export const fullNameOf = (user: { firstName: string; lastName: string }): string =>
  [user.firstName, user.lastName].filter(part => part !== '').join(' ')

/** What someone who was deleted is called from then on, wherever their name would stand. */
export const pseudonymOf = (id: string): string => `Deleted user ${id.slice(-6)}`

/** The columns that follow from what a person can edit. */
export const derivedColumnsOf = (user: {
  login: string
  firstName: string
  lastName: string
  phone: string | null
}) => ({
  loginKey: loginKeyOf(user.login),
  nameKey: foldText(fullNameOf(user)),
  // The spaces at the end: so that its last characters, too, begin a trigram.
  searchText: `${foldText(`${user.login} ${fullNameOf(user)}`)} ${searchedPhoneOf(user.phone)}  `,
})
