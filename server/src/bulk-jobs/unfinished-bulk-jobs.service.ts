import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OperationService } from '../operations/operation.service.js'
import { changeOf } from '../operations/operation-change.js'
import type { BulkStopReason } from './bulk-job.entity.js'
import * as store from './bulk-job.store.js'

/** Which jobs of users to stop. */
export type StartedBy =
  | 'ANYTHING'
  /** Only those that were not started with an API token. */
  | 'SESSION'

/** Stops the unfinished jobs of users who must not act any longer. */
export class UnfinishedBulkJobsService {
  constructor(private readonly operations: OperationService) {}

  /**
   * Stops the jobs of these users, in the transaction of the change that requires it. Users whom the
   * jobs have handled stay changed.
   *
   * @param actorId who stops the jobs, for the operations.
   */
  async stop(
    unit: WritingUnitOfWork,
    starterIds: readonly string[],
    startedBy: StartedBy,
    reason: BulkStopReason,
    { actorId, origin }: { readonly actorId: string; readonly origin: RequestOrigin },
  ): Promise<void> {
    const jobs = await this.find(unit, starterIds, startedBy)
    const ended = { status: 'STOPPED', stopReason: reason, finishedAt: new Date() } as const
    for (const job of jobs) await store.updateJob(unit, job.id, ended)
    await this.operations.recordAll(
      unit,
      origin,
      jobs.map(({ starterId, action, total }) => ({
        action: 'CANCEL_BULK_JOB',
        outcome: 'DONE',
        actorId,
        subjectId: starterId,
        changes: [changeOf('action', action, action), changeOf('total', total, total)],
      })),
    )
  }

  /** Which of these users have a job that {@link stop} would stop. */
  async startersAmong(
    unit: UnitOfWork,
    starterIds: readonly string[],
    startedBy: StartedBy,
  ): Promise<string[]> {
    return (await this.find(unit, starterIds, startedBy)).map(({ starterId }) => starterId)
  }

  private async find(unit: UnitOfWork, starterIds: readonly string[], startedBy: StartedBy) {
    const jobs = await store.listUnfinishedOf(unit, starterIds)
    return startedBy === 'SESSION' ? jobs.filter(({ apiTokenId }) => apiTokenId === null) : jobs
  }
}
