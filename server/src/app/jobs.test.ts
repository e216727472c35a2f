import { describe, expect, it } from '@jest/globals'
import { stopJobs } from './jobs.js'

describe('stopping the jobs', () => {
  it('stops all of them, and logs the one that fails', async () => {
    const stopped: string[] = []
    const logged: string[] = []
    const job = (name: string, isBroken = false) => ({
      work: {
        start: () => undefined,
        stop: async () => {
          if (isBroken) throw new Error('The disk is full.')
          stopped.push(name)
        },
      },
      failureMessage: `${name} failed`,
    })
    const jobs = [job('mails'), job('sessions', true), job('webhooks')]
    await stopJobs({ jobs }, { error: (_: unknown, message?: string) => logged.push(`${message}`) })
    expect(stopped).toEqual(['webhooks', 'mails'])
    expect(logged).toEqual(['sessions failed'])
  })
})
