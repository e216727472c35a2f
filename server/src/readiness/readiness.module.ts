import { BackgroundJob } from '../background/background-job.js'
import type { Database } from '../database/database.js'
import { ReadinessService } from './readiness.service.js'

const checkEveryMs = 15_000

/** Whether the server can serve requests. */
export const readinessModule = {
  create: ({ database }: { database: Database }) => {
    const readiness = new ReadinessService(() => database.ping())
    const watch = new BackgroundJob(
      async () => {
        await readiness.check()
        return Number.POSITIVE_INFINITY
      },
      { delayMs: 0, maxSleepMs: checkEveryMs },
    )
    return {
      services: { readiness },
      // So the log reports it even if no one requests /readyz.
      jobs: [{ work: watch, failureMessage: 'could not check the database' }],
    }
  },
}
