import { restoreFormulas } from '@rekey/shared/csv'
import Papa from 'papaparse'
import type { PlainMessageId, Translate } from '../messages/locale'
import { fieldOf } from './column-names'
import { type FileRow, type FileTable, type ImportFile, maxColumns, maxRows } from './import-file'
import { decodeText, guessEncoding } from './text-encoding'

/** The separators between cells, with their names. */
export const separatorMessages = {
  ',': 'invitations.separator.comma',
  ';': 'invitations.separator.semicolon',
  '\t': 'invitations.separator.tab',
  '|': 'invitations.separator.bar',
} as const satisfies Record<string, PlainMessageId>

/** A separator between cells. */
export type Separator = keyof typeof separatorMessages

/** The separators that can be guessed and chosen. */
export const separators = Object.keys(separatorMessages) as Separator[]

/** The choices for reading a file. Omitted values are guessed. */
export interface ReadingChoice {
  /** The label of an encoding. */
  readonly encoding?: string
  readonly separator?: Separator
  /** The index of the sheet in the spreadsheet, from 0. */
  readonly sheet?: number
  /** The line that names the columns; null if none does. */
  readonly headingLine?: number | null
}

/** The content of a file, with all chosen and guessed values. */
export interface Reading {
  /** Null for a spreadsheet, which contains its own encoding. */
  readonly encoding: string | null
  /** Null for a spreadsheet. */
  readonly separator: Separator | null
  readonly sheet: number
  readonly headingLine: number | null
  /** The first rows that are not empty. Each of them may contain the headings. */
  readonly firstRows: readonly FileRow[]
  /** The table, or a text that explains why there is none. */
  readonly table: FileTable | { readonly problem: string }
}

type Rows = readonly FileRow[] | { readonly problem: string }

const isProblem = <Result extends object>(
  result: Result | { readonly problem: string },
): result is { readonly problem: string } => 'problem' in result

const isEmpty = ({ cells }: FileRow): boolean => cells.every(cell => cell === '')

// Excel's own way to name the separator. This line is not a row.
const separatorLine = /^"?sep=(.)"?(\r\n|\r|\n)/i

const lineBreaksIn = (cells: readonly string[]): number =>
  cells.reduce((sum, cell) => sum + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0)

// Removes the character that `writeCsv` adds before a formula.
const readCell = (cell: string): string => restoreFormulas(cell).trim()

/** The rows that are not empty. */
const parseRows = (t: Translate, text: string, separator: Separator, most: number): Rows => {
  const start = separatorLine.exec(text)?.[0] ?? ''
  // Empty rows count too, so that a file of only line breaks cannot block the page.
  const preview = 2 * most + 2
  // Papa Parse knows one kind of line break in a file, and joined files have several.
  const plain = text
    .slice(start.length)
    .replace(/"[^"]*"|\r\n?/g, found => (found.startsWith('"') ? found : '\n'))
  const { data, errors } = Papa.parse<string[]>(plain, {
    delimiter: separator,
    newline: '\n',
    preview,
  })
  let line = start === '' ? 1 : 2
  const all = data.map(cells => {
    const row = { line, cells: cells.slice(0, maxColumns + 1).map(readCell) }
    // A quoted cell can span several lines.
    line += 1 + lineBreaksIn(cells)
    return row
  })
  const quotes = errors.find(error => error.type === 'Quotes')
  if (quotes !== undefined) {
    const where = all[quotes.row ?? 0]?.line ?? 1
    return { problem: t('invitations.file.quotes', { line: where }) }
  }
  const rows = all.filter(row => !isEmpty(row))
  return data.length === preview && rows.length <= most
    ? { problem: t('invitations.file.emptyLines') }
    : rows
}

/**
 * A score for a separator: it is high if the first rows have known headings and the same number of
 * cells.
 */
const scoreOf = (t: Translate, text: string, separator: Separator): number => {
  const rows = parseRows(t, text, separator, 10)
  if (isProblem(rows)) return 0
  const widths = rows.map(({ cells }) => cells.length)
  const alikeOf = (width: number) => widths.filter(one => one === width).length
  // Most rows have the width of the table; a title above it does not.
  const width = widths.reduce((most, one) => (alikeOf(one) > alikeOf(most) ? one : most), 0)
  if (width < 2) return 0
  const known = Math.max(...rows.map(({ cells }) => cells.filter(fieldOf).length))
  const alike = alikeOf(width) / rows.length
  return 10 * known + 5 * alike + Math.min(width, 50) / 100
}

