import { BackgroundJob, type FailureReport } from '../background/background-job.js'
import type { Database } from '../database/database.js'
import type { MailService } from '../mail/mail.service.js'
import type { OneTimeLinkService } from '../one-time-links/one-time-link.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { SecondFactorService } from '../second-factor/second-factor.service.js'
import type { UserService } from '../users/user.service.js'
import type { WebhookService } from '../webhooks/webhook.service.js'
import {
  addSignIns,
  type CappedCount,
  dayOf,
  type HomeFigures,
  type SignInFigures,
} from './home-figures.js'
import * as store from './home-figures.store.js'

const minuteMs = 60_000
// A claim ends by itself if its instance was killed. If a count takes longer, two instances may count
// at once, which costs time and changes nothing.
const claimMs = 2 * minuteMs
const expiringMs = 2 * 24 * 60 * minuteMs
// A larger number helps nobody on Home, and would be counted every minute.
const maxCount = 10_000
// One statement reads at most this many rows, so that others do not wait for it.
const rowsAtOnce = 5_000
// Counting a million users takes seconds. Then the job rests longer than a minute.
const restFactor = 20
// Until there are users.
const withoutUsersMs = 5_000

const cappedOf = (count: number): CappedCount => ({
  count: Math.min(count, maxCount),
  exact: count <= maxCount,
})

const hasNoUsers = ({ users }: HomeFigures): boolean =>
  Object.values(users).every(count => count === 0)

/**
 * Counts the figures of Home in the background, once a minute, on one instance at a time. A page
 * reads the stored figures and never counts.
 */
export class HomeFiguresService {
  private readonly job: BackgroundJob

  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly secondFactors: SecondFactorService,
    private readonly links: OneTimeLinkService,
    private readonly operations: OperationService,
    private readonly webhooks: WebhookService,
    private readonly mail: MailService,
  ) {
    this.job = new BackgroundJob(() => this.countIfDue(), {
      delayMs: 0,
      maxSleepMs: 60 * minuteMs,
    })
  }

  /** Starts to count, now and every minute. */
  start(report: FailureReport): void {
    this.job.start(report)
  }

  /** Stops after the current statement. */
  stop(): Promise<void> {
    return this.job.stop()
  }

  /** Waits until the count that has begun is done. */
  idle(): Promise<void> {
    return this.job.idle()
  }

  /** The figures as they were last counted; null if they never were since there is a user. */
  async read(): Promise<store.CountedFigures | null> {
    const counted = await this.database.read(store.findFigures)
    // Directly after the set-up, the first owner would see that there are no users.
    return counted === null || hasNoUsers(counted.figures) ? null : counted
  }

  /** Counts now, even if another instance just did. Returns after how many milliseconds to count again. */
  async count(): Promise<number> {
    const begun = Date.now()
    const figures = await this.countAll(new Date(begun))
    // Stopped in the middle: the next start counts again.
    if (figures === null) return this.restAfter(begun)
    // The first owner, who is about to be added, waits for the figures.
    const rest = hasNoUsers(figures) ? withoutUsersMs : this.restAfter(begun)
    await this.database.writeLocking(unit =>
      store.saveFigures(
        unit,
        { figures, countedAt: new Date(begun) },
        // A little earlier than this instance counts again, so that its own claim is never in its way.
        new Date(Date.now() + rest - 1_000),
      ),
    )
    return rest
  }

  /** Counts unless another instance did. Returns after how many milliseconds to try again. */
  private async countIfDue(): Promise<number> {
    const begun = Date.now()
    const claimed = await this.database.writeLocking(unit =>
      store.claimFigures(unit, new Date(begun), new Date(begun + claimMs)),
    )
    if (!claimed) return minuteMs
    return this.count()
  }

  private restAfter(begun: number): number {
    return Math.max(minuteMs, (Date.now() - begun) * restFactor)
  }

  private async countAll(now: Date): Promise<HomeFigures | null> {
    const before = await this.read()
    const signIns = await this.countSignIns(before?.figures.signIns ?? null, now)
    const withSecondFactor = signIns && (await this.countWithSecondFactor())
    if (signIns === null || withSecondFactor === null) return null
    const soon = new Date(now.getTime() + expiringMs)
    const mails = await this.mail.counts()
    return this.database.read(async unit => ({
      users: await this.users.countByStatusIn(unit),
      withSecondFactor,
      mustChangePassword: cappedOf(await this.users.countRequiredChangesIn(unit, maxCount + 1)),
      validInvitations: cappedOf(
        await this.links.countInvitationsIn(unit, now, null, maxCount + 1),
      ),
      expiringInvitations: cappedOf(
        await this.links.countInvitationsIn(unit, now, soon, maxCount + 1),
      ),
      webhooks: await this.webhooks.countTroubledIn(unit),
      mails,
      signIns,
    }))
  }

  /**
   * Adds the sign-ins that were chained since the last count. Operations are numbered without gaps
   * and never change, so none is counted twice and no finished day is read again.
   */
  private async countSignIns(
    before: SignInFigures | null,
    now: Date,
  ): Promise<SignInFigures | null> {
    const today = dayOf(now)
    const last = (await this.operations.head())?.number ?? 0
    let counted = before ?? { countedTo: 0, days: [] }
    // Fewer operations than before: the database is another one.
    if (counted.countedTo > last) counted = { countedTo: 0, days: [] }
    counted = addSignIns(counted, counted.countedTo, [], today)
    while (counted.countedTo < last) {
      if (this.job.isStopped && before !== null) return null
      const after = counted.countedTo
      const to = Math.min(after + rowsAtOnce, last)
      const days = await this.database.read(unit => this.operations.countSignInsIn(unit, after, to))
      counted = addSignIns(counted, to, days, today)
    }
    return counted
  }

  /** Counts the active users with a second factor, a part of them in each statement. */
  private async countWithSecondFactor(): Promise<number | null> {
    let count = 0
    let after: string | null = ''
    while (after !== null) {
      const place: string = after
      const part = await this.database.read(unit =>
        this.secondFactors.countActiveOwnersIn(unit, place, rowsAtOnce),
      )
      count += part.active
      after = part.last
    }
    return count
  }
}
