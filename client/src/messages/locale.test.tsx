import { describe, expect, it } from '@jest/globals'
import { render, screen } from '@testing-library/react'
import { loadLocale } from './load-locale'
import { createLocale } from './locale'
import { Message } from './Message'
import { fixedLanguage, LanguageContext } from './use-locale'

describe('loadLocale', () => {
  it.each([
    [['cs', 'en-GB'], 'en-GB'],
    [['en-US', 'pl'], 'en-US'],
    [['de-AT'], 'de-AT'],
    [['cs', 'pl', 'en'], 'pl'],
    [['cs'], 'en'],
    [[], 'en'],
    [['en-XA'], 'en-XA'],
    [['', 'x', 'en'], 'en'],
  ])('chooses from %p the language %s', async (wanted, tag) => {
    expect((await loadLocale(wanted, ['signIn'])).tag).toBe(tag)
  })

  it('writes dates as the region does, with the messages of the language', async () => {
    const { t, formatDay } = await loadLocale(['en-GB'], ['signIn'])
    expect(formatDay(new Date(2026, 2, 4))).toBe('4 Mar 2026')
    expect(t('failure.noAnswer')).toBe('No answer')
  })
})

describe('a message', () => {
  it('has the form that a number requires', async () => {
    const { t } = await loadLocale(['en'], ['signIn'])
    expect(t('failure.rateLimited', { seconds: 1 })).toContain('1 second.')
    expect(t('failure.rateLimited', { seconds: 1_000 })).toContain('1,000 seconds.')
  })

  it('stands in brackets in the pseudo-locale, and is longer', async () => {
    const { t, formatDay } = await loadLocale(['en-XA'], ['signIn'])
    expect(t('failure.noAnswer')).toMatch(/^\[Ñö åñšŵéŕ .*ẋ\]$/)
    expect(formatDay(new Date(2026, 2, 4))).toMatch(/^\[.*\]$/)
  })

  it('keeps inserted text in its own direction in a language from right to left', async () => {
    const { dir, t } = await loadLocale(['ar'], ['signIn'])
    expect(dir).toBe('rtl')
    const message = t('failure.unexpected', { requestId: 'a@b.example' })
    expect(message).toContain('\u2068a@b.example\u2069')
  })

  it.each(['en', 'ar'])('has the form that a value requires in the language %s', async tag => {
    const { t } = await loadLocale([tag], ['console'])
    const own = t('passwords.excluded.SAME_AS_CURRENT', { own: 'true', name: 'Maya' })
    const other = t('passwords.excluded.SAME_AS_CURRENT', { own: 'false', name: 'Maya' })
    expect(own).not.toContain('Maya')
    expect(other).toContain('Maya')
  })

  it('can contain elements', async () => {
    const english = createLocale('en')
    english.add({
      'failure.unexpected': [
        { type: 0, value: 'Id: ' },
        { type: 1, value: 'requestId' },
      ],
    })
    render(
      <LanguageContext value={fixedLanguage(english)}>
        <Message id="failure.unexpected" values={{ requestId: <bdi>42</bdi> }} />
      </LanguageContext>,
    )
    expect(screen.getByText('42').tagName).toBe('BDI')
  })
})
