import { describe, expect, it } from '@jest/globals'
import { writeCsv } from '@rekey/shared/csv'
import fc from 'fast-check'
import { localeOutside } from '../messages/use-locale'
import { type FileTable, maxRows } from './import-file'
import { type Reading, type ReadingChoice, readFile } from './read-file'
import { encodeText, encodeUtf16 } from './test-files'

const read = (content: string | Uint8Array, choice?: ReadingChoice): Reading => {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return readFile(localeOutside().t, { kind: 'text', name: 'people.csv', bytes }, choice)
}

const tableOf = (content: string | Uint8Array, choice?: ReadingChoice): FileTable => {
  const { table } = read(content, choice)
  if ('problem' in table) throw new Error(table.problem)
  return table
}

const cellsOf = (content: string | Uint8Array, choice?: ReadingChoice) =>
  tableOf(content, choice).rows.map(({ cells }) => cells)

describe('the separator of a file', () => {
  it.each([',', ';', '\t', '|'] as const)('is found when it is %j', separator => {
    const text = `Login${separator}First name\n\na@x.example${separator}Ann\n`
    expect(read(text).separator).toBe(separator)
    expect(tableOf(text)).toEqual({
      headings: ['Login', 'First name'],
      rows: [{ line: 3, cells: ['a@x.example', 'Ann'] }],
    })
  })

  it.each([
    ['the headings have commas as well', 'Name, first;Mail;Role, if any\nAnn;a@x.example;\n', ';'],
    [
      'the cells have commas as well',
      'Mail;Name\na@x.example;"Ash, Ann"\nb@x.example;Bo, Jr\n',
      ';',
    ],
    ['the headings are quoted', '"Mail, work";"Name"\na@x.example;Ann\n', ';'],
    ['a heading has a line break', '"E-mail\naddress";"First\nname"\na@x.example;Ann\n', ';'],
    ['a title stands above', 'People, of all teams\n\nMail;Name\na@x.example;Ann\n', ';'],
    ['there is one column', 'Mail\na@x.example\n', ','],
  ])('is found when %s', (_case, text, separator) => {
    expect(read(text).separator).toBe(separator)
  })

  it.each(['sep=;\r\n', '"sep=;"\n', 'SEP=;\n', '\uFEFFsep=;\r\n'])(
    'is the one named in the first line: %j',
    first => {
      const reading = read(`${first}a,b;Mail\n1,2;a@x.example\n`)
      expect(reading.separator).toBe(';')
      expect(reading.table).toMatchObject({ headings: ['a,b', 'Mail'], rows: [{ line: 3 }] })
    },
  )

  it('is the chosen one, whatever the file contains', () => {
    const text = 'sep=;\nMail;Name, first\na@x.example;Ann, Bo\n'
    expect(cellsOf(text, { separator: ',' })).toEqual([['a@x.example;Ann', 'Bo']])
  })
})

describe('the headings of a file', () => {
  it.each([
    ['in the first line', 'Team,Mail\nBlue,a@x.example\n', 1],
    ['below a title', 'All people\n\nTeam,Mail\nBlue,a@x.example\n', 3],
    ['of no known name', 'a,b\n1,2\n', 1],
    ['that are missing', 'Ann,a@x.example\nBo,b@x.example\n', null],
  ])('are found: those %s', (_case, text, headingLine) => {
    expect(read(text).headingLine).toBe(headingLine)
  })

  it('can span several lines, like cells', () => {
    const text = '"E-mail\r\naddress",First name\r\n"a@x.example","An\r\nn"\r\nb@x.example,Bo\r\n'
    expect(tableOf(text)).toMatchObject({
      headings: ['E-mail address', 'First name'],
      rows: [{ line: 3 }, { line: 5 }],
    })
  })

  it('get the number of their column if they are equal or empty', () => {
    expect(tableOf('Email,,Name,email\na@x.example,,Ann,\n').headings).toEqual([
      'Email (column 1)',
      'Column 2',
      'Name',
      'email (column 4)',
    ])
  })

  it('are those in the chosen line, and the lines above are ignored', () => {
    const text = 'Title,\nA,B\n1,2\n3,4\n'
    expect(tableOf(text, { headingLine: 3 })).toEqual({
      headings: ['1', '2'],
      rows: [{ line: 4, cells: ['3', '4'] }],
    })
    expect(tableOf(text, { headingLine: null })).toMatchObject({
      headings: ['Column 1', 'Column 2'],
      rows: { length: 4 },
    })
  })
})

describe('the text of a file', () => {
  const text = 'E-mail;Imię;Nazwisko\r\nl@x.example;Łukasz;Żółć\r\n'

  it('is read correctly in any encoding', () => {
    for (const bytes of [
      encodeText(text, 'windows-1250'),
      encodeUtf16(text, 'le', false),
      encodeUtf16(text, 'be', true),
      new TextEncoder().encode(text),
    ]) {
      expect(cellsOf(bytes)).toEqual([['l@x.example', 'Łukasz', 'Żółć']])
    }
  })

  it('is read again in the chosen encoding', () => {
    const bytes = encodeText(text, 'windows-1250')
    expect(cellsOf(bytes, { encoding: 'windows-1252' })).toEqual([
      ['l@x.example', '£ukasz', '¯ó³æ'],
    ])
  })
})

describe('a file without a table', () => {
  const many = `Login\n${'a\n'.repeat(maxRows + 1)}`

  it.each([
    ['it is empty', '', /^The file is empty\./],
    ['it has only empty cells', '\n , \n', /^The file is empty\./],
    [
      'it has only headings',
      'Login,First name\n',
      /^There are no lines below the column headings\./,
    ],
    ['it is an image', 'PNG\r\n\x1A\n\0\0\0\rIHDR', /^The file is not a text file/],
    [
      'a quotation mark does not end',
      'Login,First name\na@x.example,"Ann\nb@x.example,Bo',
      /^The quotation marks in line 2 do not match\./,
    ],
    ['it has too many lines', many, /^The file has more than 20,000 lines\./],
    ['it is all line breaks', `Login\n${'\n'.repeat(100_000)}`, /^The file has too many empty/],
    [
      'it has too many columns',
      `${'a,'.repeat(201)}\n1\n`,
      /^The file has more than 200 columns\./,
    ],
  ])('is rejected with the reason if %s', (_case, text, problem) => {
    expect(read(text).table).toEqual({ problem: expect.stringMatching(problem) })
  })

  it('still allows the choice of another separator', () => {
    const text = 'Login;Size\na@x.example;"5" pipe\n'
    const { table } = read(text, { separator: ';' })
    expect(table).toHaveProperty('problem')
    expect(cellsOf(text, { separator: ',' })).toHaveLength(1)
  })
})

describe('a file that Rekey wrote', () => {
  const cell = fc
    .array(fc.constantFrom(...`=+-@\t\r\n;,|"' aé`, 'Zo', '\uFF1D'), { maxLength: 8 })
    .map(parts => parts.join(''))

  it('is read with its original content, including formulas', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 5 }), rows => {
        const text = writeCsv(['Login', 'First name', 'Phone'], rows)
        const trimmed = rows.map(cells => cells.map(one => one.trim()))
        const filled = trimmed.filter(cells => cells.some(one => one !== ''))
        const choice = { separator: ',', headingLine: 1 } as const
        if (filled.length > 0) expect(cellsOf(text, choice)).toEqual(filled)
      }),
      { numRuns: 500 },
    )
  })
})
