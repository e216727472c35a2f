import type { FailureReport } from './background-job.js'

/** Work that a feature does beside the requests, for as long as the server runs. */
export interface FeatureJob {
  readonly work: {
    /** Begins. Reports each failure and goes on. */
    start(report: FailureReport): void
    /** Ends when the work under way is done. */
    stop?(): Promise<void>
  }
  /** The log line of a failure. */
  readonly failureMessage: string
}
