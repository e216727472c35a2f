import { hasPermission, type Permission } from '@rekey/shared/access'
import type { ApiTokenVerifier } from '../api-tokens/api-token-verifier.js'
import { BackgroundJob, type FailureReport } from '../background/background-job.js'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { OperationService } from '../operations/operation.service.js'
import type {
  SelectionAction,
  UserRefusal,
  UserSelectionService,
} from '../user-management/user-selection.service.js'
import type { Caller } from '../users/caller.js'
import type { UserService } from '../users/user.service.js'
import type { BulkAction, BulkJobEntity, BulkStopReason } from './bulk-job.entity.js'
import * as store from './bulk-job.store.js'
import type { BulkJobUserEntity, BulkOutcome, BulkReason } from './bulk-job-user.entity.js'

/** How many users one transaction handles. Other transactions wait for it. */
const chunkSize = 50
/** The pause after each round, in which other transactions go ahead, in milliseconds. */
const pauseMs = 20
/** When to try again if another instance is working on all unfinished jobs, in milliseconds. */
const busyMs = 1_000

/** The changes that the actions make, with the reason that was given, or null. */
export type BulkChanges = Readonly<Record<BulkAction, (reason: string | null) => SelectionAction>>

/**
 * Works on the unfinished jobs. Each round handles the next users of each job, so that a short job
 * does not wait for a long one. The changes to these users and their outcomes are saved in the same
 * transaction. So each user is handled once, even if the server stops in between.
 */
