import { uuidv7 } from 'uuidv7'
import type { AccessGuard } from '../access/access-guard.service.js'
import { requirePermission } from '../access/require-permission.js'
import type { Database } from '../database/database.js'
import { badInput } from '../graphql/api-error.js'
import {
  type CountedPage,
  isIntegerPlace,
  type PageArguments,
  readPage,
  readPageById,
} from '../graphql/keyset-page.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OperationService } from '../operations/operation.service.js'
import { changeOf } from '../operations/operation-change.js'
import { maxUsersAtOnce } from '../user-management/user-selection.service.js'
import type { UserCriteria, UserSearchService } from '../user-search/user-search.service.js'
import type { Caller } from '../users/caller.js'
import type { UserService } from '../users/user.service.js'
import type { BulkAction, BulkJobEntity } from './bulk-job.entity.js'
import * as store from './bulk-job.store.js'
import type { BulkJobUserEntity, BulkOutcome } from './bulk-job-user.entity.js'
import type { BulkChanges, BulkJobWorker } from './bulk-job-worker.js'

/** The users of a new job: their ids, or what finds them. */
export type BulkSelection =
  | { readonly userIds: readonly string[] }
  | { readonly criteria: UserCriteria }

/** A job to start. */
export interface NewBulkJob {
  readonly action: BulkAction
  /** The reason of a block; null if there is none. */
  readonly reason: string | null
  readonly selection: BulkSelection
  /** How many users the caller believes to have selected. */
  readonly confirmedCount: number
}

/** The result of starting a job. */
export type StartResult =
  | { readonly kind: 'started'; readonly job: BulkJobEntity }
  | {
      readonly kind: 'countDiffers'
      /** How many users the selection has now. */
      readonly count: number
    }
  | { readonly kind: 'tooManyUsers' | 'tooManyJobs' }

/** The result of cancelling a job. */
export type CancelResult =
  | { readonly kind: 'cancelled' | 'alreadyEnded'; readonly job: BulkJobEntity }
  | { readonly kind: 'notFound' }

/** The maximum number of users of one job. */
export const maxUsersOfJob = 100_000

/** How many unfinished jobs a user can have. */
export const maxUnfinishedJobs = 5

/** How many days after its end a job and its results are kept. */
export const keptDays = 30

const deletedAtOnce = 5_000

/** Starts jobs, and shows them to the user who started them. */
export class BulkJobService {
  constructor(
    private readonly database: Database,
    private readonly guard: AccessGuard,
    private readonly users: UserService,
    private readonly operations: OperationService,
    private readonly userSearch: UserSearchService,
    private readonly changes: BulkChanges,
    private readonly worker: Pick<BulkJobWorker, 'wake'>,
  ) {}

  /**
   * Saves the users of the selection and starts to work on them. Users who match the criteria later
   * are not added.
   *
   * @throws as {@link AccessGuard.write} for the permission of the action; FORBIDDEN for criteria
   * without `users.read`, because the number of users found would tell what their profiles contain;
   * BAD_USER_INPUT unless 1 to 100 ids are given, for a count less than 1, and for a reason of an
   * action that has none.
   */
  async start(
    actor: Caller,
    { action, reason, selection, confirmedCount }: NewBulkJob,
    origin: RequestOrigin,
  ): Promise<StartResult> {
    if (confirmedCount < 1) throw badInput('confirmedCount must be at least 1.')
    if (reason !== null && action !== 'BLOCK') throw badInput('Only BLOCK accepts a reason.')
    const ids = 'userIds' in selection ? [...new Set(selection.userIds)] : []
    if ('userIds' in selection && (ids.length === 0 || ids.length > maxUsersAtOnce)) {
      throw badInput(`userIds must contain 1 to ${maxUsersAtOnce} ids.`)
    }
    const change = this.changes[action](reason)
    const call = { permission: change.permission, action: change.action, actor, origin }
    return this.guard.write(call, async (unit, caller): Promise<StartResult> => {
      if ((await store.countUnfinished(unit, caller.id)) >= maxUnfinishedJobs) {
        return { kind: 'tooManyJobs' }
      }
      if ('criteria' in selection) requirePermission(caller, 'users.read')
      const found =
        'criteria' in selection ? await this.userSearch.selectIdsIn(unit, selection.criteria) : null
      const total = found === null ? ids.length : await store.countUpTo(unit, found, maxUsersOfJob)
      if (total > maxUsersOfJob) return { kind: 'tooManyUsers' }
      if (total !== confirmedCount) return { kind: 'countDiffers', count: total }

      const job: BulkJobEntity = {
        id: uuidv7(),
        starterId: caller.id,
        apiTokenId: caller.apiToken?.id ?? null,
        apiTokenPrefix: origin.apiTokenPrefix ?? null,
        action,
        reason,
        status: 'PENDING',
        stopReason: null,
        total,
        done: 0,
        refused: 0,
        skipped: 0,
        createdAt: new Date(),
        finishedAt: null,
        ip: origin.ip,
        userAgent: origin.userAgent,
        requestId: origin.requestId,
      }
      await store.insertJob(unit, job)
      if (found === null) await store.insertUsers(unit, job.id, ids)
      else await store.insertSelected(unit, job.id, found)
      await this.operations.record(unit, origin, {
        action: 'START_BULK_JOB',
        outcome: 'DONE',
        actorId: caller.id,
        subjectId: null,
        changes: describe(job),
      })
      unit.afterCommit(() => this.worker.wake())
      return { kind: 'started', job }
    })
  }

