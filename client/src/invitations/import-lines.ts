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

/** A user to be invited, as a line describes them. */
export interface ImportLine extends FileRow {
  readonly invitee: InviteUserInput
  /** The cells that were not understood, as they are in the file. */
  readonly notUnderstood: Readonly<Partial<Record<ImportField, string>>>
  /** What is wrong already before the server is asked; empty when nothing is. */
  readonly problems: readonly string[]
}

// One longer cell, and the API rejects all lines that are sent with it. Below, it says of each what is wrong.
const maxLengths = { login: 1_000, firstName: 1_000, lastName: 1_000, phone: 200, language: 100 }

const plain = (text: string): string => foldText(text).replace(/[^\p{L}\p{N}]/gu, '')

const readRole = (text: string): Role | null => {
  const wanted = plain(text.slice(0, 100))
  if (wanted === 'administrator') return 'ADMIN'
  return roles.find(role => [plain(role), plain(roleNames[role])].includes(wanted)) ?? null
}

/** Remembers what a column says: it repeats a few values in thousands of lines. */
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

// A spreadsheet shows a long number like this, and saves what it shows: the digits are lost.
const isRounded = (text: string): boolean => /^[+-]?\d+(?:[.,]\d+)?E[+-]?\d+$/i.test(text)

// What a spreadsheet shows for a formula that failed, in English.
const isFailedFormula = (text: string): boolean =>
  /^#(?:N\/A|REF!|NAME\?|VALUE!|DIV\/0!|NUM!|NULL!|SPILL!|CALC!)$/i.test(text)

/** What is wrong with the text of a cell, whatever field it is for. */
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

/** What each line says, and what is wrong with it as far as the file alone can tell. */
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

/** A file to fill in. */
export const template = (): string => writeCsv(Object.values(importFieldNames), [])

/** A line with what became of it. */
export interface LineOutcome {
  readonly row: FileRow
  /** What is wrong with it; empty when its user was invited. */
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

/** The lines that were not added, as they came, with the reason at the end of each. */
export const failedLines = (table: FileTable, failed: readonly LineOutcome[]): string => {
  const headings = headingsOf(table, failed)
  return writeCsv(
    [...headings, 'Problem'],
    failed.map(({ row, problems }) => [...cellsOf(headings, row), problems.join(' ')]),
  )
}

/** Every line as it came, with its number and what became of it. */
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
