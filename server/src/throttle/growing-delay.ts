import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { ThrottleEntity } from './throttle.entity.js'
import * as store from './throttle.store.js'
import type { ThrottleRule } from './throttle-policy.js'

/**
 * The counts of one attempt, read together and written together. Some twenty separate statements
 * would cost as much as the hash that the throttle protects.
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

  /** The count of this key; null if nothing is counted. */
  get(key: string): ThrottleEntity | null {
    return this.rows.get(key) ?? null
  }

  /**
   * Like {@link get}, for a count that cannot last longer than `maxMs`. If it would, it was stored
   * while the clock was ahead; it is then shortened to that limit.
   */
  getUntil(key: string, maxMs: number): ThrottleEntity | null {
    const count = this.get(key)
    if (count === null || count.expiresAt <= this.after(maxMs)) return count
    const shortened = { ...count, expiresAt: this.after(maxMs) }
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

  /** The time `ms` milliseconds from now. */
  after(ms: number): Date {
    return new Date(this.now.getTime() + ms)
  }

  /** Writes the changed counts. */
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
 * Counts the wrong passwords of one key. If there are more than a person usually makes, it requires
 * a wait: 5 seconds, then twice as long after each further one.
 */
export class GrowingDelay {
  constructor(private readonly rule: Pick<ThrottleRule, 'name' | 'free' | 'maxWaitSeconds'>) {}

  /** The keys of the counts in the database. */
  keysOf(key: string): string[] {
    return [this.failuresOf(key), this.waitOf(key)]
  }

  /** Seconds left to wait; 0 if an attempt is allowed. */
  secondsToWait(counts: Counts, key: string): number {
    const wait = counts.getUntil(this.waitOf(key), this.rule.maxWaitSeconds * 1000)
    if (wait === null) return 0
    return Math.ceil((wait.expiresAt.getTime() - counts.now.getTime()) / 1000)
  }

  /** Whether this is the first attempt during the current wait. */
  isFirstToWait(counts: Counts, key: string): boolean {
    const wait = counts.get(this.waitOf(key))
    // A wait starts with one point. The first attempt during the wait adds another.
    if (wait === null || wait.points > 1) return false
    counts.set({ ...wait, points: 2 })
    return true
  }

  /** Counts an attempt as a failure. */
  countFailure(counts: Counts, key: string): void {
    const before = counts.getUntil(this.failuresOf(key), rememberMs)
    const points = (before?.points ?? 0) + 1
    // The 24 hours start with the first failure; later ones do not extend them.
    const expiresAt = before?.expiresAt ?? counts.after(rememberMs)
    counts.set({ key: this.failuresOf(key), points, expiresAt })
    const beyond = points - this.rule.free
    if (beyond < 0) return
    const seconds = Math.min(firstWaitSeconds * 2 ** beyond, this.rule.maxWaitSeconds)
    counts.set({ key: this.waitOf(key), points: 1, expiresAt: counts.after(seconds * 1000) })
  }

  /** Takes back the last count. */
  forgiveFailure(counts: Counts, key: string): void {
    const before = counts.get(this.failuresOf(key))
    if (before !== null && before.points > 1) counts.set({ ...before, points: before.points - 1 })
    else counts.delete(this.failuresOf(key))
    counts.delete(this.waitOf(key))
  }

  /** Removes all counts of a key. */
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
