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

  it('keeps inserted text in its own direction in a language from right to left', () => {
    const arabic = createLocale('ar')
    arabic.add({ 'failure.unexpected': [{ type: 1, value: 'requestId' }] })
    expect(arabic.dir).toBe('rtl')
    expect(arabic.t('failure.unexpected', { requestId: 'a@b.example' })).toBe(
      '\u2068a@b.example\u2069',
    )
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
