import { type Role, roles } from '@rekey/shared/access'
import { writeCsv } from '@rekey/shared/csv'
import { readLanguageTag } from '@rekey/shared/language-tag'
import { loginKeyOf } from '@rekey/shared/login'
import { foldText } from '@rekey/shared/search-text'
import type { InviteUserInput } from '../gql/graphql'
import { formatChoice } from '../ui/formats'
import { roleNames } from '../users/badges'
import { type ImportField, importFieldNames, importFields } from './column-names'
import type { ColumnMapping } from './columns'
import type { FileRow, FileTable } from './import-file'
import { replacement } from './text-encoding'

/** A user to invite, as a line describes them. */
export interface ImportLine extends FileRow {
  readonly invitee: InviteUserInput
  /** The text in the file of each cell that was not understood. */
  readonly notUnderstood: Readonly<Partial<Record<ImportField, string>>>
  /** The problems that are found without the server; empty if there are none. */
  readonly problems: readonly string[]
}

// If one cell is longer, the API rejects all lines of the request. For shorter ones it reports
// the problem of each line.
const maxLengths = { login: 1_000, firstName: 1_000, lastName: 1_000, phone: 200, language: 100 }

const plain = (text: string): string => foldText(text).replace(/[^\p{L}\p{N}]/gu, '')

const readRole = (text: string): Role | null => {
  const wanted = plain(text.slice(0, 100))
  if (wanted === 'administrator') return 'ADMIN'
  return roles.find(role => [plain(role), plain(roleNames[role])].includes(wanted)) ?? null
}

/** Caches the results of a column, which often repeats a few values in thousands of lines. */
const remembered = <Value>(read: (text: string) => Value): ((text: string) => Value) => {
  const known = new Map<string, Value>()
  return text => {
    const before = known.get(text)
    if (before !== undefined) return before
    const value = read(text)
    known.set(text, value)
    return value
  }
}

// A spreadsheet shows a long number like this and saves it in this form, so the digits are lost.
const isRounded = (text: string): boolean => /^[+-]?\d+(?:[.,]\d+)?E[+-]?\d+$/i.test(text)

// The English text that a spreadsheet shows for a failed formula.
const isFailedFormula = (text: string): boolean =>
  /^#(?:N\/A|REF!|NAME\?|VALUE!|DIV\/0!|NUM!|NULL!|SPILL!|CALC!)$/i.test(text)

/** The problems of the text of a cell that do not depend on the field. */
const cellProblems = (field: ImportField, text: string): string[] => {
  const name = importFieldNames[field]
  const problems: string[] = []
  const most = field === 'role' ? maxLengths.language : maxLengths[field]
  if (text.length > most) problems.push(`${name} is longer than ${most} characters.`)
  if (text.includes(replacement)) {
    problems.push(`${name} has characters that can’t be read in this encoding.`)
  }
  if (isFailedFormula(text)) problems.push(`${name} is “${text}”, a formula that failed.`)
  if (field === 'phone' && isRounded(text)) {
    problems.push(
      `A spreadsheet rounded the phone number to “${text}”. Format the column as text there, and enter the number again.`,
    )
  }
  return problems
}

const knownRoles = formatChoice(roles.map(role => roleNames[role]))

/** Reads each line, with the problems that can be found without the server. */
export const readLines = (table: FileTable, mapping: ColumnMapping): ImportLine[] => {
  const firstLineOf = new Map<string, number>()
  const roleOf = remembered(readRole)
  const languageOf = remembered(readLanguageTag)
  return table.rows.map(row => {
    const cellOf = (field: ImportField): string => {
      const column = mapping[field]
      return column === null ? '' : (row.cells[column] ?? '')
    }
    const problems: string[] = []
    const notUnderstood: Partial<Record<ImportField, string>> = {}
    if (row.cells.slice(table.headings.length).some(cell => cell !== '')) {
      problems.push(
        `There are ${row.cells.length} cells, and the headings name only ${table.headings.length}.`,
      )
    }
    const login = cellOf('login')
    const key = loginKeyOf(login)
    const before = firstLineOf.get(key)
    if (login === '') problems.push('There is no login.')
    else if (before !== undefined) problems.push(`Line ${before} has the same login.`)
    if (cellOf('firstName') === '') problems.push('There is no first name.')
    for (const field of importFields) {
      const wrong = cellProblems(field, cellOf(field))
      if (wrong.length > 0) notUnderstood[field] = cellOf(field)
      problems.push(...wrong)
    }
    const roleText = cellOf('role')
    const role = roleText === '' ? 'MEMBER' : roleOf(roleText)
    if (role === null && notUnderstood.role === undefined) {
      notUnderstood.role = roleText
      problems.push(`The role “${roleText}” is none of ${knownRoles}.`)
    }
    const languageText = cellOf('language')
    const language = languageText === '' ? undefined : languageOf(languageText)
    if (language === null && notUnderstood.language === undefined) {
      notUnderstood.language = languageText
      problems.push(`The language “${languageText}” is not a tag such as en or pt-BR.`)
    }
    // A line that can't be used does not stand in the way of a later one with its login.
    if (problems.length === 0) firstLineOf.set(key, row.line)
    const invitee: InviteUserInput = {
      login,
      firstName: cellOf('firstName'),
      lastName: cellOf('lastName'),
      phone: cellOf('phone') || null,
      language: language ?? null,
      role: role ?? 'MEMBER',
    }
    return { ...row, invitee, notUnderstood, problems }
  })
}

/** An empty file for users to fill in. */
export const template = (): string => writeCsv(Object.values(importFieldNames), [])

/** A line with its result. */
export interface LineOutcome {
  readonly row: FileRow
  /** The problems of the line; empty if its user was invited. */
  readonly problems: readonly string[]
}

/** The headings, and a name for each column beyond them that a row has. */
const headingsOf = (table: FileTable, outcomes: readonly LineOutcome[]): string[] => {
  const widest = outcomes.reduce((most, { row }) => Math.max(most, row.cells.length), 0)
  const extra = Math.max(widest - table.headings.length, 0)
  const names = Array.from({ length: extra }, (_, at) => `Column ${table.headings.length + at + 1}`)
  return [...table.headings, ...names]
}

const cellsOf = (headings: readonly string[], { cells }: FileRow): string[] =>
  headings.map((_, column) => cells[column] ?? '')

/** A CSV file of the lines that were not added, unchanged, each with the reason at the end. */
export const failedLines = (table: FileTable, failed: readonly LineOutcome[]): string => {
  const headings = headingsOf(table, failed)
  return writeCsv(
    [...headings, 'Problem'],
    failed.map(({ row, problems }) => [...cellsOf(headings, row), problems.join(' ')]),
  )
}

/** A CSV file of all lines, unchanged, each with its number and result. */
export const resultLines = (table: FileTable, outcomes: readonly LineOutcome[]): string => {
  const headings = headingsOf(table, outcomes)
  return writeCsv(
    ['Line', ...headings, 'Outcome', 'Problem'],
    outcomes.map(({ row, problems }) => [
      String(row.line),
      ...cellsOf(headings, row),
      problems.length === 0 ? 'Invited' : 'Not invited',
      problems.join(' '),
    ]),
  )
}
