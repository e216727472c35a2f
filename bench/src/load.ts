/** The result of a load. */
export interface LoadResult {
  readonly perSecond: number
  /** The durations of the single calls in milliseconds, in ascending order. */
  readonly times: readonly number[]
}

/**
 * Runs a number of parallel workers for some time. Each worker makes one call after another.
 *
 * @param call makes one call for the worker with this number.
 */
export const load = async (
  workers: number,
  seconds: number,
  call: (worker: number) => Promise<unknown>,
): Promise<LoadResult> => {
  const times: number[] = []
  const begun = performance.now()
  const end = begun + seconds * 1000
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      while (performance.now() < end) {
        const from = performance.now()
        await call(worker)
        times.push(performance.now() - from)
      }
    }),
  )
  const took = (performance.now() - begun) / 1000
  return { perSecond: times.length / took, times: times.sort((one, other) => one - other) }
}

/** The value that this share of the durations does not exceed. */
export const percentile = (times: readonly number[], share: number): number =>
  times[Math.min(times.length - 1, Math.ceil(times.length * share) - 1)] ?? Number.NaN
