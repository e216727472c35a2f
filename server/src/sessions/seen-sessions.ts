import { BackgroundJob, type FailureReport } from '../background/background-job.js'
import type { Database } from '../database/database.js'
import type { SessionEntity } from './session.entity.js'
import * as store from './session.store.js'

const longestPauseMs = 60_000

/**
 * Records when sessions were last seen, outside the requests. Under load, a request that only reads
 * would otherwise wait behind every write.
 */
export class SeenSessions {
  private readonly seen = new Map<string, Date>()
  private readonly noting: BackgroundJob
  private readonly pauseMs: number

  /** @param idleSeconds a session expires after so long without use. */
  constructor(
    private readonly database: Database,
    idleSeconds: number,
  ) {
    this.pauseMs = Math.min(longestPauseMs, idleSeconds * 100)
    this.noting = new BackgroundJob(() => this.noteAll(), { delayMs: 50, maxSleepMs: 60_000 })
  }

  /** Records that a session was seen: soon, and at most once in {@link pauseMs}. */
  note({ id, lastSeenAt }: SessionEntity): void {
    const now = new Date()
    // If the session was seen in the future, the clock was ahead, and the session would last too
    // long.
    if (Math.abs(now.getTime() - lastSeenAt.getTime()) < this.pauseMs) return
    this.seen.set(id, now)
    this.noting.wake()
  }

  /** Starts the background job. */
  start(report: FailureReport): void {
    this.noting.start(report)
  }

  /** Stops the job after everything is written. */
  async stop(): Promise<void> {
    await this.noting.stop()
    await this.noteAll()
  }

  /** Waits until everything is written. */
  idle(): Promise<void> {
    return this.noting.idle()
  }

  private async noteAll(): Promise<number> {
    const seen = [...this.seen]
    if (seen.length > 0) {
      await this.database.write(async unit => {
        for (const [id, lastSeenAt] of seen) await store.updateSession(unit, id, { lastSeenAt })
      })
      // Keeps sessions that were seen again in the meantime.
      for (const [id, at] of seen) if (this.seen.get(id) === at) this.seen.delete(id)
    }
    return Number.POSITIVE_INFINITY
  }
}
