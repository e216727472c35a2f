import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createFormats } from '../messages/formats'
import { formatJson, hostOf } from './formats'

const {
  formatChoice,
  formatDay,
  formatList,
  formatMoment,
  formatNumber,
  formatTimeAgo,
  languageName,
  regionName,
} = createFormats('en')

const ofText = {
  formatDay,
  formatJson,
  formatMoment,
  formatTimeAgo,
  hostOf,
  languageName,
  regionName,
}

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('en-US-u-mu-celsius', 'de-x-foo', 'English', 'x', '\ud800', 'constructor'),
)

describe('a formatter', () => {
  it.each(Object.entries(ofText))('%s returns a text for any text', (_, format) => {
    fc.assert(
      fc.property(texts, text => {
        expect(typeof format(text)).toBe('string')
      }),
    )
  })

  it.each(Object.entries(ofText))(
    '%s returns a text that it cannot format as it is',
    (_, format) => {
      expect(format('[never]')).toBe('[never]')
    },
  )

  it('returns a text for any number and any list', () => {
    fc.assert(
      fc.property(fc.double(), fc.array(texts), (number, list) => {
        expect(typeof formatNumber(number)).toBe('string')
        expect(typeof formatList(list)).toBe('string')
        expect(typeof formatChoice(list)).toBe('string')
      }),
    )
  })

  it.each([
    [20, 'now'],
    [-80, '1 minute ago'],
    [-59 * 60 - 40, '1 hour ago'],
    [-89 * 60, '1 hour ago'],
    [-91 * 60, '2 hours ago'],
    [-23 * 3_600 - 45 * 60, '1 day ago'],
    [-30 * 3_600, '1 day ago'],
    [-47 * 3_600, '2 days ago'],
    [-6 * 86_400, '6 days ago'],
    [-12 * 86_400, '2 weeks ago'],
    [-29 * 86_400, '1 month ago'],
    [-700 * 86_400, '2 years ago'],
    [47 * 3_600, 'in 2 days'],
  ])('rounds a distance of %d seconds to “%s”', (seconds, expected) => {
    const at = new Date(Date.now() + seconds * 1_000).toISOString()
    expect(formatTimeAgo(at)).toBe(expected)
  })

  it('has no words for a time that has just passed', () => {
    expect(formatTimeAgo(new Date(Date.now() - 20_000).toISOString())).toBeNull()
  })

  it('formats each kind of value', () => {
    const hour = 3_600_000
    expect(formatDay('2026-03-04T12:00:00Z')).toBe('Mar 4, 2026')
    expect(formatTimeAgo(new Date(Date.now() - 3 * hour - 1_000).toISOString())).toBe('3 hours ago')
    expect(formatNumber(1_250)).toBe('1,250')
    expect(formatList(['A', 'B', 'C'])).toBe('A, B, and C')
    expect(formatChoice(['A', 'B'])).toBe('A or B')
    expect(languageName('pt-BR')).toBe('Brazilian Portuguese')
    expect(regionName('PL')).toBe('Poland')
    expect(hostOf('https://example.org:8443/hook')).toBe('example.org:8443')
  })
})
