import { BackgroundJob, type FailureReport } from '../background/background-job.js'
import type { Database } from '../database/database.js'
import * as store from './idempotency-record.store.js'

/** The right to execute a request and to record its outcome. */
export interface Claim {
  readonly id: string
  readonly claimId: string
  readonly credential: string
}

const retryEveryMs = 1_000

/** How long the server retries to record the end of a claim, in milliseconds. */
const retriedForMs = 2 * 60 * 1000

/** Limits the memory used by answers that wait for an unavailable database. */
const maxRetried = 1_000

interface Ending {
  readonly write: () => Promise<void>
  readonly until: number
}

/**
 * Renews the claims of running requests, so that another request can take over a claim only if its
 * server has stopped. Also records how requests ended if the database was unavailable at that
 * moment.
 */
export class ClaimKeeper {
  private readonly running = new Map<string, { claim: Claim; renewAt: number }>()
  private readonly endings: Ending[] = []
  private readonly job: BackgroundJob

  constructor(
    private readonly database: Database,
    private readonly pace: {
      /** How long a renewed claim lasts, in milliseconds. */
      readonly lastsMs: number
      /** How often a claim is renewed, in milliseconds. */
      readonly renewEveryMs: number
    },
  ) {
    const maxSleepMs = pace.renewEveryMs
    this.job = new BackgroundJob(() => this.turn(), { delayMs: 0, maxSleepMs })
  }

  /** Starts to renew a claim. */
  add(claim: Claim): void {
    this.running.set(claim.claimId, { claim, renewAt: performance.now() + this.pace.renewEveryMs })
    // If there are other claims, the job runs soon enough by itself.
    if (this.running.size === 1) this.job.wake()
  }

  /**
   * Ends a claim.
   *
   * @throws the error that prevented it from being recorded. The job retries for two minutes.
   */
  async end(claim: Claim, write: () => Promise<void>): Promise<void> {
    try {
      await write()
    } catch (failure) {
      if (this.endings.length < maxRetried) {
        this.endings.push({ write, until: performance.now() + retriedForMs })
        this.job.wake()
      }
      throw failure
    } finally {
      this.running.delete(claim.claimId)
    }
  }

  /** Starts the background job. */
  start(report: FailureReport): void {
    this.job.start(report)
  }

  /** Stops the job. Resolves when the current run has finished. */
  stop(): Promise<void> {
    return this.job.stop()
  }

  private async turn(): Promise<number> {
    await this.renew()
    await this.writeEndings()
    if (this.endings.length > 0) return retryEveryMs
    return this.running.size > 0 ? this.pace.renewEveryMs : Number.POSITIVE_INFINITY
  }

  private async renew(): Promise<void> {
    const now = performance.now()
    const due = [...this.running.values()].filter(({ renewAt }) => renewAt <= now)
    if (due.length === 0) return
    const until = new Date(Date.now() + this.pace.lastsMs)
    const claims = due.map(({ claim }) => claim)
    await this.database.write(unit => store.renewClaims(unit, claims, until))
    for (const one of due) one.renewAt = now + this.pace.renewEveryMs
  }

  private async writeEndings(): Promise<void> {
    // Endings that fail again go to the end of the list, behind those added in the meantime.
    for (const ending of this.endings.splice(0)) {
      try {
        await ending.write()
      } catch {
        // The caller of `end` has reported the first failure.
        if (performance.now() < ending.until) this.endings.push(ending)
      }
    }
  }
}
