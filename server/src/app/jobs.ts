import type { Logger } from 'pino'
import { FaultLog } from '../background/fault-log.js'
import type { Features } from './features.js'

const sweepEveryMs = 60 * 60 * 1000

/** Starts the work that features do beside the requests. A fault is logged once, and the job goes on. */
export const startJobs = (
  { jobs, sweeps, services }: Pick<Features, 'jobs' | 'sweeps' | 'services'>,
  logger: Logger,
): void => {
  // Readiness finds the cause, and logs when it comes and goes.
  services.database.onUnavailable(() => void services.readiness.check())
  for (const { work, failureMessage } of jobs) {
    work.start(new FaultLog(logger, failureMessage).report)
  }
  const sweeping = new FaultLog(logger, 'sweeping failed')
  const reading = new FaultLog(logger, 'reading the operation list failed')
  const sweep = setInterval(() => {
    Promise.all(sweeps.map(remove => remove())).then(
      () => sweeping.succeeded(),
      failure => sweeping.failed(failure),
    )
    // In the log, and so perhaps on another machine: see `npm run operations:verify`.
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

/** Stops them, a job before those it gives work to. One that fails is logged, and the others stop. */
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
