import { foldText } from '@rekey/shared/search-text'
import SQL, { join, type Sql } from 'sql-template-tag'
import type { UnitOfWork } from '../database/unit-of-work.js'

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

/** Whether the index is asked for each of these words as it is, so that it finds nobody else. */
export const areWhole = (terms: readonly string[]): boolean =>
  terms.every(
    term =>
      isLong(term) && ownPartOf(term) === term && charactersOf(term).length <= maxWordCharacters,
  )

/** The words of a search, folded as the text that is searched. */
export const termsOf = (search: string): string[] =>
  foldText(search)
    .split(/\s+/)
    .filter(term => term !== '')

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, character => `\\${character}`)

/** The condition that a user's text holds a word. */
export const holds = (text: string): Sql =>
  SQL`users.search_text LIKE ${`%${escapeLike(text)}%`} ESCAPE '\\'`

// In quotes nothing of it is syntax.
const quoted = (term: string): string => `"${term.replaceAll('"', '""')}"`

/** Conditions that the search index answers. */
const indexed = (unit: UnitOfWork, texts: readonly string[]): Sql =>
  unit.engine === 'sqlite'
    ? SQL`users_search MATCH ${texts.map(quoted).join(' AND ')}`
    : join(texts.map(holds), ' AND ')

/**
 * Conditions for the search index, the cheapest first. Each finds everyone whom the words find,
 * and perhaps others. Empty if no word has three characters.
 */
export const indexConditions = (unit: UnitOfWork, terms: readonly string[]): Sql[] => {
  const long = terms.filter(isLong).map(ownPartOf)
  if (long.length === 0) return []
  const pieces = long.map(term => lastCharacters(term, pieceCharacters))
  const words = long.map(term => lastCharacters(term, maxWordCharacters))
  const ways = [pieces, words].map(texts => indexed(unit, [...new Set(texts)]))
  return pieces.join() === words.join() ? ways.slice(0, 1) : ways
}

/**
 * As {@link indexConditions} for words of one or two characters, which hold no trigram; null if
 * the index can't find any. On SQLite it finds all trigrams that begin with the word, on
 * PostgreSQL an index of pairs does it.
 */
export const shortCondition = async (
  unit: UnitOfWork,
  terms: readonly string[],
): Promise<Sql | null> => {
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
