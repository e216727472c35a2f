import { DeferredWrites } from '../background/deferred-writes.js'
import type { Database } from '../database/database.js'
import type { SessionEntity } from './session.entity.js'
import * as store from './session.store.js'

const maxPauseMs = 60_000

/**
 * Records when sessions were last seen, outside the requests. Under load, a request that only reads
 * would otherwise wait behind every write.
 */
export class SeenSessions extends DeferredWrites<Pick<SessionEntity, 'id' | 'lastSeenAt'>> {
  private readonly pauseMs: number

  /** @param idleSeconds a session expires after so long without use. */
  constructor(database: Database, idleSeconds: number) {
    super(seen =>
      database.write(async unit => {
        for (const { id, lastSeenAt } of seen) await store.updateSession(unit, id, { lastSeenAt })
      }),
    )
    this.pauseMs = Math.min(maxPauseMs, idleSeconds * 100)
  }

  /** Records that a session was seen: soon, and at most once in {@link pauseMs}. */
  note({ id, lastSeenAt }: SessionEntity): void {
    const now = new Date()
    // If the session was seen in the future, the clock was ahead, and the session would last too
    // long.
    if (Math.abs(now.getTime() - lastSeenAt.getTime()) < this.pauseMs) return
    this.add(id, { id, lastSeenAt: now })
  }
}
