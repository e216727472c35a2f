import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { csvLine, neutralizeFormulas, restoreFormulas, writeCsv } from './csv.js'

// Contains the characters that matter to the writer far more often than random text does.
const cell = fc
  .array(
    fc.oneof(
      fc.constantFrom(...`=+-@\t\r\n;,|"' aé`, '\uFF1D', '\r\n'),
      fc.string({ unit: 'grapheme' }),
    ),
    { maxLength: 12 },
  )
  .map(parts => parts.join(''))

/** Reads a line by RFC 4180, or like a spreadsheet that splits at another separator. */
const readLine = (line: string, separator = ','): string[] => {
  const cells: string[] = []
  let at = 0
  while (at <= line.length) {
    let text = ''
    if (line[at] === '"') {
      at += 1
      while (at < line.length && (line[at] !== '"' || line[at + 1] === '"')) {
        text += line[at]
        at += line[at] === '"' ? 2 : 1
      }
      at += 1
    }
    const end = [separator, '\r', '\n'].map(one => line.indexOf(one, at)).filter(one => one >= 0)
    const next = Math.min(line.length, ...end)
    cells.push(text + line.slice(at, next))
    at = next + 1
  }
  return cells
}

describe('a CSV file', () => {
  it('begins with a byte order mark, and each of its lines ends with CRLF', () => {
    expect(writeCsv(['a', 'b'], [['1', '2']])).toBe('\uFEFFa,b\r\n1,2\r\n')
  })

  it.each([
    ['plain', 'plain'],
    ['a, b', '"a, b"'],
    ['a;b', '"a;b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    [' spaces ', '" spaces "'],
  ])('quotes the cell %j where a reader would split or trim it', (given, written) => {
    expect(csvLine([given])).toBe(`${written}\r\n`)
  })
})

describe('a formula in a cell', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+48 600', "'+48 600"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t'=1"],
    ['\r=1', "'\r'=1"],
    [' =1', "' =1"],
    ['"=1', `'"=1`],
    ['\uFF1D1', "'\uFF1D1"],
    ['a;=1', "a;'=1"],
    ['a\t=1', "a\t'=1"],
    ['a,=1', "a,'=1"],
    ['a|=1', "a|'=1"],
    ['a\n=1', "a\n'=1"],
    ['a\r\n-1', "a\r\n'-1"],
    ['a; "=1', `a;' "=1`],
    ["'=1", "''=1"],
  ])('%j is neutralized wherever a spreadsheet can split the cell', (given, written) => {
    expect(neutralizeFormulas(given)).toBe(written)
  })

  it.each(['a=1', 'a-b', 'ann@x.example', "O'Brien", 'a; b', '', '1+1'])(
    '%j is not changed, because it is not a formula',
    text => {
      expect(neutralizeFormulas(text)).toBe(text)
    },
  )

  it('is never the start of a cell, regardless of the separator of the spreadsheet', () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 4 }), cells => {
        const line = csvLine(cells).slice(0, -2)
        for (const separator of [',', ';', '\t', '|']) {
          for (const read of readLine(line, separator)) {
            expect(read).not.toMatch(/^[ "]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/)
          }
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('is restored exactly, whatever else the cell contains', () => {
    fc.assert(
      fc.property(cell, text => {
        expect(restoreFormulas(neutralizeFormulas(text))).toBe(text)
      }),
      { numRuns: 2_000 },
    )
  })
})
