import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { foldText } from './search-text.js'

describe('folded text', () => {
  it.each([
    ['Paweł Wąs', 'pawel was'],
    ['Łukasz', 'lukasz'],
    ['Søren', 'soren'],
    ['Đorđe', 'dorde'],
    ['Þór', 'thor'],
    ['Œuvre', 'oeuvre'],
    ['Großmann', 'grossmann'],
    ['GROẞMANN', 'grossmann'],
    ['O’Brien', "o'brien"],
    ['Oʼbrien', "o'brien"],
    ['Αθανάσιος', 'αθανασιοσ'],
    ['ΑΘΑΝΑΣΙΟΣ', 'αθανασιοσ'],
    ['Ángel Muñoz–Gil', 'angel munoz-gil'],
    ['İpek Işık', 'ipek isik'],
    ['ＭＡＹＡ', 'maya'],
    ['Ħal Għaxaq', 'hal ghaxaq'],
    ['ﬁlip', 'filip'],
    ['Nguyễn Đức', 'nguyen duc'],
    ['Фёдор', 'федор'],
    ['ma\u00ADya', 'maya'],
  ])('is derived from %s as %s', (text, folded) => {
    expect(foldText(text)).toBe(folded)
  })

  it('is the same if it is folded again, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), text => {
        expect(foldText(foldText(text))).toBe(foldText(text))
      }),
      { numRuns: 5_000 },
    )
  })

  it('is the same in upper and lower case for every Latin and Cyrillic letter', () => {
    for (let code = 0; code < 0x3_0000; code += 1) {
      const letter = String.fromCodePoint(code)
      if (!/[\p{Script=Latin}\p{Script=Cyrillic}]/u.test(letter)) continue
      expect(foldText(letter.toUpperCase())).toBe(foldText(letter.toLowerCase()))
    }
  })
})
