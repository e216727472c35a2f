import { restoreFormulas } from '@rekey/shared/csv'
import Papa from 'papaparse'
import { formatNumber } from '../ui/formats'
import { fieldOf } from './column-names'
import { type FileRow, type FileTable, type ImportFile, maxColumns, maxRows } from './import-file'
import { decodeText, guessEncoding } from './text-encoding'

/** What can stand between two cells, by the names it has in words. */
export const separatorNames = {
  ',': 'Comma',
  ';': 'Semicolon',
  '\t': 'Tab',
  '|': 'Vertical bar',
} as const

/** What can stand between two cells. */
export type Separator = keyof typeof separatorNames

/** The separators that are guessed and can be chosen. */
export const separators = Object.keys(separatorNames) as Separator[]

/** How a file is to be read; what is left out is guessed. */
export interface ReadingChoice {
  /** A label of an encoding. */
  readonly encoding?: string
  readonly separator?: Separator
  /** The place of the sheet in the spreadsheet, from 0. */
  readonly sheet?: number
  /** The line that names the columns; null if none does. */
  readonly headingLine?: number | null
}

/** A file as it was read, with everything that was chosen or guessed. */
export interface Reading {
  /** Null for a spreadsheet, which says so itself. */
  readonly encoding: string | null
  /** Null for a spreadsheet. */
  readonly separator: Separator | null
  readonly sheet: number
  readonly headingLine: number | null
  /** The first rows that are not empty, any of which may name the columns. */
  readonly firstRows: readonly FileRow[]
  /** The table, or why there is none, in sentences. */
  readonly table: FileTable | { readonly problem: string }
}

type Rows = readonly FileRow[] | { readonly problem: string }

const isProblem = <Result extends object>(
  result: Result | { readonly problem: string },
): result is { readonly problem: string } => 'problem' in result

const isEmpty = ({ cells }: FileRow): boolean => cells.every(cell => cell === '')

// Excel's own way to say what separates the cells; it is no row.
const separatorLine = /^"?sep=(.)"?(\r\n|\r|\n)/i

const lineBreaksIn = (cells: readonly string[]): number =>
  cells.reduce((sum, cell) => sum + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0)

// What `writeCsv` puts before a formula is removed again.
const readCell = (cell: string): string => restoreFormulas(cell).trim()

/** The rows that are not empty. */
const parseRows = (text: string, separator: Separator, most: number): Rows => {
  const start = separatorLine.exec(text)?.[0] ?? ''
  // Empty rows count as well, so that a file of line breaks can't hold up the page.
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
    // A quoted cell may go on over several lines.
    line += 1 + lineBreaksIn(cells)
    return row
  })
  const quotes = errors.find(error => error.type === 'Quotes')
  if (quotes !== undefined) {
    const where = all[quotes.row ?? 0]?.line ?? 1
    return {
      problem: `The quotation marks in line ${where} don’t fit together. Correct the file, or choose another separator.`,
    }
  }
  const rows = all.filter(row => !isEmpty(row))
  return data.length === preview && rows.length <= most
    ? { problem: 'The file has too many empty lines. Delete them.' }
    : rows
}

/** How well the first rows read with a separator: with headings we know, and as many cells each. */
const scoreOf = (text: string, separator: Separator): number => {
  const rows = parseRows(text, separator, 10)
  if (isProblem(rows)) return 0
  const widths = rows.map(({ cells }) => cells.length)
  const alikeOf = (width: number) => widths.filter(one => one === width).length
  // Most rows are as wide as the table; a title above it is not.
  const width = widths.reduce((most, one) => (alikeOf(one) > alikeOf(most) ? one : most), 0)
  if (width < 2) return 0
  const known = Math.max(...rows.map(({ cells }) => cells.filter(fieldOf).length))
  const alike = alikeOf(width) / rows.length
  return 10 * known + 5 * alike + Math.min(width, 50) / 100
}

const guessSeparator = (text: string): Separator => {
  const [, named] = separatorLine.exec(text) ?? []
  const said = separators.find(separator => separator === named)
  if (said !== undefined) return said
  const start = text.slice(0, 65_536)
  const scores = separators.map(separator => [scoreOf(start, separator), separator] as const)
  return scores.reduce((best, one) => (one[0] > best[0] ? one : best))[1]
}

