import { describe, expect, it } from '@jest/globals'
import { zipSync } from 'fflate'
import { localeOutside } from '../messages/use-locale'
import { guessColumns } from './columns'
import { maxRows } from './import-file'
import { isArchive, isOldOffice } from './open-spreadsheet'
import { readFile } from './read-file'
import { readSpreadsheet, SpreadsheetError } from './spreadsheet'
import { packWorkbook, type TestCell, workbookFiles, workbookOf } from './test-files'

const { t } = localeOutside()

const rowsOf = (rows: readonly (readonly TestCell[])[]) =>
  readSpreadsheet(workbookOf({ People: rows }))[0]?.rows

/** The English text that explains why a file is rejected; null if it is not. */
const problemOf = (bytes: Uint8Array): string | null => {
  try {
    readSpreadsheet(bytes)
    return null
  } catch (failure) {
    if (failure instanceof SpreadsheetError) return t(failure.problem)
    throw failure
  }
}

describe('an Excel workbook', () => {
  it('has sheets of rows, without the empty ones', () => {
    const sheets = readSpreadsheet(
      workbookOf({
        Notes: [],
        'R&D "people"': [['E-mail', 'Name'], [], ['ł@x.example', 'Łukasz']],
      }),
    )
    expect(sheets).toEqual([
      { name: 'Notes', rows: [] },
      {
        name: 'R&D "people"',
        rows: [
          { line: 1, cells: ['E-mail', 'Name'] },
          { line: 3, cells: ['ł@x.example', 'Łukasz'] },
        ],
      },
    ])
  })

  it.each<[string, TestCell, string]>([
    ['a number', 7, '7'],
    ['a long number', { xml: '<c><v>4.8600100200000002E10</v></c>' }, '48600100200'],
    ['a text with signs', 'a < b & "c"', 'a < b & "c"'],
    ['a text with spaces around', '  Ann ', 'Ann'],
    ['a formula that was neutralized', "'=1+1", '=1+1'],
    ['an inline text', { xml: '<c t="inlineStr"><is><t>Ann</t></is></c>' }, 'Ann'],
    [
      'a formatted text',
      { xml: '<c t="inlineStr"><is><r><t>An</t></r><r><t>n</t></r></is></c>' },
      'Ann',
    ],
    [
      'a text with its reading',
      { xml: '<c t="inlineStr"><is><t>李</t><rPh><t>り</t></rPh></is></c>' },
      '李',
    ],
    ['the result of a formula', { xml: '<c t="str"><f>A1&amp;B1</f><v>Ann</v></c>' }, 'Ann'],
    ['a formula that failed', { xml: '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>' }, '#DIV/0!'],
    ['a truth value', { xml: '<c t="b"><v>1</v></c>' }, 'TRUE'],
    ['a text marked as CDATA', { xml: '<c t="str"><v><![CDATA[a<b]]></v></c>' }, 'a<b'],
  ])('has %s as people see it', (_kind, cell, text) => {
    expect(rowsOf([['first', null, cell]])).toEqual([{ line: 1, cells: ['first', '', text] }])
  })

  it('is read if its elements have a prefix and its cells have no reference', () => {
    const files = workbookFiles({ People: [] })
    files['xl/worksheets/sheet1.xml'] =
      '<x:worksheet xmlns:x="y"><x:sheetData><x:row><x:c t="str"><x:v>a</x:v></x:c><x:c><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    expect(readSpreadsheet(packWorkbook(files))[0]?.rows).toEqual([{ line: 1, cells: ['a', '1'] }])
  })

  it('does not show hidden sheets', () => {
    const files = workbookFiles({ Seen: [['a']], Hidden: [['b']] })
    const workbook = files['xl/workbook.xml'] ?? ''
    files['xl/workbook.xml'] = workbook.replace('name="Hidden"', 'name="Hidden" state="hidden"')
    expect(readSpreadsheet(packWorkbook(files)).map(({ name }) => name)).toEqual(['Seen'])
  })

  it('is a table like any other file, from the first sheet that is not empty', () => {
    const sheets = readSpreadsheet(
      workbookOf({
        Empty: [],
        People: [
          ['Vorname', 'E-Mail'],
          ['Jürgen', 'j@x.example'],
        ],
      }),
    )
    const { table, sheet, encoding } = readFile(t, { kind: 'spreadsheet', name: 'a.xlsx', sheets })
    if ('problem' in table) throw new Error(table.problem)
    expect([sheet, encoding]).toEqual([1, null])
    expect(guessColumns(table)).toMatchObject({ firstName: 0, login: 1 })
    expect(
      readFile(t, { kind: 'spreadsheet', name: 'a.xlsx', sheets }, { sheet: 0 }).table,
    ).toEqual({
      problem: 'This sheet is empty. Choose another sheet.',
    })
  })

  it('can have as many rows as any other file', () => {
    const row = (at: number) => [`p${at}@x.example`, `Person ${at}`]
    const rows = rowsOf(Array.from({ length: maxRows + 1 }, (_, at) => row(at)))
    expect(rows).toHaveLength(maxRows + 1)
    expect(rows?.at(-1)?.cells).toEqual(row(maxRows))
  })
})

