import { BackgroundJob, type FailureReport } from '../background/background-job.js'
import type { OperationCutService } from '../operations/operation-cut.service.js'
import type { SettingsService } from '../settings/settings.service.js'

const hourMs = 60 * 60 * 1000
const dayMs = 24 * hourMs

/** The start of the day (UTC), some days ago. One time a day, so one deletion a day is recorded. */
export const deleteBefore = (now: Date, keepDays: number): Date =>
  new Date((Math.floor(now.getTime() / dayMs) - keepDays) * dayMs)

/** Deletes operations that are older than the account's setting. */
export class OperationRetentionService {
  private readonly job: BackgroundJob
  private broken: FailureReport = () => undefined

  constructor(
    private readonly settings: SettingsService,
    private readonly cuts: OperationCutService,
  ) {
    this.job = new BackgroundJob(() => this.deleteSome(), { delayMs: 50, maxSleepMs: hourMs })
  }

  /** Starts to delete old operations, now and every hour. */
  start(report: FailureReport): void {
    this.broken = report.another?.() ?? report
    this.job.start(report)
  }

  /** Stops after the operations that are being deleted. */
  stop(): Promise<void> {
    return this.job.stop()
  }

  /** Wakes the job, because the setting has changed. */
  wake(): void {
    this.job.wake()
  }

  /** Waits until every old operation was deleted. */
  idle(): Promise<void> {
    return this.job.idle()
  }

  /** Deletes the next operations. Returns after how many milliseconds there may be more. */
  private async deleteSome(): Promise<number> {
    if (await this.cuts.deleteSome()) return 0
    const { keepDays } = await this.settings.readOperationRetention()
    if (keepDays === null) return Number.POSITIVE_INFINITY
    const result = await this.cuts.cutBefore(deleteBefore(new Date(), keepDays), keepDays)
    if (result.kind === 'cut') return 0
    if (result.kind === 'broken') {
      const { number, problem } = result
      this.broken(new Error(`Operation ${number} is ${problem}. No operation is deleted.`), {})
    } else {
      this.broken.succeeded?.()
    }
    // A broken chain does not heal, and to verify it again costs much.
    return Number.POSITIVE_INFINITY
  }
}
