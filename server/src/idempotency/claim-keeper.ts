import { BackgroundJob, type FailureReport } from '../background/background-job.js'
import type { Database } from '../database/database.js'
import * as store from './idempotency-record.store.js'

/** The right to execute a request, and to say what came of it. */
export interface Claim {
  readonly id: string
  readonly claimId: string
  readonly credential: string
}

const retryEveryMs = 1_000

/** How long the end of a claim is tried to be written down. */
const retriedForMs = 2 * 60 * 1000

/** A database that is away for long must not fill the memory with answers. */
const mostRetried = 1_000

interface Ending {
  readonly write: () => Promise<void>
  readonly until: number
}

/**
 * Renews the claims of the requests at work, so that only a request whose server is gone is taken
 * over from. It also writes down how requests ended if the database was away at that moment.
 */
export class ClaimKeeper {
  private readonly atWork = new Map<string, { claim: Claim; renewAt: number }>()
  private readonly endings: Ending[] = []
  private readonly job: BackgroundJob

  constructor(
    private readonly database: Database,
    private readonly pace: {
      /** How long a claim lasts once it is renewed. */
      readonly lastsMs: number
      /** How often it is renewed. */
      readonly renewEveryMs: number
    },
  ) {
    const longestSleepMs = pace.renewEveryMs
    this.job = new BackgroundJob(() => this.turn(), { delayMs: 0, longestSleepMs })
  }

  /** Begins to renew a claim. */
  add(claim: Claim): void {
    this.atWork.set(claim.claimId, { claim, renewAt: performance.now() + this.pace.renewEveryMs })
    // With others at work it looks soon enough by itself.
    if (this.atWork.size === 1) this.job.wake()
  }

  /**
   * Ends a claim.
   *
   * @throws what kept it from being written down; that is tried again for two minutes.
   */
  async end(claim: Claim, write: () => Promise<void>): Promise<void> {
    try {
      await write()
    } catch (failure) {
      if (this.endings.length < mostRetried) {
        this.endings.push({ write, until: performance.now() + retriedForMs })
        this.job.wake()
      }
      throw failure
    } finally {
      this.atWork.delete(claim.claimId)
    }
  }

  /** Begins to renew and to write. */
  start(report: FailureReport): void {
    this.job.start(report)
  }

  /** Ends when what is being written is through. */
  stop(): Promise<void> {
    return this.job.stop()
  }

  private async turn(): Promise<number> {
    await this.renew()
    await this.writeEndings()
    if (this.endings.length > 0) return retryEveryMs
    return this.atWork.size > 0 ? this.pace.renewEveryMs : Number.POSITIVE_INFINITY
  }

  private async renew(): Promise<void> {
    const now = performance.now()
    const due = [...this.atWork.values()].filter(({ renewAt }) => renewAt <= now)
    if (due.length === 0) return
    const until = new Date(Date.now() + this.pace.lastsMs)
    const claims = due.map(({ claim }) => claim)
    await this.database.write(unit => store.renewClaims(unit, claims, until))
    for (const one of due) one.renewAt = now + this.pace.renewEveryMs
  }

  private async writeEndings(): Promise<void> {
    // Those that fail now come again, behind the ones that were added meanwhile.
    for (const ending of this.endings.splice(0)) {
      try {
        await ending.write()
      } catch {
        // Whoever ended the request has reported the first failure.
        if (performance.now() < ending.until) this.endings.push(ending)
      }
    }
  }
}
