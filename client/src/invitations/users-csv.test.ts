import { describe, expect, it } from '@jest/globals'
import {
  type CsvTable,
  decodeCsv,
  failedLines,
  guessMapping,
  readCsv,
  readLines,
  template,
  writeCsv,
} from './users-csv'

const tableOf = (text: string): CsvTable => {
  const table = readCsv(text)
  if ('problem' in table) throw new Error(table.problem)
  return table
}

const linesOf = (text: string) => {
  const table = tableOf(text)
  return readLines(table, guessMapping(table.headings))
}

describe('reading a file', () => {
  it('takes commas, semicolons and tabs, and leaves empty lines out', () => {
    for (const separator of [',', ';', '\t']) {
      const text = `Login${separator}First name\n\na@x.example${separator}Ann\n`
      expect(tableOf(text)).toEqual({
        headings: ['Login', 'First name'],
        rows: [{ line: 3, cells: ['a@x.example', 'Ann'] }],
      })
    }
  })

  it('recognizes a login in another spelling as the same', () => {
    const [, second, third] = linesOf(
      'Login,First name\ninfo@bücher.example,A\nINFO@xn--bcher-kva.example,B\nother@x.example,C\n',
    )
    expect(second?.problems).toEqual(['Line 2 has the same login.'])
    expect(third?.problems).toEqual([])
  })

  it('counts the lines of the file, also past cells that go on over several', () => {
    const text = 'Login,First name\r\n"a@x.example","An\r\nn"\r\nb@x.example,Bo\r\n'
    expect(tableOf(text).rows.map(row => row.line)).toEqual([2, 4])
  })

  it.each([
    ['', 'The file is empty.'],
    ['\n , \n', 'The file is empty.'],
    [
      'PNG\r\n\x1A\n\0\0\0\rIHDR',
      'It is not a text file. If it comes from a spreadsheet, save it as CSV there.',
    ],
    ['Login,First name\n', 'There is nothing below the names of the columns.'],
    ['a@x.example,Ann\n', 'The first line has to name the columns. The template shows how.'],
    [
      'Login,First name\na@x.example,"Ann\nb@x.example,Bo',
      'The quotation marks in line 2 don’t fit together.',
    ],
    [`Login\n${'a\n'.repeat(10_001)}`, 'These are more than 10,000 lines. Divide the file.'],
  ])('says of %j why it can’t be used', (text, problem) => {
    expect(readCsv(text)).toEqual({ problem })
  })

  it('understands the encodings spreadsheets write', () => {
    const text = 'Zoë'
    const utf16 = Uint8Array.from([0xff, 0xfe, 0x5a, 0, 0x6f, 0, 0xeb, 0])
    expect(decodeCsv(new TextEncoder().encode(text))).toBe(text)
    expect(decodeCsv(utf16)).toBe(text)
    expect(decodeCsv(Uint8Array.from([0x5a, 0x6f, 0xeb]))).toBe(text)
  })
})

describe('finding the columns', () => {
  it('goes by their names, however they are written', () => {
    expect(guessMapping(['E-Mail', 'SURNAME', 'first_name', 'Tel.', 'Team'])).toEqual({
      login: 0,
      firstName: 2,
      lastName: 1,
      phone: 3,
      language: null,
      role: null,
    })
  })

  it('knows its own template', () => {
    const [headings = ''] = template().slice(1).split('\r\n')
    expect(Object.values(guessMapping(headings.split(',')))).toEqual([0, 1, 2, 3, 4, 5])
  })
})

describe('what a line says', () => {
  it('is whom to invite; what is left out has a default', () => {
    const [full, bare] = linesOf(
      'Login,First name,Last name,Phone,Language,Role\n' +
        ' a@x.example ,Ann,Berg,+46 1,sv,administrator\nb@x.example,Bo,,,,',
    )
    expect(full?.invitee).toEqual({
      login: 'a@x.example',
      firstName: 'Ann',
      lastName: 'Berg',
      phone: '+46 1',
      language: 'sv',
      role: 'ADMIN',
    })
    expect(bare?.invitee).toEqual({
      login: 'b@x.example',
      firstName: 'Bo',
      lastName: '',
      phone: null,
      language: null,
      role: 'MEMBER',
    })
    expect([full?.problems, bare?.problems]).toEqual([[], []])
  })

  it('is told with all that is wrong with it', () => {
    const lines = linesOf(
      'Login,First name,Role\na@x.example,Ann,King\n,,\nA@X.example,Ann,\nb@x.example,Bo,,more\n,Cy,',
    )
    expect(lines.map(({ line, problems }) => [line, problems])).toEqual([
      [2, ['The role “King” is none of Owner, Admin, or Member.']],
      [4, ['Line 2 has the same login.']],
      [5, ['There are 4 cells, and only 3 columns.']],
      [6, ['There is no login.']],
    ])
    const [nobody] = linesOf('Login,First name,Phone\n,,1')
    expect(nobody?.problems).toEqual(['There is no login.', 'There is no first name.'])
  })

  it('is not sent with a cell that the API would reject with all other lines', () => {
    const [longest, longer] = linesOf(
      `Login,First name,Phone\na@x.example,${'x'.repeat(1_000)},1\nb@x.example,${'x'.repeat(1_001)},${'1'.repeat(201)}`,
    )
    expect(longest?.problems).toEqual([])
    expect(longer?.problems).toEqual([
      'First name is longer than 1000 characters.',
      'Phone is longer than 200 characters.',
    ])
  })
})

describe('a file that is written', () => {
  it('holds no formula, and is read again as it was', () => {
    const cells = ['=HYPERLINK("x")', '+46 1', '-1', '@x', 'a "b", c', "o'clock"]
    const text = writeCsv(['1', '2', '3', '4', '5', '6'], [cells])
    expect(text).not.toMatch(/(^|,)"?[=+\-@]/m)
    expect(tableOf(text).rows[0]?.cells).toEqual(cells)
  })

  it('has the failed lines with their reasons, ready to be mended and read again', () => {
    const table = tableOf('Team,E-mail,First name\nBlue,a@x,Ann\n')
    const text = failedLines(table, [
      { row: { line: 2, cells: ['Blue', 'a@x', 'Ann'] }, problems: ['One.', 'Two.'] },
    ])
    expect(text).toBe('\uFEFFTeam,E-mail,First name,Problem\r\nBlue,a@x,Ann,One. Two.\r\n')
    expect(linesOf(text)[0]?.problems).toEqual([])
  })
})
