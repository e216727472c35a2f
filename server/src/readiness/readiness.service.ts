import { describeFailure } from '../database/failure-words.js'

/** Whether requests can be answered now. */
export type Readiness =
  | { readonly isReady: true }
  | {
      readonly isReady: false
      /** A sentence for the log that names the cause. */
      readonly cause: string
      /** What was thrown, if anything was. */
      readonly failure?: unknown
    }

const ready: Readiness = { isReady: true }

const causeOf = (readiness: Readiness): string | null =>
  readiness.isReady ? null : readiness.cause

/**
 * Checks whether the database can be read and written. Any number of callers share one check: at
 * most one runs at a time, and its result holds for a while. No caller waits longer than the
 * deadline, not even for a check that never ends.
 */
export class ReadinessService {
  private last: Readiness = ready
  private checkedAt = Number.NEGATIVE_INFINITY
  private running: { readonly result: Promise<Readiness>; readonly startedAt: number } | null = null
  private listener: (readiness: Readiness) => void = () => undefined

  /**
   * @param ping writes and reads a row; throws when that fails.
   */
  constructor(
    private readonly ping: () => Promise<void>,
    private readonly limits = {
      /** Milliseconds for which a result holds. */
      maxAgeMs: 1_000,
      /** Milliseconds after which the database counts as unavailable while a check still runs. */
      deadlineMs: 3_000,
    },
  ) {}

  /** Calls the listener each time the database becomes unavailable, for another cause, or available. */
  onChange(listener: (readiness: Readiness) => void): void {
    this.listener = listener
  }

  /** Checks, unless a check is fresh or still under way. Never throws. */
  async check(): Promise<Readiness> {
    const { maxAgeMs, deadlineMs } = this.limits
    if (performance.now() - this.checkedAt < maxAgeMs) return this.last
    this.running ??= this.begin()
    const { result, startedAt } = this.running
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<Readiness>(resolve => {
      const leftMs = startedAt + deadlineMs - performance.now()
      timer = setTimeout(() => resolve(this.keep(this.lateResult())), Math.max(leftMs, 0))
    })
    return Promise.race([result, late]).finally(() => clearTimeout(timer))
  }

  private begin() {
    const result = this.ping()
      .then(
        () => ready,
        failure => ({ isReady: false, cause: describeFailure(failure), failure }) as const,
      )
      .then(readiness => {
        this.running = null
        this.checkedAt = performance.now()
        return this.keep(readiness)
      })
    return { result, startedAt: performance.now() }
  }

  private lateResult(): Readiness {
    const seconds = this.limits.deadlineMs / 1_000
    return {
      isReady: false,
      cause: `The database is unavailable: it did not answer within ${seconds} seconds.`,
    }
  }

  private keep(readiness: Readiness): Readiness {
    const hasChanged = causeOf(readiness) !== causeOf(this.last)
    this.last = readiness
    if (hasChanged) this.listener(readiness)
    return readiness
  }
}
