import { describe, expect, it } from '@jest/globals'
import { defaultPasswordPolicy } from '@rekey/shared/password-policy'
import { ruleText } from '../passwords/password-policy.type.js'
import { Language, text } from './language.js'

describe('Language.ofRequest', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['*', 'en'],
    ['*;q=0.5', 'en'],
    ['cs, hu;q=0.5', 'en'],
    ['cs, de-AT;q=0.5', 'de'],
    ['pl', 'pl'],
    ['pl-PL, en;q=0.5', 'pl'],
    ['ar-EG', 'ar'],
    ['en-GB,en;q=0.9', 'en'],
    ['en-XA', 'en-XA'],
    ['en;q=0.1, en-XA;q=0.9', 'en-XA'],
    [';;;,,q=', 'en'],
  ])('reads Accept-Language %p as %s', (header, tag) => {
    expect(Language.ofRequest(header).tag).toBe(tag)
  })
})

describe('Language.of', () => {
  it('writes dates as the region does, in the messages of its language', () => {
    const at = new Date('2026-03-04T09:30:00Z')
    expect(Language.of(['en-GB']).formatMoment(at)).toBe('4 March 2026 at 09:30 UTC')
    expect(Language.of(['en']).formatMoment(at)).toBe('March 4, 2026 at 9:30 AM UTC')
  })

  it('is the next wanted language if there is no catalogue for the first', () => {
    expect(Language.of(['cs', 'en-XA']).tag).toBe('en-XA')
    expect(Language.of(['cs']).tag).toBe('en')
  })

  it('keeps inserted text in one direction in a language from right to left', () => {
    expect(Language.of(['ar']).dir).toBe('rtl')
    expect(Language.of(['en-XA']).t('mail.greeting', { firstName: 'Maya' })).toBe(
      '[Ĥéļļö Maya, ẋẋẋ]',
    )
  })
})

describe('the rules of the password policy', () => {
  it('are described in words that contain their numbers', () => {
    const wordsOf = (setting: Parameters<typeof ruleText>[0]) =>
      Language.source.translate(ruleText(setting))
    expect(defaultPasswordPolicy.map(wordsOf)).toEqual([
      'At least 12 characters',
      'At most 30 characters',
      'At least one uppercase letter',
      'At least one lowercase letter',
      'At least one number',
      'At least one special character',
      'No invisible characters',
      'Different from the current password',
      'Not a commonly used password',
      'Does not contain the part of the login before the @',
      'Does not contain the name of the user or of this service',
      'Not found in a known data breach',
      'Different from the last 5 passwords',
    ])
    expect(wordsOf({ rule: 'NUMBER', min: 3 })).toBe('At least 3 numbers')
  })
})

describe('a text', () => {
  it('is translated with its arguments', () => {
    const login = 'maya@example.com'
    const invisible = text('users.error.loginInvisible', { login })
    expect(Language.source.translate(invisible)).toContain(login)
    expect(Language.of(['en-XA']).translate(invisible)).toMatch(/^\[.*maya@example\.com.*\]$/)
  })
})
