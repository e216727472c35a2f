import { foldText } from '@rekey/shared/search-text'
import SQL, { join, type Sql } from 'sql-template-tag'
import type { UnitOfWork } from '../database/unit-of-work.js'
import { searchedDigitsOf } from '../phone-numbers/phone.js'

// The engines' indexes hold the trigrams of each text. They find a word by all of its trigrams,
// also by those that nearly every user has, such as those of the company's domain. So a search
// begins with a piece of each word: the last characters before an @, where logins differ most.
const pieceCharacters = 6
// Of a longer word, the index is asked for the end.
const maxWordCharacters = 24

const charactersOf = (text: string): string[] => [...text]

const lastCharacters = (text: string, count: number): string =>
  charactersOf(text).slice(-count).join('')

const isLong = (term: string): boolean => charactersOf(term).length >= 3

/** The part of a word that users differ in: what is before the @, if that is long enough. */
const ownPartOf = (term: string): string => {
  const own = term.slice(0, Math.max(term.lastIndexOf('@'), 0))
  return isLong(own) ? own : term
}

/** The ways in which a search finds a user: all words of one of them are in the user's text. */
export type SearchWays = readonly (readonly string[])[]

/** Whether the index is asked for each of these words as it is, so that it finds nobody else. */
export const areWhole = (ways: SearchWays): boolean =>
  ways.every(terms =>
    terms.every(
      term =>
        isLong(term) && ownPartOf(term) === term && charactersOf(term).length <= maxWordCharacters,
    ),
  )

// A number of at least so many digits is a whole phone number, or nearly.
const minWholeNumberDigits = 7

/** Whether everyone who has these words has those others, too. */
const finds = (terms: readonly string[], others: readonly string[]): boolean =>
  others.every(other => terms.some(term => term.includes(other)))

/**
 * The ways in which a search finds a user: by its words, folded as the text that is searched,
 * and if it looks like a phone number, also by its digits in one. Empty for an empty search.
 *
 * @param region whose national phone numbers are read; null if there is none.
 */
export const waysOf = (search: string, region: string | null): SearchWays => {
  const words = foldText(search)
    .split(/\s+/)
    .filter(term => term !== '')
  if (words.length === 0) return []
  const numbers = searchedDigitsOf(search, region).map(digits => [digits])
  const [digits = ''] = numbers[0] ?? []
  // The groups of a whole number in another order are another number. And the index holds no
  // trigram of a group of two digits.
  const isWholeNumber = digits.length >= minWholeNumberDigits || !words.some(isLong)
  const byNumberOnly = digits !== '' && words.length > 1 && isWholeNumber
  const ways = byNumberOnly ? numbers : [words, ...numbers]
  // Without a way that finds nobody beyond another one.
  return ways.filter(
    (way, at) =>
      !ways.some(
        (other, otherAt) =>
          otherAt !== at && finds(way, other) && (otherAt < at || !finds(other, way)),
      ),
  )
}

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, character => `\\${character}`)

/** The condition that a user's text holds a word. */
const holds = (text: string): Sql =>
  SQL`users.search_text LIKE ${`%${escapeLike(text)}%`} ESCAPE '\\'`

// In quotes nothing of it is syntax.
const quoted = (term: string): string => `"${term.replaceAll('"', '""')}"`

/** The condition that all words of one of these ways are in a user's text. */
export const holdsOneOf = (ways: SearchWays): Sql =>
  SQL`(${join(
    ways.map(terms => SQL`(${join(terms.map(holds), ' AND ')})`),
    ' OR ',
  )})`

/** A condition that the search index answers. */
const indexed = (unit: UnitOfWork, ways: SearchWays): Sql =>
  unit.engine === 'sqlite'
    ? SQL`users_search MATCH ${ways.map(texts => `(${texts.map(quoted).join(' AND ')})`).join(' OR ')}`
    : holdsOneOf(ways)

/**
 * Conditions for the search index, the cheapest first. Each finds everyone whom the search finds,
 * and perhaps others. Empty if in one of the ways no word has three characters.
 */
export const indexConditions = (unit: UnitOfWork, ways: SearchWays): Sql[] => {
  const long = ways.map(terms => terms.filter(isLong).map(ownPartOf))
  if (long.some(terms => terms.length === 0)) return []
  const endsOf = (count: number): SearchWays =>
    long.map(terms => [...new Set(terms.map(term => lastCharacters(term, count)))])
  const [pieces, words] = [endsOf(pieceCharacters), endsOf(maxWordCharacters)]
  const conditions = [pieces, words].map(texts => indexed(unit, texts))
  return pieces.join() === words.join() ? conditions.slice(0, 1) : conditions
}

/**
 * As {@link indexConditions} for words of one or two characters, which hold no trigram; null if
 * the index can't find any. On SQLite it finds all trigrams that begin with the word, on
 * PostgreSQL an index of pairs does it.
 */
export const shortCondition = async (unit: UnitOfWork, ways: SearchWays): Promise<Sql | null> => {
  const [terms = [], ...others] = ways
  if (others.length > 0) return null
  if (unit.engine === 'postgres') {
    // The index holds pairs, and single characters beyond ASCII.
    const known = terms.filter(term => !isLong(term) && !/^[\x20-\x7e]$/.test(term))
    if (known.length === 0) return null
    return SQL`short_fragments(users.search_text) @> ARRAY[${join(known)}]::text[]`
  }
  const [term] = terms
    .filter(short => !isLong(short))
    .sort((one, other) => other.length - one.length)
  if (term === undefined) return null
  const trigrams = await unit.query<{ term: string }>(
    SQL`SELECT term FROM users_search_trigrams
      WHERE term >= ${term} AND term < ${`${term}\u{10FFFF}`}`,
  )
  if (trigrams.length === 0) return SQL`FALSE`
  return SQL`users_search MATCH ${trigrams.map(trigram => quoted(trigram.term)).join(' OR ')}`
}
