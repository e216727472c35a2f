import type { Logger } from 'pino'
import { FaultLog } from '../background/fault-log.js'
import type { Features } from './features.js'

const sweepEveryMs = 60 * 60 * 1000

/** Starts the background jobs of all features. A fault is logged once, and the job continues. */
export const startJobs = (
  { jobs, sweeps, services }: Pick<Features, 'jobs' | 'sweeps' | 'services'>,
  logger: Logger,
): void => {
  // The readiness check finds the cause, and logs when the database fails and recovers.
  services.database.onUnavailable(() => void services.readiness.check())
  services.breachedPasswords.logTo(
    kind => new FaultLog(logger, `could not check a new password for breaches: ${kind}`),
  )
  for (const { work, failureMessage } of jobs) {
    work.start(new FaultLog(logger, failureMessage).report)
  }
  const sweeping = new FaultLog(logger, 'could not delete expired rows')
  const reading = new FaultLog(logger, 'could not read the end of the operation list')
  const sweep = setInterval(() => {
    Promise.all(sweeps.map(remove => remove())).then(
      () => sweeping.succeeded(),
      failure => sweeping.failed(failure),
    )
    // The log may be stored on another machine, which makes it evidence: see `npm run
    // operations:verify`.
    services.operations.head().then(
      head => {
        reading.succeeded()
        logger.info({ head }, 'end of the operation list')
      },
      failure => reading.failed(failure),
    )
  }, sweepEveryMs)
  sweep.unref()
}

/**
 * Stops the jobs in reverse order, so that a job stops before those it gives work to. If one fails,
 * that is logged, and the others stop.
 */
export const stopJobs = async (
  { jobs }: Pick<Features, 'jobs'>,
  logger: Pick<Logger, 'error'>,
): Promise<void> => {
  for (const { work, failureMessage } of jobs.toReversed()) {
    try {
      await work.stop?.()
    } catch (failure) {
      logger.error({ err: failure }, failureMessage)
    }
  }
}