export class BulkJobWorker {
  private readonly job: BackgroundJob

  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly operations: OperationService,
    private readonly apiTokens: ApiTokenVerifier,
    private readonly selection: UserSelectionService,
    private readonly changes: BulkChanges,
  ) {
    this.job = new BackgroundJob(() => this.work(), { delayMs: pauseMs, maxSleepMs: 15_000 })
  }

  /** Notifies the worker of a new job. */
  wake(): void {
    this.job.wake()
  }

  /** Starts with the jobs that an earlier run left unfinished. */
  start(report: FailureReport): void {
    this.job.start(report)
  }

  /** Stops after the users that are being handled. */
  stop(): Promise<void> {
    return this.job.stop()
  }

  /** Resolves when no job is left that this instance can work on. */
  idle(): Promise<void> {
    return this.job.idle()
  }

  private async work(): Promise<number> {
    // A read, because most rounds find nothing and a transaction blocks others.
    const jobs = await this.database.read(unit => store.listUnfinished(unit))
    const failures: unknown[] = []
    let advanced = false
    for (const id of jobs) {
      if (this.job.isStopped) break
      try {
        if (await this.database.write(unit => this.advance(unit, id))) advanced = true
      } catch (failure) {
        // The other jobs continue.
        failures.push(failure)
      }
    }
    if (failures.length > 0) throw failures[0]
    if (advanced) return 0
    return jobs.length === 0 ? Number.POSITIVE_INFINITY : busyMs
  }

  /** Handles the next users of a job. Returns false if another instance is doing so. */
  private async advance(unit: WritingUnitOfWork, id: string): Promise<boolean> {
    const job = await store.lockUnfinished(unit, id)
    if (job === null) return false
    const change = this.changes[job.action](job.reason)
    const starter = await this.starterIn(unit, job, change.permission)
    if (typeof starter === 'string') {
      await this.stopJob(unit, job, change, starter)
      return true
    }
    const handled = job.done + job.refused + job.skipped
    const next = await store.listNext(unit, id, handled, chunkSize)
    const results = await this.handle(unit, job, starter, change, next)
    await store.saveResults(unit, id, results)
    const count = (outcome: BulkOutcome) =>
      results.filter(result => result.outcome === outcome).length
    const isDone = handled + results.length >= job.total
    await store.updateJob(unit, id, {
      status: isDone ? 'DONE' : 'RUNNING',
      finishedAt: isDone ? new Date() : null,
      done: job.done + count('DONE'),
      refused: job.refused + count('REFUSED'),
      skipped: job.skipped + count('SKIPPED'),
    })
    return true
  }

  /** The user who started the job, with the same limit as then; or why the job must stop. */
  private async starterIn(
    unit: WritingUnitOfWork,
    { starterId, apiTokenId }: BulkJobEntity,
    permission: Permission,
  ): Promise<Caller | BulkStopReason> {
    const user = await this.users.findIn(unit, starterId)
    if (user?.status !== 'ACTIVE') return 'STARTER_NOT_ACTIVE'
    const token = apiTokenId === null ? null : await this.apiTokens.findValid(unit, apiTokenId)
    if (apiTokenId !== null && token === null) return 'API_TOKEN_INVALID'
    const starter: Caller = {
      ...user,
      limitedTo: token?.permissions ?? null,
      session: null,
      apiToken: token,
      mustEnrolSecondFactor: false,
      // A job continues after its session has ended.
      requireValidCredential: async () => undefined,
    }
    return hasPermission(starter, permission) ? starter : 'PERMISSION_MISSING'
  }

  private async stopJob(
    unit: WritingUnitOfWork,
    job: BulkJobEntity,
    { action }: SelectionAction,
    stopReason: BulkStopReason,
  ): Promise<void> {
    await store.updateJob(unit, job.id, { status: 'STOPPED', stopReason, finishedAt: new Date() })
    await this.operations.record(unit, originOf(job), {
      action,
      outcome: 'REFUSED',
      reason: stopReason,
      actorId: job.starterId,
      subjectId: null,
    })
  }

  private async handle(
    unit: WritingUnitOfWork,
    job: BulkJobEntity,
    starter: Caller,
    change: SelectionAction,
    next: readonly BulkJobUserEntity[],
  ): Promise<store.BulkResult[]> {
    const users = await this.users.findManyIn(
      unit,
      next.map(({ userId }) => userId),
    )
    const owners = new Set(users.filter(({ role }) => role === 'OWNER').map(({ id }) => id))
    const skipped = (userId: string): BulkReason | null => {
      if (userId === starter.id) return 'SELF'
      return owners.has(userId) ? 'OWNER' : null
    }
    const ids = next.flatMap(({ userId }) => (skipped(userId) === null ? [userId] : []))
    const call = { action: change.action, actor: starter, origin: originOf(job) }
    const outcomes = await this.selection.changeIn(unit, call, ids, change)
    const refusals = new Map(outcomes.map(({ userId, refusal }) => [userId, refusal]))
    return next.map(({ userId, position }): store.BulkResult => {
      const skip = skipped(userId)
      if (skip !== null) return { position, outcome: 'SKIPPED', reason: skip }
      const refusal = refusals.get(userId) ?? null
      return refusal === null
        ? { position, outcome: 'DONE', reason: null }
        : { position, outcome: 'REFUSED', reason: reasonOf(refusal) }
    })
  }
}

/** The origin of a job's operations: the request that started it. */
const originOf = ({ ip, userAgent, requestId, apiTokenPrefix }: BulkJobEntity): RequestOrigin => ({
  ip,
  userAgent,
  requestId,
  ...(apiTokenPrefix === null ? {} : { apiTokenPrefix }),
})

const reasonOf = (refusal: UserRefusal): BulkReason => {
  switch (refusal.kind) {
    case 'accessDenied':
      return refusal.reason
    case 'lastOwner':
      return 'LAST_OWNER'
    case 'notFound':
      return 'USER_NOT_FOUND'
    case 'notActive':
      return 'NOT_ACTIVE'
    case 'notBlocked':
      return 'NOT_BLOCKED'
    case 'notInvited':
      return 'NOT_INVITED'
    case 'invited':
      return 'INVITED'
    case 'blocked':
      return 'BLOCKED'
    case 'passwordMissing':
      return 'PASSWORD_MISSING'
    case 'passwordTemporary':
      return 'PASSWORD_TEMPORARY'
    case 'passwordTooOld':
      return 'PASSWORD_TOO_OLD'
    case 'mailNotConfigured':
      return 'MAIL_NOT_CONFIGURED'
    case 'tooManyAttempts':
      return 'TOO_MANY_ATTEMPTS'
  }
}
