import { describe, expect, it, jest } from '@jest/globals'
import { BackgroundJob } from './background-job.js'

const hourMs = 60 * 60_000

describe('a background job that waits before its turn', () => {
  it('does the turn at once if it is stopped, and then no more', async () => {
    const turn = jest.fn(async () => 0)
    const job = new BackgroundJob(turn, { delayMs: hourMs, maxSleepMs: hourMs })
    job.start(() => undefined)
    await job.stop()
    expect(turn).toHaveBeenCalledTimes(1)
    job.wake()
    await job.idle()
    expect(turn).toHaveBeenCalledTimes(1)
  })

  it('waits again after it is started again', async () => {
    const turn = jest.fn(async () => Number.POSITIVE_INFINITY)
    const job = new BackgroundJob(turn, { delayMs: 1, maxSleepMs: hourMs })
    job.start(() => undefined)
    await job.stop()
    job.start(() => undefined)
    await job.idle()
    expect(turn).toHaveBeenCalledTimes(2)
  })
})
