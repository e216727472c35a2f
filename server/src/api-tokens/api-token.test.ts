import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isApiToken, newApiToken, prefixOf } from './api-token.js'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

describe('an API token', () => {
  it('has a fixed start, random letters and digits, and a checksum, so that scanners find it', () => {
    const token = newApiToken()
    expect(token).toMatch(/^rk_live_[0-9A-Za-z]{36}$/)
    expect(isApiToken(token)).toBe(true)
    expect(prefixOf(token)).toBe(token.slice(0, 14))
  })

  it('is different each time, and any letter can be at any place', () => {
    const tokens = Array.from({ length: 2000 }, newApiToken)
    expect(new Set(tokens).size).toBe(tokens.length)
    for (let place = 8; place < 38; place += 1) {
      expect(new Set(tokens.map(token => token[place])).size).toBe(alphabet.length)
    }
  })

  it('ends with the CRC-32 of the rest in base 62', () => {
    // By Python: zlib.crc32(b"rk_live_" + b"0" * 30) is 0xe64de985.
    expect(isApiToken(`rk_live_${'0'.repeat(30)}4DUNz3`)).toBe(true)
    expect(isApiToken(`rk_live_${'0'.repeat(30)}000000`)).toBe(false)
  })

  it('is invalid if any one character is changed', () => {
    fc.assert(
      fc.property(fc.nat(43), fc.constantFrom(...alphabet), (place, letter) => {
        const token = newApiToken()
        fc.pre(token[place] !== letter)
        expect(isApiToken(token.slice(0, place) + letter + token.slice(place + 1))).toBe(false)
      }),
    )
  })

  it.each(['', 'rk_live_', 'rk_test_', ' ', 'rk_live_\n'])(
    'is not %j, and is invalid with that text added',
    text => {
      const token = newApiToken()
      expect(isApiToken(text)).toBe(false)
      expect(isApiToken(`${token}${text || 'x'}`)).toBe(false)
      expect(isApiToken(`${text || 'x'}${token}`)).toBe(false)
    },
  )
})
