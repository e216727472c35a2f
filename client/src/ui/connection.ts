import { useSyncExternalStore } from 'react'

/** A request got no answer at all, not even from a proxy. */
export class Unreachable extends Error {
  /**
   * @param unsent whether the browser was offline before it sent the request, so that the request
   * cannot have arrived.
   */
  constructor(
    cause: unknown,
    readonly unsent: boolean,
  ) {
    super('There is no answer.', { cause })
  }
}

/** Whether the browser has no network. A browser that has one may still not reach Rekey. */
export const isOffline = (): boolean => navigator.onLine === false

const firstWaitMs = 1_000
const longestWaitMs = 30_000

let lost = false
let waitMs = firstWaitMs
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()

const set = (value: boolean): void => {
  if (value === lost) return
  lost = value
  clearTimeout(timer)
  waitMs = firstWaitMs
  if (lost) probeLater()
  for (const listener of [...listeners]) listener()
}

const probe = async (): Promise<void> => {
  clearTimeout(timer)
  try {
    const { status } = await fetch('/healthz', { cache: 'no-store' })
    // A gateway that answers for a server that is away.
    if (status < 500) return set(false)
  } catch {
    // Still no answer.
  }
  if (lost) probeLater()
}

const probeLater = (): void => {
  clearTimeout(timer)
  timer = setTimeout(() => void probe(), waitMs)
  waitMs = Math.min(waitMs * 2, longestWaitMs)
}

window.addEventListener('offline', () => set(true))
window.addEventListener('online', () => {
  if (lost) void probe()
})

/**
 * Like `fetch`, and remembers whether Rekey can be reached. While it cannot, it is asked from time
 * to time, and when the browser is online again.
 *
 * @throws Unreachable if there is no answer.
 */
export const fetchOrNotice: typeof fetch = async (input, init) => {
  const unsent = isOffline()
  try {
    const answer = await fetch(input, init)
    set(false)
    return answer
  } catch (failure) {
    if (failure instanceof Error && failure.name === 'AbortError') throw failure
    set(true)
    throw new Unreachable(failure, unsent)
  }
}

/** Remembers that Rekey cannot be reached, and asks it until it can. */
export const reportUnreachable = (): void => set(true)

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/**
 * Calls a function each time when Rekey can be reached again.
 *
 * @returns a function that ends this.
 */
export const onReachedAgain = (listener: () => void): (() => void) =>
  subscribe(() => {
    if (!lost) listener()
  })

/** Whether Rekey could not be reached by the last request. */
export const useIsUnreachable = (): boolean => useSyncExternalStore(subscribe, () => lost)
