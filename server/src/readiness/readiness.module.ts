import { BackgroundJob } from '../background/background-job.js'
import type { Database } from '../database/database.js'
import { ReadinessService } from './readiness.service.js'

const checkEveryMs = 15_000

/** Whether the server can serve. */
export const readinessModule = {
  create: ({ database }: { database: Database }) => {
    const readiness = new ReadinessService(() => database.ping())
    const watch = new BackgroundJob(
      async () => {
        await readiness.check()
        return Number.POSITIVE_INFINITY
      },
      { delayMs: 0, longestSleepMs: checkEveryMs },
    )
    return {
      services: { readiness },
      // So that the log has it where nobody asks for it, too.
      jobs: [{ work: watch, failureMessage: 'checking the database failed' }],
    }
  },
}
