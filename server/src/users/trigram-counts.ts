import SQL from '@nearform/sql'
import type { UnitOfWork } from '../database/unit-of-work.js'

// More users than that are many, however many they are.
const mostCounted = 20_000
const mostTrigrams = 30
const mostKept = 10_000
const keptForMs = 10 * 60 * 1000

interface Kept {
  readonly count: number
  readonly until: number
}

/**
 * How many users have a trigram: by that, a search on SQLite begins with what few
 * have. Kept for a while, since counting costs more than the search. Out of date, it
 * makes a search slower, never wrong.
 */
export class TrigramCounts {
  private readonly kept = new Map<string, Kept>()

  /** The counts of these, or of the first 30 of them; each up to 20,001. */
  async of(unit: UnitOfWork, trigrams: readonly string[]): Promise<Map<string, number>> {
    const now = Date.now()
    const wanted = [...new Set(trigrams)].slice(0, mostTrigrams)
    const unknown = wanted.filter(trigram => (this.kept.get(trigram)?.until ?? 0) <= now)
    if (unknown.length > 0) {
      const counted = await unit.query<{ trigram: string; count: number }>(
        SQL`SELECT value AS trigram, (
            SELECT COUNT(*) FROM (
              SELECT 1 FROM users_search
              WHERE users_search MATCH '"' || REPLACE(value, '"', '""') || '"'
              LIMIT ${mostCounted + 1})) AS count
          FROM json_each(${JSON.stringify(unknown)})`,
      )
      for (const { trigram, count } of counted)
        this.keep(trigram, { count, until: now + keptForMs })
    }
    return new Map(wanted.map(trigram => [trigram, this.kept.get(trigram)?.count ?? 0]))
  }

  private keep(trigram: string, kept: Kept): void {
    // The one that was counted longest ago is the first.
    this.kept.delete(trigram)
    this.kept.set(trigram, kept)
    const [[oldest] = []] = this.kept
    if (this.kept.size > mostKept && oldest !== undefined) this.kept.delete(oldest)
  }
}
