import { ActiveOwners } from '../access/active-owners.js'
import { BackgroundJob, type FailureReport } from '../background/background-job.js'
import type { Database } from '../database/database.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { localOrigin, type RequestOrigin } from '../http/request-origin.js'
import type { MailService } from '../mail/mail.service.js'
import type { OperationService } from '../operations/operation.service.js'
import { changeOf } from '../operations/operation-change.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { Caller } from '../users/caller.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import { accountDeletedMail } from './account-deleted.mail.js'
import { accountKeptMail, type KeptReason } from './account-kept.mail.js'
import { deletionRequestedMail } from './deletion-requested.mail.js'
import type { OwnDeletionEntity } from './own-deletion.entity.js'
import * as store from './own-deletion.store.js'

/** The days between the request and the deletion, in which the user can keep the account. */
export const waitDays = 7

const hourMs = 60 * 60 * 1000
const usersAtOnce = 50

/** The result of a request. */
export type OwnDeletionResult =
  | { readonly kind: 'requested'; readonly user: UserEntity }
  | { readonly kind: 'notAllowed' | 'lastOwner' }

/**
 * Deletes users who requested it themselves, after a wait in which they can change their minds. Their
 * account works as usual until then.
 */
export class OwnDeletionService {
  private readonly job: BackgroundJob

  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly settings: SettingsService,
    private readonly operations: OperationService,
    private readonly mail: MailService,
    private readonly publicUrl: URL,
  ) {
    this.job = new BackgroundJob(() => this.deleteSome(), { delayMs: 50, maxSleepMs: hourMs })
  }

  /** Starts to delete the users whose wait has ended. */
  start(report: FailureReport): void {
    this.job.start(report)
  }

  /** Stops after the user who is being deleted. */
  stop(): Promise<void> {
    return this.job.stop()
  }

  /** Looks now for users whose wait has ended. */
  wake(): void {
    this.job.wake()
  }

  /** Waits until every user who is due was deleted. */
  idle(): Promise<void> {
    return this.job.idle()
  }

  /** The requests of these users, by their ids. */
  async findRequests(userIds: readonly string[]): Promise<Map<string, OwnDeletionEntity>> {
    const found = await this.database.read(unit => store.listRequests(unit, userIds))
    return new Map(found.map(request => [request.userId, request]))
  }

  /**
   * Requests that the caller be deleted after the wait. Does nothing if they have requested it
   * already.
   *
   * @throws UNAUTHENTICATED if the caller was blocked or deleted, or their session has ended.
   */
  request(actor: Caller, origin: RequestOrigin): Promise<OwnDeletionResult> {
    return this.database.write(async (unit): Promise<OwnDeletionResult> => {
      const user = await this.users.callerIn(unit, actor)
      if ((await store.findRequest(unit, user.id)) !== null) return { kind: 'requested', user }
      const action = 'REQUEST_OWN_DELETION'
      const record = { action, actorId: user.id, subjectId: user.id } as const
      const reason = await this.refusalIn(unit, user)
      if (reason !== null) {
        await this.operations.record(unit, origin, { ...record, outcome: 'REFUSED', reason })
        return { kind: reason === 'LAST_OWNER' ? 'lastOwner' : 'notAllowed' }
      }
      const at = new Date()
      const dueAt = new Date(at.getTime() + waitDays * 24 * hourMs)
      await store.insertRequest(unit, { userId: user.id, requestedAt: at, dueAt })
      // The job plans its next turn by the first request.
      unit.afterCommit(() => this.job.wake())
      await this.operations.record(unit, origin, { ...record, outcome: 'DONE' })
      const { firstName } = user
      const { ip, userAgent } = origin
      const url = this.publicUrl.origin
      const mail = deletionRequestedMail({ firstName, dueAt, at, ip, userAgent, url })
      await this.mail.send(unit, user, mail)
      return { kind: 'requested', user }
    })
  }

  /**
   * Keeps the caller’s account. Does nothing if they have not requested its deletion.
   *
   * @throws as {@link request}.
   */
  cancel(actor: Caller, origin: RequestOrigin): Promise<UserEntity> {
    return this.database.write(async unit => {
      const user = await this.users.callerIn(unit, actor)
      await this.keep(unit, user, 'BY_USER', origin, user.id)
      return user
    })
  }

  /**
   * Keeps the account of a user, because someone else may have requested its deletion. Does nothing
   * without a request.
   */
  cancelFor(
    unit: WritingUnitOfWork,
    user: UserEntity,
    actor: Pick<Caller, 'id'>,
    origin: RequestOrigin,
  ): Promise<void> {
    return this.keep(unit, user, 'SECURED', origin, actor.id)
  }

  /** Deletes the next users whose wait has ended. Returns after how many milliseconds to go on. */
  private async deleteSome(): Promise<number> {
    const due = await this.database.read(unit => store.listDue(unit, new Date(), usersAtOnce))
    for (const { userId } of due) {
      if (this.job.isStopped) return Number.POSITIVE_INFINITY
      await this.database.write(unit => this.complete(unit, userId))
    }
    if (due.length === usersAtOnce) return 0
    const next = await this.database.read(store.findNextDue)
    return next === null ? Number.POSITIVE_INFINITY : Math.max(0, next.getTime() - Date.now())
  }

  /**
   * Deletes a user, if they may still be deleted. Otherwise their request ends: a deletion that
   * waited for the rights to change would surprise everybody.
   */
  private async complete(unit: WritingUnitOfWork, userId: string): Promise<void> {
    const request = await store.findRequest(unit, userId)
    const user = await this.users.findIn(unit, userId)
    // The user kept the account in the meantime, or another instance was faster.
    if (request === null || user === null || request.dueAt > new Date()) return
    const origin = localOrigin('background job', 'own deletion')
    const reason = user.status === 'ACTIVE' ? await this.refusalIn(unit, user) : 'NOT_ACTIVE'
    if (reason !== null) return this.keep(unit, user, reason, origin, null)
    await this.users.erase(unit, user)
    await this.operations.record(unit, origin, {
      action: 'DELETE_USER',
      outcome: 'DONE',
      actorId: user.id,
      subjectId: user.id,
    })
    await this.mail.send(unit, user, accountDeletedMail(user))
  }

  /** Why a user may not delete their own account; null if they may. */
  private async refusalIn(
    unit: UnitOfWork,
    user: UserEntity,
  ): Promise<'NOT_ALLOWED' | 'LAST_OWNER' | null> {
    if (!(await this.settings.ownDeletionIn(unit)).allowed) return 'NOT_ALLOWED'
    const owners = await ActiveOwners.among(unit, this.users, [user])
    return owners.refusalOf(user, null, true) === null ? null : 'LAST_OWNER'
  }

  /** Ends the request of a user, and notifies them. */
  private async keep(
    unit: WritingUnitOfWork,
    user: UserEntity,
    reason: KeptReason,
    origin: RequestOrigin,
    actorId: string | null,
  ): Promise<void> {
    if ((await store.findRequest(unit, user.id)) === null) return
    await store.deleteRequest(unit, user.id)
    await this.operations.record(unit, origin, {
      action: 'CANCEL_OWN_DELETION',
      outcome: 'DONE',
      actorId,
      subjectId: user.id,
      changes: reason === 'BY_USER' ? [] : [changeOf('cause', null, reason)],
    })
    const { firstName } = user
    const url = this.publicUrl.origin
    await this.mail.send(unit, user, accountKeptMail({ firstName, reason, url }))
  }
}
