import { describeFailure } from '../database/failure-words.js'

/** Whether requests can be answered now. */
export type Readiness =
  | { readonly isReady: true }
  | {
      readonly isReady: false
      /** A sentence for the log that names the cause. */
      readonly cause: string
      /** The error, if there was one. */
      readonly failure?: unknown
    }

const ready: Readiness = { isReady: true }

const causeOf = (readiness: Readiness): string | null =>
  readiness.isReady ? null : readiness.cause

/**
 * Checks whether the database can be read and written. All callers share one check: at most one
 * runs at a time, and its result stays valid for a while. No caller waits longer than the deadline,
 * even if a check never ends.
 */
export class ReadinessService {
  private last: Readiness = ready
  private checkedAt = Number.NEGATIVE_INFINITY
  private running: { readonly result: Promise<Readiness>; readonly startedAt: number } | null = null
  private listener: (readiness: Readiness) => void = () => undefined

  /**
   * @param ping writes and reads a row; throws if that fails.
   */
  constructor(
    private readonly ping: () => Promise<void>,
    private readonly limits = {
      /** How long a result stays valid, in milliseconds. */
      maxAgeMs: 1_000,
      /**
       * After this many milliseconds the database counts as unavailable, even if the check is still
       * running.
       */
      deadlineMs: 3_000,
    },
  ) {}

  /**
   * Calls the listener each time the database becomes unavailable, for a new cause, or available
   * again.
   */
  onChange(listener: (readiness: Readiness) => void): void {
    this.listener = listener
  }

  /** Checks the database, unless there is a recent result or a running check. Never throws. */
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
