import { BackgroundJob, type FailureReport } from '../background/background-job.js'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { OperationService } from '../operations/operation.service.js'
import type { UserService } from '../users/user.service.js'
import { refusedSignInType } from './event-types.js'
import * as store from './refused-sign-in-sum.store.js'
import { addCounts, type RefusedSignIns, sumOf } from './refused-sign-ins.js'
import { otherRefusedSignInsEventOf, refusedSignInEventOf } from './webhook-event.js'
import type { WebhookOutbox } from './webhook-outbox.service.js'

const minuteMs = 60_000
// One statement reads at most this many operations, so that others do not wait for it.
const operationsAtOnce = 5_000
/**
 * How many users get an event of their own in a minute. An attack on more users must not delay the
 * other events: the rest is summed up in one event.
 */
const maxUsers = 100

/**
 * Sums up refused sign-ins for webhooks, once a minute: one event for each user. It reads the
 * operations that were chained since the last time. Operations are numbered without gaps, and the
 * place moves in the transaction that queues the events. So each refusal is counted exactly once,
 * across restarts and on several instances, and a sign-in never waits for it.
 */
export class RefusedSignInService {
  private readonly job: BackgroundJob

  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly operations: OperationService,
    private readonly outbox: WebhookOutbox,
  ) {
    this.job = new BackgroundJob(() => this.sumIfDue(), { delayMs: 0, maxSleepMs: minuteMs })
  }

  /** Starts to sum up, now and every minute. */
  start(report: FailureReport): void {
    this.job.start(report)
  }

  /** Stops. Resolves when the current sum is done. */
  stop(): Promise<void> {
    return this.job.stop()
  }

  /** Waits until the sum that has begun is done. */
  idle(): Promise<void> {
    return this.job.idle()
  }

  /** Sums up now, unless another instance does so at the same time. */
  async sumRefusedSignIns(): Promise<void> {
    const now = new Date()
    const to = (await this.operations.head())?.number ?? 0
    const before = await this.database.read(store.findSum)
    // The first time, and after another database was restored, begin with what is new from now on.
    const after = before === null || before.summedTo > to ? to : before.summedTo
    if (before?.summedTo === to) return
    const byUser = await this.countBetween(after, to)
    await this.database.write(async unit => {
      const current = await store.findSum(unit)
      if (current?.summedTo !== before?.summedTo) return
      await store.saveSum(unit, to, now)
      await this.queueEvents(unit, byUser, now)
    })
  }

  /** Sums up unless an instance did in the last minute. Returns after how many ms to try again. */
  private async sumIfDue(): Promise<number> {
    const last = await this.database.read(store.findSum)
    const restMs = last === null ? 0 : last.summedAt.getTime() + minuteMs - Date.now()
    // A longer rest means that the clock was ahead.
    if (restMs > 0 && restMs <= minuteMs) return restMs
    await this.sumRefusedSignIns()
    return minuteMs
  }

  private async countBetween(
    after: number,
    to: number,
  ): Promise<ReadonlyMap<string, RefusedSignIns>> {
    const byUser = new Map<string, RefusedSignIns>()
    const wanted = await this.database.read(unit => this.outbox.isWanted(unit, refusedSignInType))
    if (!wanted) return byUser
    for (let from = after; from < to; from += operationsAtOnce) {
      const until = Math.min(from + operationsAtOnce, to)
      const counts = await this.database.read(unit =>
        this.operations.countRefusedSignInsIn(unit, from, until),
      )
      addCounts(byUser, counts)
    }
    return byUser
  }

  private async queueEvents(
    unit: WritingUnitOfWork,
    byUser: ReadonlyMap<string, RefusedSignIns>,
    now: Date,
  ): Promise<void> {
    if (byUser.size === 0) return
    const byCount = [...byUser].sort(([, one], [, other]) => other.count - one.count)
    const named = new Map(byCount.slice(0, maxUsers))
    // A user who was deleted in the meantime gets no event.
    const users = await this.users.findManyIn(unit, [...named.keys()])
    const events = users.flatMap(user => {
      const refused = named.get(user.id)
      return refused === undefined ? [] : [refusedSignInEventOf(now, user, refused)]
    })
    const others = byCount.slice(maxUsers).map(([, refused]) => refused)
    if (others.length > 0) {
      events.push(otherRefusedSignInsEventOf(now, others.length, others.reduce(sumOf)))
    }
    await this.outbox.queueEvents(unit, events)
  }
}
