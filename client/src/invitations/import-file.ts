/** A row of a file. */
export interface FileRow {
  /** The line in the file where the row begins, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

/** A sheet of a spreadsheet. */
export interface Sheet {
  readonly name: string
  readonly rows: readonly FileRow[]
}

/** The chosen file, before it is read in one of several ways. */
export type ImportFile = { readonly name: string } & (
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  | { readonly kind: 'spreadsheet'; readonly sheets: readonly Sheet[] }
)

/** A file as rows of cells below headings. */
export interface FileTable {
  /** The names of the columns; all different. */
  readonly headings: readonly string[]
  /** The rows that are not empty. */
  readonly rows: readonly FileRow[]
}

/** The maximum number of rows in a file; a larger file has to be divided. */
export const maxRows = 20_000

/** The maximum number of columns in a file. */
export const maxColumns = 200

/** The maximum size of a file in bytes. */
export const maxBytes = 10 * 1024 * 1024
