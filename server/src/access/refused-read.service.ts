import { LRUCache } from 'lru-cache'
import { DatabaseUnavailable } from '../database/unavailable.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OperationService } from '../operations/operation.service.js'

const maxActors = 10_000
const everyMs = 60_000

/**
 * Records that users were denied a read, at most once a minute for each user, because a script may
 * repeat it endlessly.
 */
export class RefusedReadService {
  private readonly recorded = new LRUCache<string, true>({ max: maxActors, ttl: everyMs })

  constructor(private readonly operations: OperationService) {}

  /**
   * Records a denied read, unless one of this user was recorded within the last minute. If the
   * database is unavailable, the caller still gets the error, and the next one is recorded.
   */
  async note(origin: RequestOrigin, actorId: string): Promise<void> {
    if (this.recorded.has(actorId)) return
    this.recorded.set(actorId, true)
    const refusal = { action: 'READ', reason: 'FORBIDDEN', actorId, subjectId: null } as const
    try {
      await this.operations.recordRefusal(origin, refusal)
    } catch (failure) {
      this.recorded.delete(actorId)
      if (!(failure instanceof DatabaseUnavailable)) throw failure
    }
  }
}
