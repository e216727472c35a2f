import { foldText } from '@rekey/shared/search-text'
import SQL, { join, type Sql } from 'sql-template-tag'
import type { UnitOfWork } from '../database/unit-of-work.js'
import { searchedDigitsOf } from '../phone-numbers/phone.js'

// The indexes of both engines contain the trigrams of each text. They find a word by all of its
// trigrams, including those that nearly every user has, such as those of the company's domain. So a
// search begins with a piece of each word: the last characters before an @, where logins differ most.
const pieceCharacters = 6
// If a word is longer, the index is queried for its end.
const maxWordCharacters = 24

const charactersOf = (text: string): string[] => [...text]

const lastCharacters = (text: string, count: number): string =>
  charactersOf(text).slice(-count).join('')

const isLong = (term: string): boolean => charactersOf(term).length >= 3

/** The part of a word in which users differ: the part before the @, if it is long enough. */
const ownPartOf = (term: string): string => {
  const own = term.slice(0, Math.max(term.lastIndexOf('@'), 0))
  return isLong(own) ? own : term
}

/** The ways in which a search finds a user: all words of one of them are in the user's text. */
export type SearchWays = readonly (readonly string[])[]

/** Whether the index is queried for the whole of each word, so that it finds no other users. */
export const areComplete = (ways: SearchWays): boolean =>
  ways.every(terms =>
    terms.every(
      term =>
        isLong(term) && ownPartOf(term) === term && charactersOf(term).length <= maxWordCharacters,
    ),
  )

// A number with at least this many digits is a whole phone number, or nearly one.
const minWholeNumberDigits = 7

/** Whether every text that contains these words also contains the others. */
const finds = (terms: readonly string[], others: readonly string[]): boolean =>
  others.every(other => terms.some(term => term.includes(other)))

/**
 * The ways in which a search finds a user: by its words, folded like the text that is searched, and
 * if it looks like a phone number, also by all of its digits as one word. Empty for an empty search.
 *
 * @param region the region whose national phone numbers are read; null if there is none.
 */
export const waysOf = (search: string, region: string | null): SearchWays => {
  const words = foldText(search)
    .split(/\s+/)
    .filter(term => term !== '')
  if (words.length === 0) return []
  const numbers = searchedDigitsOf(search, region).map(digits => [digits])
  const [digits = ''] = numbers[0] ?? []
  // The groups of a whole number in another order are another number. And the index contains no
  // trigram of a group of two digits.
  const isWholeNumber = digits.length >= minWholeNumberDigits || !words.some(isLong)
  const byNumberOnly = digits !== '' && words.length > 1 && isWholeNumber
  const ways = byNumberOnly ? numbers : [words, ...numbers]
  // Leaves out a way that finds no users beyond those of another one.
  return ways.filter(
    (way, at) =>
      !ways.some(
        (other, otherAt) =>
          otherAt !== at && finds(way, other) && (otherAt < at || !finds(other, way)),
      ),
  )
}

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, character => `\\${character}`)

/** The condition that a user's text contains a word. */
const holds = (text: string): Sql =>
  SQL`users.search_text LIKE ${`%${escapeLike(text)}%`} ESCAPE '\\'`

// In quotes, no part of the term is syntax.
const quoted = (term: string): string => `"${term.replaceAll('"', '""')}"`

/** The condition that a user's text contains all words of one of these ways. */
export const holdsOneOf = (ways: SearchWays): Sql =>
  SQL`(${join(
    ways.map(terms => SQL`(${join(terms.map(holds), ' AND ')})`),
    ' OR ',
  )})`

/** The condition for which the engine uses the search index. */
const indexed = (unit: UnitOfWork, ways: SearchWays): Sql =>
  unit.engine === 'sqlite'
    ? SQL`users_search MATCH ${ways.map(texts => `(${texts.map(quoted).join(' AND ')})`).join(' OR ')}`
    : holdsOneOf(ways)

/**
 * Conditions for the search index, the cheapest first. Each finds every user whom the search finds,
 * and perhaps others. Empty if no word of one of the ways has three characters.
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
 * Like {@link indexConditions}, for words of one or two characters, which contain no trigram; null
 * if the index cannot find any of them. On SQLite, the index finds all trigrams that begin with the
 * word. On PostgreSQL, an index of pairs finds the word.
 */
export const shortCondition = async (unit: UnitOfWork, ways: SearchWays): Promise<Sql | null> => {
  const [terms = [], ...others] = ways
  if (others.length > 0) return null
  if (unit.engine === 'postgres') {
    // The index contains pairs, and single characters beyond ASCII.
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
