import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { ThrottleEntity } from './throttle.entity.js'
import * as store from './throttle.store.js'
import type { ThrottleRule } from './throttle-policy.js'

/**
 * The counts that one attempt concerns, read at once and written at once: some
 * twenty statements would otherwise cost as much as the hash they guard.
 */
export class Counts {
  private readonly changed = new Set<string>()

  private constructor(
    private readonly rows: Map<string, ThrottleEntity>,
    readonly now: Date,
  ) {}

  /** Reads the counts of these keys. */
  static async read(unit: WritingUnitOfWork, keys: readonly string[]): Promise<Counts> {
    const now = new Date()
    const rows = await store.findCounts(unit, keys, now)
    return new Counts(new Map(rows.map(row => [row.key, row])), now)
  }

  /** The count of this key; null when nothing is counted. */
  get(key: string): ThrottleEntity | null {
    return this.rows.get(key) ?? null
  }

  /**
   * As {@link get}, of a count that can't last longer than this. One that would was made when the
   * clock was ahead: from now on it lasts as long as it can.
   */
  getUntil(key: string, longestMs: number): ThrottleEntity | null {
    const count = this.get(key)
    if (count === null || count.expiresAt <= this.after(longestMs)) return count
    const shortened = { ...count, expiresAt: this.after(longestMs) }
    this.set(shortened)
    return shortened
  }

  /** Replaces a count. */
  set(count: ThrottleEntity): void {
    this.rows.set(count.key, count)
    this.changed.add(count.key)
  }

  /** Removes a count. */
  delete(key: string): void {
    if (this.rows.delete(key)) this.changed.add(key)
  }

  /** The time after so many milliseconds. */
  after(ms: number): Date {
    return new Date(this.now.getTime() + ms)
  }

  /** Writes what was changed. */
  async write(unit: WritingUnitOfWork): Promise<void> {
    const kept = [...this.changed].flatMap(key => this.rows.get(key) ?? [])
    const gone = [...this.changed].filter(key => !this.rows.has(key))
    if (kept.length > 0) await store.saveCounts(unit, kept)
    if (gone.length > 0) await store.deleteCounts(unit, gone)
  }
}

const rememberMs = 24 * 60 * 60 * 1000
const firstWaitSeconds = 5

/**
 * Counts the wrong passwords of one key, and once they are more than a person
 * makes, makes it wait: 5 seconds, then twice as long after each further one.
 */
export class GrowingDelay {
  constructor(private readonly rule: Pick<ThrottleRule, 'name' | 'free' | 'longestWaitSeconds'>) {}

  /** The keys under which this one is counted. */
  keysOf(key: string): string[] {
    return [this.failuresOf(key), this.waitOf(key)]
  }

  /** Seconds that are left to wait; 0 when an attempt may be made. */
  secondsToWait(counts: Counts, key: string): number {
    const wait = counts.getUntil(this.waitOf(key), this.rule.longestWaitSeconds * 1000)
    if (wait === null) return 0
    return Math.ceil((wait.expiresAt.getTime() - counts.now.getTime()) / 1000)
  }

  /** True for the first attempt that meets this wait. */
  isFirstToWait(counts: Counts, key: string): boolean {
    const wait = counts.get(this.waitOf(key))
    // A wait begins with one point; who meets it first leaves another.
    if (wait === null || wait.points > 1) return false
    counts.set({ ...wait, points: 2 })
    return true
  }

  /** Counts an attempt as a wrong one. */
  countFailure(counts: Counts, key: string): void {
    const before = counts.getUntil(this.failuresOf(key), rememberMs)
    const points = (before?.points ?? 0) + 1
    // From the first failure on: later ones do not make the day longer.
    const expiresAt = before?.expiresAt ?? counts.after(rememberMs)
    counts.set({ key: this.failuresOf(key), points, expiresAt })
    const beyond = points - this.rule.free
    if (beyond < 0) return
    const seconds = Math.min(firstWaitSeconds * 2 ** beyond, this.rule.longestWaitSeconds)
    counts.set({ key: this.waitOf(key), points: 1, expiresAt: counts.after(seconds * 1000) })
  }

  /** Takes the last count back. */
  forgiveFailure(counts: Counts, key: string): void {
    const before = counts.get(this.failuresOf(key))
    if (before !== null && before.points > 1) counts.set({ ...before, points: before.points - 1 })
    else counts.delete(this.failuresOf(key))
    counts.delete(this.waitOf(key))
  }

  /** Forgets all that was counted. */
  forgetFailures(counts: Counts, key: string): void {
    for (const counted of this.keysOf(key)) counts.delete(counted)
  }

  private failuresOf(key: string): string {
    return `${this.rule.name}:failures:${key}`
  }

  private waitOf(key: string): string {
    return `${this.rule.name}:wait:${key}`
  }
}
