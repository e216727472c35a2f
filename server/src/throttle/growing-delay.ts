import { type IRateLimiterStoreOptions, RateLimiterRes } from 'rate-limiter-flexible'
import RateLimiterStoreAbstract from 'rate-limiter-flexible/lib/RateLimiterStoreAbstract.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { ThrottleEntity } from './throttle.entity.js'
import * as store from './throttle.store.js'

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

  /** Puts a count in place. */
  set(count: ThrottleEntity): ThrottleEntity {
    this.rows.set(count.key, count)
    this.changed.add(count.key)
    return count
  }

  /** Takes a count away; true when there was one. */
  delete(key: string): boolean {
    const was = this.rows.delete(key)
    if (was) this.changed.add(key)
    return was
  }

  /** Writes what was changed. */
  async write(unit: WritingUnitOfWork): Promise<void> {
    const kept = [...this.changed].flatMap(key => this.rows.get(key) ?? [])
    const gone = [...this.changed].filter(key => !this.rows.has(key))
    if (kept.length > 0) await store.saveCounts(unit, kept)
    if (gone.length > 0) await store.deleteCounts(unit, gone)
  }
}

/** The counts that a call of the limiter belongs to. */
interface Among {
  counts: Counts
}

/** rate-limiter-flexible over our own unit of work, so that counts outlive a restart. */
class CountLimiter extends RateLimiterStoreAbstract {
  constructor(options: Omit<IRateLimiterStoreOptions, 'storeClient'>) {
    super({ ...options, storeClient: null })
  }

  async _upsert(
    key: string,
    points: number,
    msDuration: number,
    restart: boolean,
    { counts }: Among,
  ): Promise<ThrottleEntity> {
    const running = restart ? null : counts.get(key)
    const expiresAt = running?.expiresAt ?? new Date(counts.now.getTime() + msDuration)
    return counts.set({ key, points: Math.max((running?.points ?? 0) + points, 0), expiresAt })
  }

  async _get(key: string, { counts }: Among): Promise<ThrottleEntity | null> {
    return counts.get(key)
  }

  async _delete(key: string, { counts }: Among): Promise<boolean> {
    return counts.delete(key)
  }

  _getRateLimiterRes(_key: string, changedPoints: number, count: ThrottleEntity): RateLimiterRes {
    return new RateLimiterRes(
      Math.max(this.points - count.points, 0),
      Math.max(count.expiresAt.getTime() - Date.now(), 0),
      count.points,
      count.points === changedPoints,
    )
  }
}

const rememberSeconds = 24 * 60 * 60
const firstWaitSeconds = 5

/**
 * Counts the wrong passwords of one key, and once they are more than a person
 * makes, makes it wait: 5 seconds, then twice as long after each further one.
 */
export class GrowingDelay {
  private readonly failures: CountLimiter
  private readonly waits: CountLimiter

  constructor(
    name: string,
    private readonly free: number,
    private readonly longestWaitSeconds: number,
  ) {
    this.failures = new CountLimiter({
      keyPrefix: `${name}:failures`,
      points: free,
      duration: rememberSeconds,
    })
    this.waits = new CountLimiter({ keyPrefix: `${name}:wait`, points: 0, duration: 1 })
  }

  /** The keys under which this one is counted. */
  keysOf(key: string): string[] {
    return [this.failures.getKey(key), this.waits.getKey(key)]
  }

  /** Seconds that are left to wait; 0 when an attempt may be made. */
  async waiting(counts: Counts, key: string): Promise<number> {
    const wait = await this.waits.get(key, { counts })
    return wait === null ? 0 : Math.ceil(wait.msBeforeNext / 1000)
  }

  /** True for the first attempt that meets this wait. */
  isFirstToWait(counts: Counts, key: string): boolean {
    const wait = counts.get(this.waits.getKey(key))
    // A wait begins with one point; who meets it first leaves another.
    if (wait === null || wait.points > 1) return false
    counts.set({ ...wait, points: 2 })
    return true
  }

  /** Counts an attempt as a wrong one. */
  async fail(counts: Counts, key: string): Promise<void> {
    const { consumedPoints } = await this.failures.penalty(key, 1, { counts })
    const beyond = consumedPoints - this.free
    if (beyond < 0) return
    const seconds = Math.min(firstWaitSeconds * 2 ** beyond, this.longestWaitSeconds)
    await this.waits.block(key, seconds, { counts })
  }

  /** Takes the last count back. */
  async forgive(counts: Counts, key: string): Promise<void> {
    const { consumedPoints } = await this.failures.reward(key, 1, { counts })
    if (consumedPoints === 0) await this.failures.delete(key, { counts })
    await this.waits.delete(key, { counts })
  }

  /** Forgets all that was counted. */
  async forget(counts: Counts, key: string): Promise<void> {
    await this.failures.delete(key, { counts })
    await this.waits.delete(key, { counts })
  }
}
