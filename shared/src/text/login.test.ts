import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { loginKeyOf, maxLoginLength, spelledKeyOf, withoutInvisible } from './login.js'

describe('the key of a login', () => {
  it.each([
    ['info@müller-bau.example', 'info@xn--mller-bau-q9a.example'],
    ['info@MÜLLER-BAU.example', 'info@xn--mller-bau-q9a.example'],
    ['info@XN--MLLER-BAU-Q9A.example', 'info@xn--mller-bau-q9a.example'],
    ['kontakt@bu\u0308cher-köln.example', 'kontakt@xn--bcher-kln-67a3d.example'],
    ['  Maya@Demo.Example\u00A0', 'maya@demo.example'],
    ['Łukasz@ŻÓŁW.example', 'łukasz@xn--w-uga1v8h.example'],
    ['anna@straße.example', 'anna@xn--strae-oqa.example'],
    ['info@пример.рф', 'info@xn--e1afmkfd.xn--p1ai'],
    ['info@例え。テスト', 'info@xn--r8jz45g.xn--zckzah'],
    ['info@ｅｘａｍｐｌｅ.com', 'info@example.com'],
  ])('is derived from %s as %s', (login, key) => {
    expect(loginKeyOf(login)).toBe(key)
  })

  it.each([
    'maya@１.２',
    'maya@bü/cher.example',
    'maya@bücher.example:80',
    'maya@ü%41.example',
    'maya@xn--ü.example',
    'maya@',
    '@',
    '',
    'maya',
  ])('is the text in lower case if it is not an address: %s', login => {
    expect(loginKeyOf(login)).toBe(login.toLowerCase())
  })

  it('does not convert a text that is too long for a login to ASCII', () => {
    const login = `a@${'ü'.repeat(maxLoginLength)}.example`
    expect(loginKeyOf(login)).toBe(login)
  })

  it('is its own key, for any text', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 })
    fc.assert(
      fc.property(fc.tuple(text, text), parts => {
        const key = loginKeyOf(parts.join('@'))
        expect(loginKeyOf(key)).toBe(key)
      }),
    )
  })
})

describe('the key of a login in its own spelling', () => {
  it('keeps the form of the domain', () => {
    expect(spelledKeyOf(' Info@MÜLLER-BAU.example ')).toBe('info@müller-bau.example')
    expect(spelledKeyOf('info@XN--MLLER-BAU-Q9A.example')).toBe('info@xn--mller-bau-q9a.example')
  })

  it('has the same key as the login, for any text', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 })
    fc.assert(
      fc.property(fc.tuple(text, text), parts => {
        const login = parts.join('@')
        expect(loginKeyOf(spelledKeyOf(login))).toBe(loginKeyOf(login))
      }),
    )
  })
})

describe('a login with invisible characters', () => {
  it.each([
    'ma\u200Bya@demo.example',
    '\uFEFFmaya@demo.example',
    'maya@de\u00ADmo.example',
    'maya@demo.example\u200E',
  ])('is suggested without them', login => {
    expect(withoutInvisible(login)).toBe('maya@demo.example')
  })
})
