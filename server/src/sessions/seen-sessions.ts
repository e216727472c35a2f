import { BackgroundJob, type FailureReport } from '../background/background-job.js'
import type { Database } from '../database/database.js'
import type { SessionEntity } from './session.entity.js'
import * as store from './session.store.js'

const longestPauseMs = 60_000

/**
 * Notes when sessions were last seen. It does so beside the requests: under load, a request
 * that only reads would otherwise wait behind every write.
 */
export class SeenSessions {
  private readonly seen = new Map<string, Date>()
  private readonly noting: BackgroundJob
  private readonly pauseMs: number

  /** @param idleSeconds how long a session lasts without use: a session is noted more often. */
  constructor(
    private readonly database: Database,
    idleSeconds: number,
  ) {
    this.pauseMs = Math.min(longestPauseMs, idleSeconds * 100)
    this.noting = new BackgroundJob(() => this.noteAll(), { delayMs: 50, longestSleepMs: 60_000 })
  }

  /** Notes that a session was seen: soon, and not each time. */
  note({ id, lastSeenAt }: SessionEntity): void {
    const now = new Date()
    // Seen later than now: the clock was ahead, and the session would last longer than it may.
    if (Math.abs(now.getTime() - lastSeenAt.getTime()) < this.pauseMs) return
    this.seen.set(id, now)
    this.noting.wake()
  }

  /** Begins to write down what is noted. */
  start(report: FailureReport): void {
    this.noting.start(report)
  }

  /** Ends when all is written down. */
  async stop(): Promise<void> {
    await this.noting.stop()
    await this.noteAll()
  }

  /** Waits until all is written down. */
  idle(): Promise<void> {
    return this.noting.idle()
  }

  private async noteAll(): Promise<number> {
    const seen = [...this.seen]
    if (seen.length > 0) {
      await this.database.write(async unit => {
        for (const [id, lastSeenAt] of seen) await store.updateSession(unit, id, { lastSeenAt })
      })
      // Not those that were seen again meanwhile.
      for (const [id, at] of seen) if (this.seen.get(id) === at) this.seen.delete(id)
    }
    return Number.POSITIVE_INFINITY
  }
}
