import { BackgroundJob, type FailureReport } from './background-job.js'

/**
 * Writes values in the background, the latest of each key, so that no request waits for them.
 * One call writes many. Values that could not be written stay, and are tried again.
 */
export class DeferredWrites<Value> {
  private readonly waiting = new Map<string, Value>()
  private readonly job: BackgroundJob

  /** @param write writes values in one transaction. */
  constructor(private readonly write: (values: readonly Value[]) => Promise<void>) {
    this.job = new BackgroundJob(() => this.writeAll(), { delayMs: 50, maxSleepMs: 60_000 })
  }

  /** Writes a value soon, in place of an earlier one with its key. */
  add(key: string, value: Value): void {
    this.waiting.set(key, value)
    this.job.wake()
  }

  /** Starts the background job. */
  start(report: FailureReport): void {
    this.job.start(report)
  }

  /** Stops the job, and writes the remaining records. */
  async stop(): Promise<void> {
    await this.job.stop()
    await this.writeAll()
  }

  /** Waits until everything is written. */
  idle(): Promise<void> {
    return this.job.idle()
  }

  private async writeAll(): Promise<number> {
    const values = [...this.waiting]
    if (values.length > 0) {
      await this.write(values.map(([, value]) => value))
      // Keeps values that were added in the meantime.
      for (const [key, value] of values) {
        if (this.waiting.get(key) === value) this.waiting.delete(key)
      }
    }
    return Number.POSITIVE_INFINITY
  }
}
