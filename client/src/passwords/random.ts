const range = 2 ** 32

/**
 * A random whole number from 0 up to, but not including, the limit. All numbers are equally likely:
 * draws that would favour low numbers are ignored (Web Crypto API).
 */
export const randomBelow = (bound: number): number => {
  const limit = range - (range % bound)
  const draw = new Uint32Array(1)
  for (;;) {
    crypto.getRandomValues(draw)
    const [value = 0] = draw
    if (value < limit) return value % bound
  }
}
