import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { directionOf, languageName, matchLanguage, readLanguageTag } from './language-tag.js'

describe('a language tag', () => {
  it.each([
    ['en', 'en'],
    ['de_DE', 'de-DE'],
    ['en_gb', 'en-GB'],
    [' pt-br ', 'pt-BR'],
    ['zh-hant-tw', 'zh-Hant-TW'],
    ['es-419', 'es-419'],
    ['iw', 'he'],
    ['szl', 'szl'],
  ])('%s is stored as %s', (text, tag) => {
    expect(readLanguageTag(text)).toBe(tag)
  })

  it.each([
    '',
    'English',
    'Polski',
    'en-US-u-mu-celsius',
    'th-TH-u-ca-buddhist',
    'de-x-foo',
    'x-foo',
    'qaa',
    'xx',
    'und',
    'mul',
    'zxx',
    'en-ZZ',
    'en-Zzzz',
    'en-XX',
    'ca-ES-valencia',
    'e',
    'en--US',
    'en-US-',
    `en${'-US'.repeat(20)}`,
  ])('“%s” is rejected', text => {
    expect(readLanguageTag(text)).toBeNull()
  })

  it('has a name and is its own canonical form if it is accepted', () => {
    const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz')
    const language = fc.string({ unit: letter, minLength: 2, maxLength: 3 })
    const region = fc.string({ unit: letter, minLength: 2, maxLength: 2 })
    fc.assert(
      fc.property(
        fc.oneof(
          language,
          fc.tuple(language, region).map(both => both.join('_')),
        ),
        text => {
          const tag = readLanguageTag(text)
          fc.pre(tag !== null)
          expect(readLanguageTag(tag ?? '')).toBe(tag)
          expect(languageName(tag ?? '')).not.toBe('')
        },
      ),
    )
  })
})

describe('the name of a language', () => {
  it('is the given text if the language has no name', () => {
    expect(languageName('pl')).toBe('Polish')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (tag, locale) => {
        expect(typeof languageName(tag, locale)).toBe('string')
      }),
    )
    for (const tag of ['en-US-u-mu-celsius', 'de-x-foo', '', 'english']) {
      expect(languageName(tag)).not.toBeUndefined()
    }
  })
})

describe('matchLanguage', () => {
  const available = ['en', 'pt-BR', 'he'] as const

  it.each([
    [['pl', 'en-GB'], { wanted: 'en-GB', available: 'en' }],
    [['pt-BR', 'en'], { wanted: 'pt-BR', available: 'pt-BR' }],
    [['pt', 'he-IL'], { wanted: 'he-IL', available: 'he' }],
    [['en-US-u-mu-celsius'], { wanted: 'en-US-u-mu-celsius', available: 'en' }],
    [['English', 'en-', 'en-x', 'en-\u0000'], null],
    [[], null],
  ])('finds for %p %p', (wanted, match) => {
    expect(matchLanguage(available, wanted)).toEqual(match)
  })

  it('returns only tags that Intl accepts, whatever is wanted', () => {
    fc.assert(
      fc.property(fc.array(fc.string().map(text => `en-${text}`)), wanted => {
        const match = matchLanguage(available, wanted)
        if (match !== null) new Intl.DateTimeFormat(match.wanted)
      }),
    )
  })
})

describe('the direction of a language', () => {
  it.each([
    ['en', 'ltr'],
    ['ar-EG', 'rtl'],
    ['he', 'rtl'],
    ['hex', 'ltr'],
  ])('is derived from %s as %s', (tag, direction) => {
    expect(directionOf(tag)).toBe(direction)
  })
})
