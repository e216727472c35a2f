import type { Logger } from 'pino'
import type { Features } from './features.js'

const sweepEveryMs = 60 * 60 * 1000

/** Starts the work that features do beside the requests. A failure is logged, and the job goes on. */
export const startJobs = (
  { jobs, sweeps, services }: Pick<Features, 'jobs' | 'sweeps' | 'services'>,
  logger: Logger,
): void => {
  for (const { work, failureMessage } of jobs) {
    work.start((failure, details) => logger.error({ err: failure, ...details }, failureMessage))
  }
  const sweep = setInterval(() => {
    Promise.all(sweeps.map(remove => remove())).catch(failure =>
      logger.error({ err: failure }, 'sweeping failed'),
    )
    // In the log, and so perhaps on another machine: see `npm run operations:verify`.
    services.operations.head().then(
      head => logger.info({ head }, 'end of the operation list'),
      failure => logger.error({ err: failure }, 'reading the operation list failed'),
    )
  }, sweepEveryMs)
  sweep.unref()
}

/** Stops them, a job before those it gives work to. */
export const stopJobs = async ({ jobs }: Pick<Features, 'jobs'>): Promise<void> => {
  for (const { work } of jobs.toReversed()) await work.stop?.()
}
