import type { CsvTable } from './users-csv'

/** A file that was read. */
export interface ImportFile {
  readonly name: string
  readonly table: CsvTable
}
