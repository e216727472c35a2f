import SQL from 'sql-template-tag'
import { BriefCache } from '../database/brief-cache.js'
import type { UnitOfWork } from '../database/unit-of-work.js'

// More users than that are many, however many they are.
const mostCounted = 20_000
const mostFragments = 30
const mostKept = 10_000
const keptForMs = 10 * 60 * 1000
// Three trigrams: one more is read for nothing, with one less more users are left to check.
const partCharacters = 5
// An estimate of so many users, or fewer, is good enough to begin with.
const mostEstimated = 5_000

interface Kept {
  readonly count: number
  readonly until: number
}

/** What PostgreSQL found out about the short fragments when it last looked (ANALYZE). */
interface Statistics {
  /** Shares of all users that have a fragment, of those fragments that many have. */
  readonly shares: ReadonlyMap<string, number>
  /** No other fragment has a greater share. */
  readonly leastShare: number
  readonly users: number
}

const readStatistics = async (unit: UnitOfWork): Promise<Statistics> => {
  // Beside the shares of the fragments stand three of another meaning, at the end.
  const rows = await unit.query<{ fragment: string; share: number; users: number }>(
    SQL`SELECT UNNEST(most_common_elems::text::text[]) AS fragment,
        UNNEST(most_common_elem_freqs[:CARDINALITY(most_common_elem_freqs) - 3]) AS share,
        (SELECT reltuples FROM pg_class WHERE oid = 'users'::regclass) AS users
      FROM pg_stats
      WHERE schemaname = CURRENT_SCHEMA AND tablename = 'users_search_short'`,
  )
  return {
    shares: new Map(rows.map(({ fragment, share }) => [fragment, share])),
    leastShare: Math.min(...rows.map(({ share }) => share)),
    users: rows[0]?.users ?? 0,
  }
}

/** Each stretch of a text that has so many characters, with the two ways to cut pairs out of it. */
const stretchesOf = (characters: readonly string[]) =>
  characters.slice(partCharacters - 1).map((_, start) => {
    const stretch = characters.slice(start, start + partCharacters)
    const pairAt = (place: number) => stretch.slice(place, place + 2).join('')
    const ways = [
      [pairAt(0), pairAt(2)],
      [pairAt(1), pairAt(3)],
    ]
    return { text: stretch.join(''), ways }
  })

/**
 * How many users have a fragment of text that the search index knows: trigrams on
 * SQLite, shorter ones on PostgreSQL, whose statistics tell of those as well. A search
 * begins with what few have. Kept for a while, since counting costs more than the search. Out
 * of date, it makes a search slower, never wrong.
 */
export class FragmentCounts {
  private readonly kept = new Map<string, Kept>()
  private readonly statistics = new BriefCache(readStatistics, keptForMs)

  /** The counts of these, or of the first 30 of them; each up to 20,001. */
  async of(unit: UnitOfWork, fragments: readonly string[]): Promise<Map<string, number>> {
    const now = Date.now()
    const wanted = [...new Set(fragments)].slice(0, mostFragments)
    const unknown = wanted.filter(fragment => (this.kept.get(fragment)?.until ?? 0) <= now)
    if (unknown.length > 0) {
      const counted = await unit.query<{ fragment: string; count: number | string }>(
        unit.engine === 'sqlite'
          ? SQL`SELECT value AS fragment, (
                SELECT COUNT(*) FROM (
                  SELECT 1 FROM users_search
                  WHERE users_search MATCH '"' || REPLACE(value, '"', '""') || '"'
                  LIMIT ${mostCounted + 1})) AS count
              FROM json_each(${JSON.stringify(unknown)})`
          : SQL`SELECT value AS fragment, (
                SELECT COUNT(*) FROM (
                  SELECT 1 FROM users WHERE short_fragments(search_text) @> ARRAY[value]
                  LIMIT ${mostCounted + 1}) AS counted) AS count
              FROM json_array_elements_text(${JSON.stringify(unknown)}::json)`,
      )
      for (const { fragment, count } of counted) {
        this.keep(fragment, { count: Number(count), until: now + keptForMs })
      }
    }
    return new Map(wanted.map(fragment => [fragment, this.kept.get(fragment)?.count ?? 0]))
  }

  /**
   * The part of a term that few users have, on PostgreSQL: of the whole term the trigram index
   * would read every trigram from end to end, those that all logins share as well.
   *
   * @returns null when the term is no longer than that, or nothing is known of its parts.
   */
  async rarePartOf(unit: UnitOfWork, term: string): Promise<string | null> {
    const characters = [...term]
    if (characters.length <= partCharacters) return null
    const { shares, leastShare, users } = await this.statistics.get(unit)
    if (shares.size === 0) return null
    const shareOf = (pair: string) => shares.get(pair) ?? leastShare
    const [rarest] = stretchesOf(characters)
      .map(({ text, ways }) => {
        const estimates = ways.map(way => way.reduce((share, pair) => share * shareOf(pair), users))
        return { text, estimate: Math.min(...estimates) }
      })
      .sort((one, other) => one.estimate - other.estimate)
    return rarest === undefined || rarest.estimate > mostEstimated ? null : rarest.text
  }

  private keep(fragment: string, kept: Kept): void {
    // The one that was counted longest ago is the first.
    this.kept.delete(fragment)
    this.kept.set(fragment, kept)
    const [[oldest] = []] = this.kept
    if (this.kept.size > mostKept && oldest !== undefined) this.kept.delete(oldest)
  }
}