const mostFirstRows = 10

/**
 * The row that names the columns: the first one with a heading that is known; else the first one
 * unless it holds an e-mail address, as people do and headings don't.
 */
const guessHeadingLine = (firstRows: readonly FileRow[]): number | null => {
  const named = firstRows.filter(({ cells }) => !cells.some(cell => cell.includes('@')))
  const most = Math.max(0, ...named.map(({ cells }) => cells.filter(fieldOf).length))
  const known = named.find(({ cells }) => most > 0 && cells.filter(fieldOf).length === most)
  if (known !== undefined) return known.line
  return named[0] !== undefined && named[0] === firstRows[0] ? named[0].line : null
}

/** Names that are in use more than once, or not at all, say which column they are. */
const distinct = (headings: readonly string[]): string[] => {
  const names = headings.map(heading => heading.replace(/\s+/g, ' '))
  const keys = names.map(name => name.toLowerCase())
  return names.map((name, column) => {
    if (name === '') return `Column ${column + 1}`
    const isOnly = keys.indexOf(keys[column] ?? '') === keys.lastIndexOf(keys[column] ?? '')
    return isOnly ? name : `${name} (column ${column + 1})`
  })
}

const tableOf = (rows: Rows, headingLine: number | null): Reading['table'] => {
  if (isProblem(rows)) return rows
  const below = headingLine === null ? rows : rows.filter(({ line }) => line > headingLine)
  if (below.length === 0) return { problem: 'There is nothing below the names of the columns.' }
  if (below.length > maxRows) {
    const most = formatNumber(maxRows)
    return { problem: `The file has more than ${most} lines. Divide it.` }
  }
  const heading = rows.find(({ line }) => line === headingLine)
  const width = heading?.cells.length ?? Math.max(...below.map(({ cells }) => cells.length))
  if (width > maxColumns) {
    return { problem: `The file has more than ${maxColumns} columns.` }
  }
  const headings = Array.from({ length: width }, (_, column) => heading?.cells[column] ?? '')
  return { headings: distinct(headings), rows: below }
}

const withHeadings = (
  rows: Rows,
  choice: ReadingChoice,
): Pick<Reading, 'headingLine' | 'firstRows' | 'table'> => {
  const firstRows = isProblem(rows) ? [] : rows.slice(0, mostFirstRows)
  const { headingLine = guessHeadingLine(firstRows) } = choice
  return { headingLine, firstRows, table: tableOf(rows, headingLine) }
}

/** Text holds no such character; images, PDFs and programs do. */
const isBinary = (text: string): boolean => text.slice(0, 65_536).includes('\0')

/**
 * Reads a file as chosen, and guesses what was not chosen.
 *
 * @returns how it was read, with its table or the reason why there is none.
 */
export const readFile = (file: ImportFile, choice: ReadingChoice = {}): Reading => {
  if (file.kind === 'spreadsheet') {
    // The first sheet with anything on it: some begin with an empty one.
    const filled = file.sheets.findIndex(({ rows }) => rows.length > 0)
    const { sheet = Math.max(filled, 0) } = choice
    const rows = file.sheets[sheet]?.rows ?? []
    const problem = { problem: 'This sheet is empty.' }
    const read = withHeadings(rows.length === 0 ? problem : rows, choice)
    return { encoding: null, separator: null, sheet, ...read }
  }
  const { encoding = guessEncoding(file.bytes) } = choice
  const text = decodeText(file.bytes, encoding)
  const { separator = guessSeparator(text) } = choice
  const parsed = isBinary(text)
    ? {
        problem:
          'It is not a text file in this encoding. If it comes from a spreadsheet, save it there as CSV or as an Excel workbook (.xlsx).',
      }
    : parseRows(text, separator, maxRows)
  const rows =
    !isProblem(parsed) && parsed.length === 0 ? { problem: 'The file is empty.' } : parsed
  return { encoding, separator, sheet: 0, ...withHeadings(rows, choice) }
}
