import { describe, expect, it } from '@jest/globals'
import { roles } from '@rekey/shared/access'
import { loadLocale, offeredLocales } from '../messages/load-locale'
import { localeOutside } from '../messages/use-locale'
import { roleMessages } from '../users/badges'
import { guessColumns } from './columns'
import { failedLines, readLines, resultLines } from './import-lines'
import { readFile } from './read-file'
import { encodeText } from './test-files'

const locale = localeOutside()
const { t } = locale

const tableOf = (content: string | Uint8Array) => {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const { table } = readFile(t, { kind: 'text', name: 'people.csv', bytes })
  if ('problem' in table) throw new Error(table.problem)
  return table
}

const linesOf = (content: string | Uint8Array) => {
  const table = tableOf(content)
  return readLines(locale, table, guessColumns(table))
}

describe('a line', () => {
  it('is a user to invite, with defaults for missing values', () => {
    const [full, bare] = linesOf(
      'Login,First name,Last name,Phone,Language,Role,External id\n' +
        ' a@x.example ,Ann,Berg,+46 1,de_de,administrator,0042\nb@x.example,Bo,,,,,',
    )
    expect(full?.invitee).toEqual({
      login: 'a@x.example',
      firstName: 'Ann',
      lastName: 'Berg',
      phone: '+46 1',
      language: 'de-DE',
      role: 'ADMIN',
      externalId: '0042',
    })
    expect(bare?.invitee).toEqual({
      login: 'b@x.example',
      firstName: 'Bo',
      lastName: '',
      phone: null,
      language: null,
      role: 'MEMBER',
      externalId: null,
    })
    expect([full?.problems, bare?.problems]).toEqual([[], []])
  })

  it.each(offeredLocales)('may name roles in the language of the screen, such as %s', async tag => {
    const language = await loadLocale([tag], ['console'])
    const wanted = roles.flatMap(role => [role, role])
    const names = roles.flatMap(role => [role, language.t(roleMessages[role])])
    const table = tableOf(
      `Login,First name,Role\n${names.map((name, at) => `${at}@x.example,Ann,${name}`).join('\n')}`,
    )
    const lines = readLines(language, table, guessColumns(table))
    expect(lines.map(({ invitee }) => invitee.role)).toEqual(wanted)
  })

  it('has a problem with an external id that is repeated or was rounded', () => {
    const lines = linesOf(
      'Login,First name,Employee number\na@x.example,Ann,E-1\nb@x.example,Bo,E-1\nc@x.example,Cy,1.23457E+12\nd@x.example,Di,12E5',
    )
    expect(lines.map(({ problems }) => problems)).toEqual([
      [],
      ['Line 2 has the same external id.'],
      [expect.stringMatching(/^A spreadsheet program rounded the external id to “1.23457E\+12”/)],
      [],
    ])
  })

  it('has a problem for each error', () => {
    const lines = linesOf(
      'Login,First name,Role\na@x.example,Ann,King\n,,\nA@X.example,Ann,\nb@x.example,Bo,,more\n,Cy,',
    )
    expect(lines.map(({ line, problems }) => [line, problems])).toEqual([
      [2, ['“King” is not a role. Use Owner, Admin, or Member.']],
      [4, []],
      [5, ['The line has 4 cells, but the headings name only 3 columns.']],
      [6, ['Login is missing.']],
    ])
    const [nobody] = linesOf('Login,First name,Phone\n,,1')
    expect(nobody?.problems).toEqual(['Login is missing.', 'First name is missing.'])
  })

  it('has every cell in the file of failed lines, also beyond the headings', () => {
    const table = tableOf('Login,First name\na@x.example,Ann,Maria\n')
    const [row] = table.rows
    expect(failedLines(t, table, row === undefined ? [] : [{ row, problems: ['Too many.'] }])).toBe(
      '\uFEFFLogin,First name,Column 3,Problem\r\na@x.example,Ann,Maria,Too many.\r\n',
    )
  })

  it.each([
    ['ann@x.example', 'ANN@X.EXAMPLE'],
    ['ann@bücher.example', 'ann@xn--bcher-kva.example'],
    ['jose\u0301@x.example', 'josé@x.example'],
  ])(
    'is reported if an earlier line has the same login in another spelling: %j and %j',
    (one, other) => {
      const [, second] = linesOf(`Login,First name\n${one},Ann\n${other},Ann\n`)
      expect(second?.problems).toEqual(['Line 2 has the same login.'])
    },
  )

  it.each([
    ['Phone', '4,86E+10', /rounded the phone number to “4,86E\+10”/],
    ['Phone', '4.86001E+10', /rounded the phone number/],
    ['Phone', '#N/A', /^Phone is “#N\/A”, a formula that failed\.$/],
    ['Last name', '#NAME?', /^Last name is “#NAME\?”, a formula that failed\.$/],
    ['Role', 'Boss', /^“Boss” is not a role\./],
    ['Language', 'English', /^“English” is not a language tag\./],
    ['Language', 'xx-YY-zz', /^“xx-YY-zz” is not a language tag\./],
    ['Last name', 'Mi\uFFFDosz', /^Last name has characters that cannot be read/],
  ])('is marked at its %s if the value is %j', (heading, cell, problem) => {
    const [line] = linesOf(`Login,First name,${heading}\na@x.example,Ann,"${cell}"\n`)
    expect(line?.problems).toEqual([expect.stringMatching(problem)])
    expect(Object.values(line?.notUnderstood ?? {})).toEqual([cell])
  })

  it('is the only marked one if only its bytes are not UTF-8', () => {
    const start = 'Login,First name\na@x.example,Łukasz\nb@x.example,'
    const bytes = new Uint8Array([
      ...new TextEncoder().encode(start),
      ...encodeText('Żółć', 'windows-1250').subarray(0, 1),
      ...new TextEncoder().encode('an\nc@x.example,Żaneta\n'),
    ])
    expect(linesOf(bytes).map(({ problems }) => problems.length)).toEqual([0, 1, 0])
  })

  it('is not sent if a cell would make the API reject all lines', () => {
    const [longest, longer] = linesOf(
      `Login,First name,Phone\na@x.example,${'x'.repeat(1_000)},1\nb@x.example,${'x'.repeat(1_001)},${'1'.repeat(201)}`,
    )
    expect(longest?.problems).toEqual([])
    expect(longer?.problems).toEqual([
      'First name is longer than 1,000 characters.',
      'Phone is longer than 200 characters.',
    ])
  })
})

describe('a result file', () => {
  it('contains the failed lines with their reasons, ready to be corrected and imported again', () => {
    const table = tableOf('Team,E-mail,First name\nBlue,a@x.example,Ann\n')
    const text = failedLines(t, table, [
      { row: { line: 2, cells: ['Blue', 'a@x.example', 'Ann'] }, problems: ['One.', 'Two.'] },
    ])
    expect(text).toBe('\uFEFFTeam,E-mail,First name,Problem\r\nBlue,a@x.example,Ann,One. Two.\r\n')
    expect(linesOf(text)[0]?.problems).toEqual([])
  })

  it('contains every line with its number and result', () => {
    const table = tableOf('E-mail,First name\na@x.example,Ann\n=b,Bo\n')
    const [ann, bo] = table.rows
    if (ann === undefined || bo === undefined) throw new Error('There are no lines.')
    const text = resultLines(t, table, [
      { row: ann, problems: [] },
      { row: bo, problems: ['No address.'] },
    ])
    expect(text).toBe(
      '\uFEFFLine,E-mail,First name,Outcome,Problem\r\n' +
        '2,a@x.example,Ann,Invited,\r\n' +
        '3,"\'=b",Bo,Not invited,No address.\r\n',
    )
  })
})
