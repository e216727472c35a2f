import { setTimeout as wait } from 'node:timers/promises'

/**
 * Receives the failures of a background job, which continues by itself. A plain function is enough.
 */
export interface FailureReport {
  (failure: unknown, details: Record<string, unknown>): void
  /** Called when the work succeeds: a reported fault has ended. */
  readonly succeeded?: () => void
  /** Creates a report for another part of the work, which fails and succeeds independently. */
  readonly another?: () => FailureReport
}

const afterFailureMs = 5_000

/**
 * Background work. It runs when it is woken, when its next time has come, and at regular intervals,
 * in case another instance left something undone. It never runs twice at once.
 */
export class BackgroundJob {
  private timer: NodeJS.Timeout | undefined
  private running: Promise<void> | undefined
  private asked = false
  /** Aborted while the job is stopped. This also ends the wait before a turn. */
  private stopping = new AbortController()
  private report: FailureReport = () => undefined

  /**
   * @param turn does the waiting work and returns after how many milliseconds there is more;
   * Infinity if no more work is known.
   */
  constructor(
    private readonly turn: () => Promise<number>,
    private readonly pace: {
      /** How long a turn waits after being woken, so that it can do more work at once. */
      readonly delayMs: number
      /** The maximum time between two turns. */
      readonly maxSleepMs: number
    },
  ) {
    this.stopping.abort()
  }

  /** Starts the job with the work that an earlier run left undone. */
  start(report: FailureReport): void {
    this.report = report
    this.stopping = new AbortController()
    this.wake()
  }

  /** Notifies the job that there is work. */
  wake(): void {
    if (this.isStopped) return
    this.asked = true
    this.running ??= this.run().finally(() => {
      this.running = undefined
      // Work arrived after the last turn had started.
      if (this.asked) this.wake()
    })
  }

  /** True if the job should stop. A long turn checks it now and then. */
  get isStopped(): boolean {
    return this.stopping.signal.aborted
  }

  /**
   * Stops the job. Resolves when the current turn has finished. If that is still waiting to begin, it
   * begins at once.
   */
  async stop(): Promise<void> {
    this.stopping.abort()
    clearTimeout(this.timer)
    await this.running
  }

  /** Waits until there is no more work. */
  async idle(): Promise<void> {
    while (this.running !== undefined) await this.running
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer)
    const { delayMs, maxSleepMs } = this.pace
    let sleepMs = 0
    try {
      while (sleepMs <= 0 && !this.isStopped) {
        if (delayMs > 0) await this.waitUnlessStopped(delayMs)
        this.asked = false
        sleepMs = await this.turn()
        this.report.succeeded?.()
      }
    } catch (failure) {
      this.report(failure, {})
      sleepMs = afterFailureMs
    }
    if (this.isStopped) return
    this.timer = setTimeout(() => this.wake(), Math.min(sleepMs, maxSleepMs))
    this.timer.unref()
  }

  private async waitUnlessStopped(ms: number): Promise<void> {
    const { signal } = this.stopping
    try {
      await wait(ms, undefined, { signal })
    } catch (failure) {
      if (!signal.aborted) throw failure
    }
  }
}
