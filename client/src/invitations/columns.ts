import { fieldOf, type ImportField, importFields, isPlainName } from './column-names'
import type { FileTable } from './import-file'

/** Which column holds each field, from 0; null where none does. */
export type ColumnMapping = Readonly<Record<ImportField, number | null>>

// Enough to know a column by, of however many rows.
const sampleSize = 200

const isAddress = (text: string): boolean => {
  const [local, domain, ...others] = text.split('@')
  return Boolean(local && domain?.includes('.')) && others.length === 0 && !/[\s;,<>]/.test(text)
}

/** Whether most of the cells that are filled in are e-mail addresses. */
const holdsAddresses = ({ rows }: FileTable, column: number): boolean => {
  const cells = rows.slice(0, sampleSize).flatMap(row => row.cells[column] || [])
  return cells.length > 0 && cells.filter(isAddress).length * 2 > cells.length
}

/** Whether a column is filled in at all, as one of two that are called alike may not be. */
const isFilled = ({ rows }: FileTable, column: number): boolean =>
  rows.slice(0, sampleSize).some(row => (row.cells[column] ?? '') !== '')

/**
 * Finds the column of each field: by its heading, and the login also by what is in it. A column
 * of e-mail addresses is preferred for the login, because the invitation goes there.
 */
export const guessColumns = (table: FileTable): ColumnMapping => {
  const known = table.headings.map((heading, column) => ({
    column,
    // A heading that is there twice has its number behind it, in brackets.
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
    // A single one is no guess; of several, one might be the address of a manager.
    const unnamed = addresses.filter(({ found }) => found === null)
    return unnamed.length === 1 ? (unnamed[0]?.column ?? null) : columnOf('login')
  }
  const firstName = columnOf('firstName')
  const plainName = table.headings.findIndex(isPlainName)
  const mapping: Record<ImportField, number | null> = {
    ...(Object.fromEntries(importFields.map(field => [field, columnOf(field)])) as ColumnMapping),
    login: loginColumn(),
  }
  if (firstName !== null && mapping.lastName === null && plainName !== -1) {
    mapping.lastName = plainName
  }
  return mapping
}

/** The columns that hold something and are not read. */
export const unusedColumns = (table: FileTable, mapping: ColumnMapping): string[] => {
  const used = Object.values(mapping)
  return table.headings.filter((_, column) => !used.includes(column) && isFilled(table, column))
}
