import { jest } from '@jest/globals'

/**
 * Makes the time of day the test's own, to be set by `jest.setSystemTime`; timers go on.
 *
 * @param options from when on, and whether it moves by itself (`advanceTimers`).
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
