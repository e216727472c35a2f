/**
 * Runs work when the page is idle.
 *
 * @returns a function that cancels the work.
 */
export const whenIdle = (work: () => void): (() => void) => {
  // Some versions of Safari have no `requestIdleCallback`.
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(work, 200)
    return () => clearTimeout(timer)
  }
  const request = requestIdleCallback(work, { timeout: 1000 })
  return () => cancelIdleCallback(request)
}
