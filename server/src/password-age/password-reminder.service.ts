import { BackgroundJob, type FailureReport } from '../background/background-job.js'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { MailService } from '../mail/mail.service.js'
import type { PasswordAge } from '../settings/password-age.js'
import type { SettingsService } from '../settings/settings.service.js'
import { passwordDeadlineOf, reminderDays } from '../users/password-age.js'
import * as store from './password-age.store.js'
import { passwordReminderMail } from './password-reminder.mail.js'

const hourMs = 60 * 60 * 1000
const dayMs = 24 * hourMs
// Enough for a million users in a quarter of an hour, and a transaction that nobody notices.
const usersAtOnce = 100

/** The ages at which users are reminded, in milliseconds. */
const remindedAgesOf = ({ remindAfterDays, requireChangeAfterDays }: PasswordAge): number[] =>
  [remindAfterDays, requireChangeAfterDays]
    .flatMap(days => (days === null ? [] : reminderDays.map(before => days - before)))
    .filter(days => days > 0)
    .map(days => days * dayMs)

/** Reminds users by mail to change old passwords, once for each reminder. */
export class PasswordReminderService {
  private readonly job: BackgroundJob
  private after: store.PasswordPlace | null = null

  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
    private readonly mail: MailService,
    private readonly publicUrl: URL,
  ) {
    this.job = new BackgroundJob(() => this.remindSome(), { delayMs: 50, maxSleepMs: hourMs })
  }

  /** Starts to remind users, now and every hour. */
  start(report: FailureReport): void {
    this.job.start(report)
  }

  /** Stops after the users who are being reminded. */
  stop(): Promise<void> {
    return this.job.stop()
  }

  /** Wakes the job, because the settings have changed. It starts with the oldest password again. */
  wake(): void {
    this.after = null
    this.job.wake()
  }

  /** Waits until every user who is due was reminded. */
  idle(): Promise<void> {
    return this.job.idle()
  }

  /** Reminds the next users. Returns after how many milliseconds there may be more. */
  private async remindSome(): Promise<number> {
    const ages = remindedAgesOf(await this.settings.readPasswordAge())
    if (ages.length === 0) return Number.POSITIVE_INFINITY
    const { after } = this
    // A read, because a transaction that writes blocks others.
    const due = await this.database.read(unit =>
      store.listDue(unit, ages, new Date(), after, usersAtOnce),
    )
    if (due.length > 0) {
      const ids = due.map(({ id }) => id)
      await this.database.write(unit => this.remind(unit, ids))
    }
    // The settings may have changed in the meantime.
    const isLast = due.length < usersAtOnce
    if (this.after === after) this.after = isLast ? null : (due.at(-1) ?? null)
    return isLast ? Number.POSITIVE_INFINITY : 0
  }

  /**
   * Reminds those of these users who are still due. The mails and the note that they were sent are
   * one transaction, so several instances send each reminder once.
   */
  private async remind(unit: WritingUnitOfWork, ids: readonly string[]): Promise<void> {
    const now = new Date()
    const age = await this.settings.passwordAgeIn(unit)
    const ages = remindedAgesOf(age)
    if (ages.length === 0) return
    const users = await store.findDue(unit, ages, now, ids)
    if (users.length === 0) return
    const dueIds = users.map(({ id }) => id)
    await store.noteReminded(unit, dueIds, now)
    const mails = users.flatMap(user => {
      const deadline = passwordDeadlineOf(user, age)
      if (deadline === null || user.passwordChangedAt === null) return []
      const { firstName, passwordChangedAt: changedAt } = user
      const passed = deadline.at <= now
      const url = this.publicUrl.origin
      return [
        [user, passwordReminderMail({ firstName, changedAt, deadline, passed, url })] as const,
      ]
    })
    await this.mail.sendAll(unit, mails)
  }
}
