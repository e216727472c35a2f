import type { FailureReport } from './background-job.js'

/** Background work of a feature that runs as long as the server. */
export interface FeatureJob {
  readonly work: {
    /** Starts the work. Reports failures and successes, and continues after a failure. */
    start(report: FailureReport): void
    /** Stops the work. Resolves when the current work is done. */
    stop?(): Promise<void>
  }
  /** The log line of a failure. */
  readonly failureMessage: string
}
