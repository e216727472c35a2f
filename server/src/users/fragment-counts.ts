import SQL from 'sql-template-tag'
import type { UnitOfWork } from '../database/unit-of-work.js'

// More users than that are many, however many they are.
const mostCounted = 20_000
const mostFragments = 30
const mostKept = 10_000
const keptForMs = 10 * 60 * 1000

interface Kept {
  readonly count: number
  readonly until: number
}

/**
 * How many users have a fragment of text that the search index knows: trigrams on
 * SQLite, shorter ones on PostgreSQL, which weighs trigrams by itself. A search begins
 * with what few have. Kept for a while, since counting costs more than the search. Out
 * of date, it makes a search slower, never wrong.
 */
export class FragmentCounts {
  private readonly kept = new Map<string, Kept>()

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

  private keep(fragment: string, kept: Kept): void {
    // The one that was counted longest ago is the first.
    this.kept.delete(fragment)
    this.kept.set(fragment, kept)
    const [[oldest] = []] = this.kept
    if (this.kept.size > mostKept && oldest !== undefined) this.kept.delete(oldest)
  }
}
