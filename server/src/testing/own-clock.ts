import { jest } from '@jest/globals'

/**
 * Gives the test its own time of day, which `jest.setSystemTime` sets. Timers run as usual.
 *
 * @param options the start time, and whether the clock runs by itself (`advanceTimers`).
 */
export const ownClock = (options: { now?: number; advanceTimers?: boolean } = {}): void => {
  jest.useFakeTimers({
    ...options,
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  })
}