describe('a hostile workbook', () => {
  const sheetOf = (xml: string) => {
    const files = workbookFiles({ People: [] })
    files['xl/worksheets/sheet1.xml'] = `<worksheet><sheetData>${xml}</sheetData></worksheet>`
    return files
  }

  it('is rejected before it unpacks to more than the page can hold', () => {
    const bomb = packWorkbook(sheetOf(' '.repeat(70 * 1024 * 1024)))
    expect(bomb.length).toBeLessThan(200_000)
    expect(problemOf(bomb)).toMatch(/^The workbook is too large\./)
  })

  it('does not unpack more than its archive claims', () => {
    const bomb = packWorkbook(sheetOf(`<row><c t="str"><v>${'a'.repeat(5_000_000)}</v></c></row>`))
    // The size is in the directory at the end of the archive.
    const view = new DataView(bomb.buffer, bomb.byteOffset)
    const claimed: number[] = []
    for (let at = 0; at + 46 < bomb.length; at += 1) {
      if (view.getUint32(at, true) !== 0x02014b50) continue
      if (view.getUint32(at + 24, true) > 1_000_000) view.setUint32(at + 24, 100, true)
      claimed.push(view.getUint32(at + 24, true))
    }
    expect(claimed).toContain(100)
    expect(() => readSpreadsheet(bomb)).toThrow(SpreadsheetError)
  })

  it('is rejected if one text is in too many cells', () => {
    const files = sheetOf(
      Array.from({ length: 500 }, () => '<row><c t="s"><v>0</v></c></row>').join(''),
    )
    files['xl/sharedStrings.xml'] = `<sst><si><t>${'a'.repeat(100_000)}</t></si></sst>`
    expect(problemOf(packWorkbook(files))).toMatch(/^The workbook is too large\./)
  })

  it.each([
    ['rows', '<row r="999999999999"><c t="str"><v>a</v></c></row>', 1],
    ['columns', '<row r="1"><c r="ZZZ1" t="str"><v>a</v></c></row>', 201],
    ['both', '<row r="9e99"><c r="ZZZZZZZZ1" t="str"><v>a</v></c></row>', 1],
  ])('allocates no memory for %s that it only claims to have', (_kind, xml, width) => {
    const [row, ...others] = readSpreadsheet(packWorkbook(sheetOf(xml)))[0]?.rows ?? []
    expect([row?.cells.length, others]).toEqual([width, []])
  })

  it('is rejected if it has more rows than the limit', () => {
    const rows = '<row><c><v>1</v></c></row>'.repeat(maxRows + 101)
    expect(problemOf(packWorkbook(sheetOf(rows)))).toMatch(/^The workbook is too large\./)
  })

  it('is rejected if its rows have too many missing cells before the last one', () => {
    const rows = '<row><c r="GS1"><v>1</v></c></row>'.repeat(maxRows)
    const workbook = packWorkbook(sheetOf(rows))
    expect(workbook.length).toBeLessThan(10_000)
    expect(problemOf(workbook)).toMatch(/^The workbook is too large\./)
  })

  it('does not expand entities that it defines', () => {
    const files = sheetOf('<row><c t="str"><v>&a;</v></c></row>')
    files['xl/worksheets/sheet1.xml'] =
      `<!DOCTYPE x [<!ENTITY a "boom">]>${files['xl/worksheets/sheet1.xml']}`
    expect(JSON.stringify(readSpreadsheet(packWorkbook(files)))).not.toContain('boom')
  })
})

describe('a file that is not a workbook', () => {
  it.each([
    ['an empty archive', zipSync({})],
    ['an archive of other files', zipSync({ 'a.txt': Uint8Array.of(1) })],
    ['a text document', packWorkbook({ 'word/document.xml': '<document/>' })],
    ['a broken archive', workbookOf({ People: [['a']] }).subarray(0, 200)],
    ['no archive', Uint8Array.of(1, 2, 3)],
    [
      'a workbook with broken XML',
      packWorkbook({ ...workbookFiles({ A: [['a']] }), 'xl/workbook.xml': '<a' }),
    ],
  ])('is rejected: %s', (_kind, bytes) => {
    expect(problemOf(bytes)).toMatch(/^The file is not an Excel workbook/)
  })

  it('is recognized by its first bytes', () => {
    expect(isArchive(workbookOf({ A: [['a']] }))).toBe(true)
    expect(isArchive(Uint8Array.of())).toBe(false)
    expect(isOldOffice(Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1))).toBe(true)
    expect(isOldOffice(new TextEncoder().encode('Login\n'))).toBe(false)
  })
})
