/** The mark at the start of a file by which spreadsheets recognize UTF-8. */
export const byteOrderMark = '\uFEFF'

// A spreadsheet in another locale uses another separator, so it can split a cell again. It then does
// not recognise quotation marks in the middle of its cells. So a cell can begin after each separator,
// and spaces or quotation marks may precede a formula. The signs that start a formula are those that
// OWASP lists (CSV Injection), and their full-width forms.
const formula = /(?<=^|[;,|\t\r\n])(?='*[ "]*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20])/g
const marked = /(?<=^|[;,|\t\r\n])'(?='*[ "]*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20])/g

/**
 * A cell that no spreadsheet reads as a formula. Puts an apostrophe before each `=`, `+`, `-`, `@`,
 * tab or carriage return that begins the cell, or that follows a separator or line break.
 */
export const neutralizeFormulas = (cell: string): string => cell.replace(formula, "'")

/**
 * Removes the apostrophes that `neutralizeFormulas` adds. Every cell is unchanged after both.
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
 * A CSV file that spreadsheets read correctly: UTF-8 with a byte order mark, commas, CRLF, and no
 * cell that is a formula.
 *
 * @param headings the names of the columns.
 * @param rows the cells of each row, as many as there are headings.
 */
export const writeCsv = (
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): string => byteOrderMark + [headings, ...rows].map(csvLine).join('')
