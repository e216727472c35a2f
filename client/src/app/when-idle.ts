/**
 * Does something when the page has nothing else to do.
 *
 * @returns cancels it.
 */
export const whenIdle = (work: () => void): (() => void) => {
  // Some versions of Safari lack it.
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(work, 200)
    return () => clearTimeout(timer)
  }
  const request = requestIdleCallback(work, { timeout: 1000 })
  return () => cancelIdleCallback(request)
}
