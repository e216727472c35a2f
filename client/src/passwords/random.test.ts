import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { randomBelow } from './random'

afterEach(() => {
  jest.restoreAllMocks()
})

describe('a random number', () => {
  it('is below its limit, and can be every value', () => {
    const seen = new Set(Array.from({ length: 2000 }, () => randomBelow(11)))
    expect([...seen].sort((one, other) => one - other)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  it('ignores draws that would favour low numbers', () => {
    // 2³² is 5 more than a multiple of 11: the last five values are ignored.
    const draws = [2 ** 32 - 1, 2 ** 32 - 4, 7]
    const source = jest.spyOn(globalThis.crypto, 'getRandomValues').mockImplementation(array => {
      ;(array as Uint32Array)[0] = draws.shift() ?? 0
      return array
    })
    expect(randomBelow(11)).toBe(7)
    expect(source).toHaveBeenCalledTimes(3)
  })
})