const guessSeparator = (t: Translate, text: string): Separator => {
  const [, named] = separatorLine.exec(text) ?? []
  const said = separators.find(separator => separator === named)
  if (said !== undefined) return said
  const start = text.slice(0, 65_536)
  const scores = separators.map(separator => [scoreOf(t, start, separator), separator] as const)
  return scores.reduce((best, one) => (one[0] > best[0] ? one : best))[1]
}

const maxFirstRows = 10

/**
 * The row that names the columns: the first one with a known heading. If there is none, the first
 * row, unless it contains an e-mail address, which is data and not a heading.
 */
const guessHeadingLine = (firstRows: readonly FileRow[]): number | null => {
  const named = firstRows.filter(({ cells }) => !cells.some(cell => cell.includes('@')))
  const most = Math.max(0, ...named.map(({ cells }) => cells.filter(fieldOf).length))
  const known = named.find(({ cells }) => most > 0 && cells.filter(fieldOf).length === most)
  if (known !== undefined) return known.line
  return named[0] !== undefined && named[0] === firstRows[0] ? named[0].line : null
}

/** Adds the number of the column to headings that are repeated or empty. */
const distinct = (t: Translate, headings: readonly string[]): string[] => {
  const names = headings.map(heading => heading.replace(/\s+/g, ' '))
  const keys = names.map(name => name.toLowerCase())
  return names.map((name, column) => {
    if (name === '') return t('invitations.column.unnamed', { number: column + 1 })
    const isOnly = keys.indexOf(keys[column] ?? '') === keys.lastIndexOf(keys[column] ?? '')
    return isOnly ? name : t('invitations.column.repeated', { name, number: column + 1 })
  })
}

const tableOf = (t: Translate, rows: Rows, headingLine: number | null): Reading['table'] => {
  if (isProblem(rows)) return rows
  const below = headingLine === null ? rows : rows.filter(({ line }) => line > headingLine)
  if (below.length === 0) return { problem: t('invitations.file.onlyHeadings') }
  if (below.length > maxRows) {
    return { problem: t('invitations.file.tooManyLines', { max: maxRows }) }
  }
  const heading = rows.find(({ line }) => line === headingLine)
  const width = heading?.cells.length ?? Math.max(...below.map(({ cells }) => cells.length))
  if (width > maxColumns) {
    return { problem: t('invitations.file.tooManyColumns', { max: maxColumns }) }
  }
  const headings = Array.from({ length: width }, (_, column) => heading?.cells[column] ?? '')
  return { headings: distinct(t, headings), rows: below }
}

const withHeadings = (
  t: Translate,
  rows: Rows,
  choice: ReadingChoice,
): Pick<Reading, 'headingLine' | 'firstRows' | 'table'> => {
  const firstRows = isProblem(rows) ? [] : rows.slice(0, maxFirstRows)
  const { headingLine = guessHeadingLine(firstRows) } = choice
  return { headingLine, firstRows, table: tableOf(t, rows, headingLine) }
}

/** Text contains no NUL character; images, PDFs and programs do. */
const isBinary = (text: string): boolean => text.slice(0, 65_536).includes('\0')

/**
 * Reads a file with the given choices, and guesses the others.
 *
 * @returns the choices and guesses, with the table or the reason why there is none.
 */
export const readFile = (t: Translate, file: ImportFile, choice: ReadingChoice = {}): Reading => {
  if (file.kind === 'spreadsheet') {
    // The first sheet that is not empty: some workbooks begin with an empty one.
    const filled = file.sheets.findIndex(({ rows }) => rows.length > 0)
    const { sheet = Math.max(filled, 0) } = choice
    const rows = file.sheets[sheet]?.rows ?? []
    const problem = { problem: t('invitations.file.sheetEmpty') }
    const read = withHeadings(t, rows.length === 0 ? problem : rows, choice)
    return { encoding: null, separator: null, sheet, ...read }
  }
  const { encoding = guessEncoding(file.bytes) } = choice
  const text = decodeText(file.bytes, encoding)
  const { separator = guessSeparator(t, text) } = choice
  const parsed = isBinary(text)
    ? { problem: t('invitations.file.notText') }
    : parseRows(t, text, separator, maxRows)
  const rows =
    !isProblem(parsed) && parsed.length === 0 ? { problem: t('invitations.file.empty') } : parsed
  return { encoding, separator, sheet: 0, ...withHeadings(t, rows, choice) }
}
