import type { FailureReport } from './background-job.js'

/** Work that a feature does beside the requests, for as long as the server runs. */
export interface FeatureJob {
  readonly work: {
    /** Begins. Reports failures and successes, and goes on after a failure. */
    start(report: FailureReport): void
    /** Ends when the work under way is done. */
    stop?(): Promise<void>
  }
  /** The log line of a failure. */
  readonly failureMessage: string
}
