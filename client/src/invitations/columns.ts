import { fieldOf, type ImportField, importFields, isPlainName } from './column-names'
import type { FileTable } from './import-file'

/** The index of the column for each field, from 0; null if there is none. */
export type ColumnMapping = Readonly<Record<ImportField, number | null>>

// Enough rows to recognize a column, however many there are.
const sampleSize = 200

const isAddress = (text: string): boolean => {
  const [local, domain, ...others] = text.split('@')
  return Boolean(local && domain?.includes('.')) && others.length === 0 && !/[\s;,<>]/.test(text)
}

/** Whether most of the filled cells are e-mail addresses. */
const holdsAddresses = ({ rows }: FileTable, column: number): boolean => {
  const cells = rows.slice(0, sampleSize).flatMap(row => row.cells[column] || [])
  return cells.length > 0 && cells.filter(isAddress).length * 2 > cells.length
}

/** Whether a column has any filled cell. One of two columns with the same name may have none. */
const isFilled = ({ rows }: FileTable, column: number): boolean =>
  rows.slice(0, sampleSize).some(row => (row.cells[column] ?? '') !== '')

/**
 * Finds the column of each of these fields: by its heading, and for the login also by the content. A column
 * of e-mail addresses is preferred for the login, because the invitation goes there.
 */
export const guessColumns = (
  table: FileTable,
  fields: readonly ImportField[] = importFields,
): ColumnMapping => {
  const known = table.headings.map((heading, column) => ({
    column,
    // A repeated heading ends with its number in brackets.
    found: fieldOf(heading),
    isFilled: isFilled(table, column),
  }))
  const columnOf = (field: ImportField): number | null => {
    const named = known
      .flatMap(({ found, ...one }) =>
        found?.field === field ? [{ ...one, place: found.place }] : [],
      )
      .sort(
        (one, other) => Number(other.isFilled) - Number(one.isFilled) || one.place - other.place,
      )
    return named[0]?.column ?? null
  }
  const loginColumn = (): number | null => {
    const addresses = known.filter(({ column }) => holdsAddresses(table, column))
    const named = addresses
      .flatMap(({ column, found }) => (found?.field === 'login' ? [{ column, ...found }] : []))
      .sort((one, other) => one.place - other.place)
    if (named[0] !== undefined) return named[0].column
    // A single such column is certain; if there are several, one might contain the address
    // of a manager.
    const unnamed = addresses.filter(({ found }) => found === null)
    return unnamed.length === 1 ? (unnamed[0]?.column ?? null) : columnOf('login')
  }
  const firstName = columnOf('firstName')
  const plainName = table.headings.findIndex(isPlainName)
  const mapping: Record<ImportField, number | null> = {
    ...(Object.fromEntries(
      importFields.map(field => [field, fields.includes(field) ? columnOf(field) : null]),
    ) as ColumnMapping),
    login: loginColumn(),
  }
  if (firstName !== null && mapping.lastName === null && plainName !== -1) {
    mapping.lastName = plainName
  }
  return mapping
}

/** The columns that are not empty and not imported. */
export const unusedColumns = (table: FileTable, mapping: ColumnMapping): string[] => {
  const used = Object.values(mapping)
  return table.headings.filter((_, column) => !used.includes(column) && isFilled(table, column))
}
