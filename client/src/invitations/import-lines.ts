import { type Role, roles } from '@rekey/shared/access'
import { writeCsv } from '@rekey/shared/csv'
import { readLanguageTag } from '@rekey/shared/language-tag'
import { loginKeyOf } from '@rekey/shared/login'
import { foldText } from '@rekey/shared/search-text'
import type { InviteUserInput } from '../gql/graphql'
import type { Locale, Translate } from '../messages/locale'
import { roleMessages } from '../users/badges'
import { type ImportField, importFieldMessages, importFields } from './column-names'
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
const maxLengths = {
  login: 1_000,
  firstName: 1_000,
  lastName: 1_000,
  phone: 200,
  language: 100,
  externalId: 1_000,
}

const plain = (text: string): string => foldText(text).replace(/[^\p{L}\p{N}]/gu, '')

const readRole = (t: Translate, text: string): Role | null => {
  const wanted = plain(text.slice(0, 100))
  if (wanted === 'administrator') return 'ADMIN'
  return roles.find(role => [plain(role), plain(t(roleMessages[role]))].includes(wanted)) ?? null
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
const cellProblems = (t: Translate, field: ImportField, text: string): string[] => {
  const name = () => t(importFieldMessages[field])
  const problems: string[] = []
  const most = field === 'role' ? maxLengths.language : maxLengths[field]
  if (text.length > most) {
    problems.push(t('invitations.problem.tooLong', { field: name(), max: most }))
  }
  if (text.includes(replacement)) {
    problems.push(t('invitations.problem.unreadable', { field: name() }))
  }
  if (isFailedFormula(text)) {
    problems.push(t('invitations.problem.failedFormula', { field: name(), text }))
  }
  if (field === 'phone' && isRounded(text)) {
    problems.push(t('invitations.problem.rounded', { text }))
  }
  // An id such as 12E5 is no rounded number.
  if (field === 'externalId' && isRounded(text) && text.includes('+')) {
    problems.push(t('invitations.problem.roundedId', { text }))
  }
  return problems
}

/** Reads each line, with the problems that can be found without the server. */
export const readLines = (
  { t, formatChoice }: Pick<Locale, 't' | 'formatChoice'>,
  table: FileTable,
  mapping: ColumnMapping,
): ImportLine[] => {
  const knownRoles = formatChoice(roles.map(role => t(roleMessages[role])))
  const firstLineOf = new Map<string, number>()
  const firstLineOfId = new Map<string, number>()
  const roleOf = remembered(text => readRole(t, text))
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
        t('invitations.problem.moreCells', {
          cells: row.cells.length,
          headings: table.headings.length,
        }),
      )
    }
    const login = cellOf('login')
    const key = loginKeyOf(login)
    const before = firstLineOf.get(key)
    if (login === '') problems.push(t('invitations.problem.noLogin'))
    else if (before !== undefined) {
      problems.push(t('invitations.problem.repeatedLogin', { line: before }))
    }
    const externalId = cellOf('externalId').normalize('NFC')
    const sameId = externalId === '' ? undefined : firstLineOfId.get(externalId)
    if (sameId !== undefined) {
      problems.push(t('invitations.problem.repeatedExternalId', { line: sameId }))
    }
    if (cellOf('firstName') === '') problems.push(t('invitations.problem.noFirstName'))
    for (const field of importFields) {
      const wrong = cellProblems(t, field, cellOf(field))
      if (wrong.length > 0) notUnderstood[field] = cellOf(field)
      problems.push(...wrong)
    }
    const roleText = cellOf('role')
    const role = roleText === '' ? 'MEMBER' : roleOf(roleText)
    if (role === null && notUnderstood.role === undefined) {
      notUnderstood.role = roleText
      problems.push(t('invitations.problem.role', { text: roleText, roles: knownRoles }))
    }
    const languageText = cellOf('language')
    const language = languageText === '' ? undefined : languageOf(languageText)
    if (language === null && notUnderstood.language === undefined) {
      notUnderstood.language = languageText
      problems.push(t('invitations.problem.language', { text: languageText }))
    }
    // A line that can't be used does not stand in the way of a later one with its login or id.
    if (problems.length === 0) {
      firstLineOf.set(key, row.line)
      firstLineOfId.set(externalId, row.line)
    }
    const invitee: InviteUserInput = {
      login,
      firstName: cellOf('firstName'),
      lastName: cellOf('lastName'),
      phone: cellOf('phone') || null,
      language: language ?? null,
      role: role ?? 'MEMBER',
      externalId: externalId || null,
    }
    return { ...row, invitee, notUnderstood, problems }
  })
}

/** An empty file with these fields, for users to fill in. */
export const template = (t: Translate, fields: readonly ImportField[]): string =>
  writeCsv(
    fields.map(field => t(importFieldMessages[field])),
    [],
  )

/** A line with its result. */
export interface LineOutcome {
  readonly row: FileRow
  /** The problems of the line; empty if its user was invited. */
  readonly problems: readonly string[]
}

/** The headings, and a name for each column beyond them that a row has. */
const headingsOf = (t: Translate, table: FileTable, outcomes: readonly LineOutcome[]): string[] => {
  const widest = outcomes.reduce((most, { row }) => Math.max(most, row.cells.length), 0)
  const extra = Math.max(widest - table.headings.length, 0)
  const names = Array.from({ length: extra }, (_, at) =>
    t('invitations.column.unnamed', { number: table.headings.length + at + 1 }),
  )
  return [...table.headings, ...names]
}

const cellsOf = (headings: readonly string[], { cells }: FileRow): string[] =>
  headings.map((_, column) => cells[column] ?? '')

/** A CSV file of the lines that were not added, unchanged, each with the reason at the end. */
export const failedLines = (
  t: Translate,
  table: FileTable,
  failed: readonly LineOutcome[],
): string => {
  const headings = headingsOf(t, table, failed)
  return writeCsv(
    [...headings, t('invitations.results.problem')],
    failed.map(({ row, problems }) => [...cellsOf(headings, row), problems.join(' ')]),
  )
}

/** A CSV file of all lines, unchanged, each with its number and result. */
export const resultLines = (
  t: Translate,
  table: FileTable,
  outcomes: readonly LineOutcome[],
): string => {
  const headings = headingsOf(t, table, outcomes)
  return writeCsv(
    [
      t('invitations.results.line'),
      ...headings,
      t('invitations.results.outcome'),
      t('invitations.results.problem'),
    ],
    outcomes.map(({ row, problems }) => [
      String(row.line),
      ...cellsOf(headings, row),
      problems.length === 0
        ? t('invitations.results.invited')
        : t('invitations.results.notInvited'),
      problems.join(' '),
    ]),
  )
}
