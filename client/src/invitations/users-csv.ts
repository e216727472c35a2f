import { type Role, roles } from '@rekey/shared/access'
import { loginKeyOf } from '@rekey/shared/login'
import Papa from 'papaparse'
import type { InviteUserInput } from '../gql/graphql'
import { formatChoice, formatNumber } from '../ui/formats'
import { roleNames } from '../users/badges'

/** What is read of each line, in words; the headings of the template too. */
export const importFieldNames = {
  login: 'Login',
  firstName: 'First name',
  lastName: 'Last name',
  phone: 'Phone',
  language: 'Language',
  role: 'Role',
} as const

/** Something that is read of each line. */
type ImportField = keyof typeof importFieldNames

/** The fields in the order of the template. */
export const importFields = Object.keys(importFieldNames) as ImportField[]

/** Which column holds each field, from 0; null where none does. */
export type ColumnMapping = Readonly<Record<ImportField, number | null>>

/** A line below the headings. */
interface CsvRow {
  /** Where it begins in the file, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

/** A file as rows of cells. */
export interface CsvTable {
  readonly headings: readonly string[]
  readonly rows: readonly CsvRow[]
}

/** Someone to be invited, as a line tells of them. */
export interface ImportLine extends CsvRow {
  readonly invitee: InviteUserInput
  /** What is wrong already before the server is asked; empty when nothing is. */
  readonly problems: readonly string[]
}

/** More lines than anyone would look through; in bytes, more than they could take. */
export const mostLines = 10_000
export const mostBytes = 10 * 1024 * 1024

// One longer cell, and the API rejects all lines that are sent with it. Below, it says of each what is wrong.
const maxLengths = { login: 1_000, firstName: 1_000, lastName: 1_000, phone: 200, language: 100 }

// As they are named by other products and in other files, letters and digits only.
const otherNames: Record<ImportField, readonly string[]> = {
  login: ['email', 'emailaddress', 'mail', 'mailaddress', 'username', 'user'],
  firstName: ['givenname', 'forename', 'first'],
  lastName: ['surname', 'familyname', 'last'],
  phone: ['phonenumber', 'telephone', 'tel', 'mobile', 'mobilephone', 'cell'],
  language: ['lang', 'locale', 'preferredlanguage'],
  role: ['userrole', 'accessrole'],
}

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

/** The text of a file: UTF-8 or UTF-16 as its first bytes say, else as Excel writes it. */
export const decodeCsv = (bytes: Uint8Array): string => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

// What `writeCsv` puts before a formula is taken off again.
const readCell = (cell: string): string => cell.trim().replace(/^'(?=[=+\-@])/, '')

// The headings tell: what people write below them may hold anything.
const separatorOf = (text: string): string => {
  const headings = (/^[^\S\n\r\u2028\u2029]*\S.*/m.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '')
  const counts = [',', ';', '\t'].map(one => [headings.split(one).length, one] as const)
  return counts.reduce((most, one) => (one[0] > most[0] ? one : most))[1]
}

const lineBreaksIn = (cells: readonly string[]): number =>
  cells.reduce((sum, cell) => sum + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0)

/**
 * Reads a file whose first line names its columns; separators are found out.
 *
 * @returns the table, or in a sentence why there is none.
 */
export const readCsv = (text: string): CsvTable | { readonly problem: string } => {
  // Text holds no such character; images, PDFs and the files of spreadsheets do.
  if (text.includes('\0')) {
    return {
      problem: 'It is not a text file. If it comes from a spreadsheet, save it as CSV there.',
    }
  }
  const plainText = text.replace(/^\uFEFF/, '')
  const { data, errors } = Papa.parse<string[]>(plainText, { delimiter: separatorOf(plainText) })
  let line = 1
  const all = data.map(cells => {
    const row = { line, cells: cells.map(readCell) }
    // A quoted cell may go on over several lines.
    line += 1 + lineBreaksIn(cells)
    return row
  })
  const quotes = errors.find(error => error.type === 'Quotes')
  if (quotes !== undefined) {
    const where = all[quotes.row ?? 0]?.line ?? 1
    return { problem: `The quotation marks in line ${where} don’t fit together.` }
  }
  const [heading, ...rows] = all.filter(row => row.cells.some(cell => cell !== ''))
  if (heading === undefined) return { problem: 'The file is empty.' }
  if (heading.cells.some(cell => cell.includes('@'))) {
    return { problem: 'The first line has to name the columns. The template shows how.' }
  }
  if (rows.length === 0) return { problem: 'There is nothing below the names of the columns.' }
  if (rows.length > mostLines) {
    const most = formatNumber(mostLines)
    return { problem: `These are more than ${most} lines. Divide the file.` }
  }
  return { headings: heading.cells, rows }
}

/** Finds the column of each field by its heading. */
export const guessMapping = (headings: readonly string[]): ColumnMapping => {
  const names = headings.map(plain)
  const columnOf = (field: ImportField): number | null => {
    const wanted = [plain(field), ...otherNames[field]]
    const found = names.findIndex(name => wanted.includes(name))
    return found === -1 ? null : found
  }
  const columns = importFields.map(field => [field, columnOf(field)] as const)
  return Object.fromEntries(columns) as Record<ImportField, number | null>
}

const readRole = (text: string): Role | null =>
  roles.find(role => [plain(role), plain(roleNames[role])].includes(plain(text))) ??
  (plain(text) === 'administrator' ? 'ADMIN' : null)

/** What each line says, and what is wrong with it as far as the file alone can tell. */
export const readLines = (table: CsvTable, mapping: ColumnMapping): ImportLine[] => {
  const firstLineOf = new Map<string, number>()
  return table.rows.map(row => {
    const cellOf = (field: ImportField): string => {
      const column = mapping[field]
      return column === null ? '' : (row.cells[column] ?? '')
    }
    const optional = (field: ImportField): string | null => cellOf(field) || null
    const problems: string[] = []
    if (row.cells.slice(table.headings.length).some(cell => cell !== '')) {
      problems.push(
        `There are ${row.cells.length} cells, and only ${table.headings.length} columns.`,
      )
    }
    const login = cellOf('login')
    const key = loginKeyOf(login)
    const before = firstLineOf.get(key)
    if (login === '') problems.push('There is no login.')
    else if (before !== undefined) problems.push(`Line ${before} has the same login.`)
    else firstLineOf.set(key, row.line)
    if (cellOf('firstName') === '') problems.push('There is no first name.')
    for (const [field, maxLength] of Object.entries(maxLengths) as [ImportField, number][]) {
      if (cellOf(field).length > maxLength) {
        problems.push(`${importFieldNames[field]} is longer than ${maxLength} characters.`)
      }
    }
    const roleText = cellOf('role')
    const role = roleText === '' ? 'MEMBER' : readRole(roleText)
    if (role === null) {
      const known = formatChoice(roles.map(one => roleNames[one]))
      problems.push(`The role “${roleText}” is none of ${known}.`)
    }
    const invitee: InviteUserInput = {
      login,
      firstName: cellOf('firstName'),
      lastName: cellOf('lastName'),
      phone: optional('phone'),
      language: optional('language'),
      role: role ?? 'MEMBER',
    }
    return { ...row, invitee, problems }
  })
}

/**
 * A file that spreadsheets read as it is meant: in UTF-8, and no cell as a formula
 * (OWASP, CSV Injection).
 */
export const writeCsv = (headings: readonly string[], rows: readonly (readonly string[])[]) =>
  `\uFEFF${Papa.unparse({ fields: [...headings], data: rows.map(row => [...row]) }, { escapeFormulae: true })}\r\n`

/** A file to fill in. */
export const template = (): string => writeCsv(Object.values(importFieldNames), [])

/** The lines that were not added, as they came, with the reason at the end of each. */
export const failedLines = (
  table: CsvTable,
  failed: readonly { readonly row: CsvRow; readonly problems: readonly string[] }[],
): string =>
  writeCsv(
    [...table.headings, 'Problem'],
    failed.map(({ row, problems }) => [
      ...table.headings.map((_, column) => row.cells[column] ?? ''),
      problems.join(' '),
    ]),
  )
