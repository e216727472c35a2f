import { LRUCache } from 'lru-cache'
import { DatabaseUnavailable } from '../database/unavailable.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OperationService } from '../operations/operation.service.js'

const mostActors = 10_000
const everyMs = 60_000

/** Records that users were refused what they wanted to read, once a minute each: a script may ask on and on. */
export class RefusedReadService {
  private readonly recorded = new LRUCache<string, true>({ max: mostActors, ttl: everyMs })

  constructor(private readonly operations: OperationService) {}

  /**
   * Records a refusal, unless one of this actor was recorded within the last minute. If the
   * database is away, the caller still gets the refusal, and the next one is recorded.
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
