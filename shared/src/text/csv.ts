/** The mark at the start of a file by which spreadsheets know that it is UTF-8. */
export const byteOrderMark = '\uFEFF'

// A cell can be split again: a spreadsheet in another locale uses another separator, and does not
// see quotation marks in the middle of what it then takes for a cell. So a cell can begin after each
// separator, and spaces or quotation marks may stand before a formula. The signs of a formula are
// those that OWASP lists (CSV Injection), with their forms of full width.
const formula = /(?<=^|[;,|\t\r\n])(?='*[ "]*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20])/g
const marked = /(?<=^|[;,|\t\r\n])'(?='*[ "]*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20])/g

/**
 * A cell that no spreadsheet takes for a formula: an apostrophe stands before each `=`, `+`, `-`,
 * `@`, tab or carriage return that begins the cell, or that follows a separator or line break.
 */
export const neutralizeFormulas = (cell: string): string => cell.replace(formula, "'")

/**
 * Removes the apostrophes that `neutralizeFormulas` adds. Any cell is the same after both.
 */
export const restoreFormulas = (cell: string): string => cell.replace(marked, '')

const needsQuotes = /^[\s']|["',;|\t\r\n]|\s$/

const writeCell = (cell: string): string => {
  const safe = neutralizeFormulas(cell)
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/**
 * One line of a CSV file (RFC 4180), with the line break at its end. Formulas are neutralized.
 */
export const csvLine = (cells: readonly string[]): string => `${cells.map(writeCell).join(',')}\r\n`

/**
 * A CSV file that spreadsheets read as it is meant: UTF-8 with a byte order mark, commas, CRLF,
 * and no cell that is a formula.
 *
 * @param headings the names of the columns.
 * @param rows the cells of each row, as many as there are headings.
 */
export const writeCsv = (
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): string => byteOrderMark + [headings, ...rows].map(csvLine).join('')