  /**
   * Cancels a job of the caller. Users who were already handled stay changed.
   *
   * @throws UNAUTHENTICATED if the caller was blocked or deleted in the meantime.
   */
  cancel(actor: Caller, jobId: string, origin: RequestOrigin): Promise<CancelResult> {
    return this.database.write(async (unit): Promise<CancelResult> => {
      const caller = await this.users.callerIn(unit, actor)
      const job = await store.findJob(unit, ownerOf(caller), jobId)
      if (job === null) return { kind: 'notFound' }
      if (job.finishedAt !== null) return { kind: 'alreadyEnded', job }
      const ended = { status: 'CANCELLED', finishedAt: new Date() } as const
      await store.updateJob(unit, job.id, ended)
      await this.operations.record(unit, origin, {
        action: 'CANCEL_BULK_JOB',
        outcome: 'DONE',
        actorId: caller.id,
        subjectId: null,
        changes: describe(job),
      })
      return { kind: 'cancelled', job: { ...job, ...ended } }
    })
  }

  /** A job of the caller; null if they have no job with this id. */
  find(caller: Caller, id: string): Promise<BulkJobEntity | null> {
    return this.database.read(unit => store.findJob(unit, ownerOf(caller), id))
  }

  /** The jobs of the caller with these ids. */
  findMany(caller: Caller, ids: readonly string[]): Promise<BulkJobEntity[]> {
    return this.database.read(unit => store.findJobs(unit, ownerOf(caller), ids))
  }

  /** A page of the caller's jobs, newest first. */
  list(caller: Caller, page: PageArguments): Promise<CountedPage<BulkJobEntity>> {
    const owner = ownerOf(caller)
    return readPageById(page, {
      descending: true,
      idOf: ({ id }) => id,
      read: stretch => this.database.read(unit => store.listJobs(unit, owner, stretch)),
      countAll: () => this.database.read(unit => store.countJobs(unit, owner)),
    })
  }

  /**
   * A page of the users of a job, in order. Checks no permission: the caller has found the job.
   *
   * @param outcomes only users with one of these outcomes; empty for all users.
   */
  async listUsers(
    job: BulkJobEntity,
    outcomes: readonly BulkOutcome[],
    page: PageArguments,
  ): Promise<CountedPage<BulkJobUserEntity>> {
    const counts = { DONE: job.done, REFUSED: job.refused, SKIPPED: job.skipped }
    const total = [...new Set(outcomes)].reduce((sum, outcome) => sum + counts[outcome], 0)
    return {
      ...(await readPage(page, {
        descending: false,
        order: 'POSITION',
        placeOf: ({ position }: BulkJobUserEntity) => position,
        isPlace: isIntegerPlace,
        read: async stretch => ({
          rows: await this.database.read(unit => store.listUsers(unit, job.id, outcomes, stretch)),
        }),
      })),
      countAll: async () => (outcomes.length === 0 ? job.total : total),
    }
  }

  /** All jobs that a user started, oldest first. */
  listAllOf(userId: string): Promise<BulkJobEntity[]> {
    return this.database.read(unit => store.listAllOf(unit, userId))
  }

  /** Deletes jobs that ended more than {@link keptDays} days ago, in short transactions. */
  async sweep(): Promise<void> {
    const before = new Date(Date.now() - keptDays * 24 * 60 * 60 * 1000)
    for (;;) {
      const id = await this.database.read(unit => store.findEndedBefore(unit, before))
      if (id === null) return
      const more = () => this.database.write(unit => store.deleteSomeUsers(unit, id, deletedAtOnce))
      while (await more());
      await this.database.write(unit => store.deleteJob(unit, id))
    }
  }
}

/** With an API token, only the jobs that were started with it. */
const ownerOf = ({ id, apiToken }: Caller): store.BulkJobOwner => ({
  starterId: id,
  ...(apiToken === null ? {} : { apiTokenId: apiToken.id }),
})

/** Describes a job in the operation list. */
const describe = ({ action, total }: BulkJobEntity) => [
  changeOf('action', action, action),
  changeOf('total', total, total),
]
