import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { BackgroundJob } from './background-job.js'
import { FaultLog } from './fault-log.js'

const refused = () => Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
const full = () => Object.assign(new Error('full'), { code: '53100' })

let lines: [level: string, details: Record<string, unknown>, message: string][]
const sink = {
  error: (details: object, message: string) => lines.push(['error', { ...details }, message]),
  info: (details: object, message: string) => lines.push(['info', { ...details }, message]),
} as unknown as ConstructorParameters<typeof FaultLog>[0]
let log: FaultLog

beforeEach(() => {
  jest.useFakeTimers()
  lines = []
  log = new FaultLog(sink, 'it failed', 'it works again')
})
afterEach(() => {
  jest.useRealTimers()
})

describe('the log of a fault', () => {
  it('has one line when the fault begins, and one with the number of failures when it ends', () => {
    for (let count = 0; count < 1_000; count += 1) log.failed(refused(), { id: count })
    log.succeeded()
    log.succeeded()
    expect(lines).toMatchObject([
      ['error', { id: 0, failures: 1 }, 'it failed'],
      ['info', { failures: 1_000 }, 'it works again'],
    ])
  })

  it('has one more line for each minute of the fault, with the failures since the last line', () => {
    for (let second = 0; second < 150; second += 1) {
      log.failed(refused())
      jest.advanceTimersByTime(1_000)
    }
    expect(lines.map(([, { failures }]) => failures)).toEqual([1, 60, 60])
  })

  it('has at most one beginning a minute if the fault comes and goes', () => {
    for (let second = 0; second < 59; second += 1) {
      log.failed(refused())
      log.succeeded()
      jest.advanceTimersByTime(1_000)
    }
    expect(lines.map(([level]) => level)).toEqual(['error', 'info'])
    jest.advanceTimersByTime(1_000)
    log.failed(refused())
    expect(lines.at(-1)).toMatchObject(['error', { failures: 59 }, 'it failed'])
  })

  it('has a separate line for a fault with another code', () => {
    for (let count = 0; count < 10; count += 1) {
      log.failed(refused())
      log.failed(full())
    }
    expect(lines.map(([, { err }]) => (err as { code: string }).code)).toEqual([
      'ECONNREFUSED',
      '53100',
    ])
  })

  it('has no line if nothing failed', () => {
    log.succeeded()
    expect(lines).toEqual([])
  })

  it('does not end the fault with a success of another part of the work', () => {
    const deliveries = log.report.another?.()
    deliveries?.(refused(), {})
    log.succeeded()
    expect(lines).toMatchObject([['error', {}, 'it failed']])
    deliveries?.succeeded?.()
    expect(lines.map(([level]) => level)).toEqual(['error', 'info'])
  })
})

it('logs a background job that fails for minutes once a minute, and once when it succeeds again', async () => {
  let fails = true
  const turn = async () => {
    if (fails) throw refused()
    return Number.POSITIVE_INFINITY
  }
  const job = new BackgroundJob(turn, { delayMs: 0, maxSleepMs: 60_000 })
  job.start(log.report)
  await jest.advanceTimersByTimeAsync(130_000)
  fails = false
  await jest.advanceTimersByTimeAsync(10_000)
  expect(lines.map(([level]) => level)).toEqual(['error', 'error', 'error', 'info'])
  await job.stop()
})
