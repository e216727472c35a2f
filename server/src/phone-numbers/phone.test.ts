import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  formatPhone,
  phoneProblem,
  phoneRegions,
  searchedDigitsOf,
  storedPhoneOf,
} from './phone.js'

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: fc.constantFrom(...'0123456789+() -./x#e,;٤４'), maxLength: 300 }),
)
const regions = fc.option(fc.oneof(fc.constantFrom(...phoneRegions), fc.string()))

describe('digits without a plus', () => {
  it.each([
    ['4915123456789', 'DE'],
    ['491701234567', 'DE'],
    ['48601234567', 'DE'],
  ])('%s stay as they are in %s if they may be an international number', (digits, region) => {
    expect(storedPhoneOf(digits, region)).toBe(digits)
  })

  it.each([
    ['601234567', 'PL', '+48601234567'],
    ['015123456789', 'DE', '+4915123456789'],
    ['2025550123', 'US', '+12025550123'],
    ['07400123456', 'GB', '+447400123456'],
  ])('%s are a national number of %s if they can be nothing else', (digits, region, stored) => {
    expect(storedPhoneOf(digits, region)).toBe(stored)
  })
})

describe('a phone number', () => {
  it('never fails to be checked, stored, formatted and searched, whatever the text', () => {
    fc.assert(
      fc.property(texts, regions, (text, region) => {
        phoneProblem(text)
        formatPhone(text)
        searchedDigitsOf(text, region)
        const stored = storedPhoneOf(text, region)
        expect(storedPhoneOf(stored, region)).toBe(stored)
        expect(storedPhoneOf(formatPhone(stored), null)).toBe(stored)
      }),
      { numRuns: 2_000 },
    )
  })

  it('is stored as it is typed if the region is unknown', () => {
    expect(storedPhoneOf('601 234 567', 'XX')).toBe('601 234 567')
    expect(storedPhoneOf('601 234 567', 'PL')).toBe('+48601234567')
  })

  it('is not parsed if it is longer than any phone number', () => {
    const long = `+48601234567${' '.repeat(60)}`
    expect(storedPhoneOf(long, 'PL')).toBe(long)
    expect(searchedDigitsOf(long, 'PL')).toEqual([])
  })
})
