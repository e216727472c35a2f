import { describe, expect, it } from '@jest/globals'
import { loginKeyOf } from '@rekey/shared/login'
import fc from 'fast-check'
import { derivedColumnsOf, displayedLoginOf } from './user-keys.js'

const domainText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'aAüÜß.-1\u3002\uff52\ufb03\u200d/@:%', 'xn--', 'ا', 'ж'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 12,
})

describe('a login as it is shown', () => {
  it('has the key of the typed login, and does not change if it is typed as shown, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 8 }), domainText, (local, domain) => {
        const typed = `${local}@${domain}`
        const shown = displayedLoginOf(typed)
        expect(loginKeyOf(shown)).toBe(loginKeyOf(typed))
        expect(displayedLoginOf(shown)).toBe(shown)
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('the text to search', () => {
  it('contains both forms of an international domain, and the name', () => {
    const login = 'Info@müller-bau.example'
    const fields = { login, firstName: 'Łukasz', lastName: 'O’Brien', phone: '+48601234567' }
    expect(derivedColumnsOf(fields).searchText).toBe(
      "info@muller-bau.example info@xn--mller-bau-q9a.example lukasz o'brien +48601234567  ",
    )
  })

  it('contains a login in ASCII only once', () => {
    const fields = { login: 'Maya@Demo.example', firstName: 'Maya', lastName: '', phone: null }
    expect(derivedColumnsOf(fields).searchText).toBe('maya@demo.example maya  ')
  })
})
