/** Is called when a background job fails. The job goes on by itself. A plain function is one. */
export interface FailureReport {
  (failure: unknown, details: Record<string, unknown>): void
  /** Is called when the work succeeds: a fault that was reported has ended. */
  readonly succeeded?: () => void
  /** Makes a report for another part of the work, which fails and succeeds by itself. */
  readonly another?: () => FailureReport
}

const afterFailureMs = 5_000

/**
 * Work that is done beside the requests: when there is a reason to, when its time
 * has come, and every so often in case another instance left something undone.
 * Never twice at once.
 */
export class BackgroundJob {
  private timer: NodeJS.Timeout | undefined
  private running: Promise<void> | undefined
  private asked = false
  private stopped = true
  private report: FailureReport = () => undefined

  /**
   * @param turn does what there is to do, and gives the milliseconds after which there
   * is more; Infinity when nothing is known of.
   */
  constructor(
    private readonly turn: () => Promise<number>,
    private readonly pace: {
      /** How long after being woken a turn begins, so that it finds more to do at once. */
      readonly delayMs: number
      /** The longest it sleeps without being woken. */
      readonly longestSleepMs: number
    },
  ) {}

  /** Begins, with what an earlier run left undone. */
  start(report: FailureReport): void {
    this.report = report
    this.stopped = false
    this.wake()
  }

  /** There is something to do. */
  wake(): void {
    if (this.stopped) return
    this.asked = true
    this.running ??= this.run().finally(() => {
      this.running = undefined
      // Asked for after the last turn had begun.
      if (this.asked) this.wake()
    })
  }

  /** True once it is to end: a long turn looks now and then. */
  get isStopped(): boolean {
    return this.stopped
  }

  /** Ends with the turn under way. */
  async stop(): Promise<void> {
    this.stopped = true
    clearTimeout(this.timer)
    await this.running
  }

  /** Waits until there is nothing to do. */
  async idle(): Promise<void> {
    while (this.running !== undefined) await this.running
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer)
    const { delayMs, longestSleepMs } = this.pace
    let sleepMs = 0
    try {
      while (sleepMs <= 0 && !this.stopped) {
        if (delayMs > 0) await new Promise(later => setTimeout(later, delayMs))
        this.asked = false
        sleepMs = await this.turn()
        this.report.succeeded?.()
      }
    } catch (failure) {
      this.report(failure, {})
      sleepMs = afterFailureMs
    }
    if (this.stopped) return
    this.timer = setTimeout(() => this.wake(), Math.min(sleepMs, longestSleepMs))
    this.timer.unref()
  }
}
