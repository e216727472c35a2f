/** A row of a file. */
export interface FileRow {
  /** Where it begins in the file, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

/** A sheet of a spreadsheet. */
export interface Sheet {
  readonly name: string
  readonly rows: readonly FileRow[]
}

/** What was chosen, before it is read in one of several ways. */
export type ImportFile = { readonly name: string } & (
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  | { readonly kind: 'spreadsheet'; readonly sheets: readonly Sheet[] }
)

/** A file as rows of cells below headings. */
export interface FileTable {
  /** The names of the columns, no two of them alike. */
  readonly headings: readonly string[]
  /** The rows that are not empty. */
  readonly rows: readonly FileRow[]
}

/** The most rows of a file; a larger one has to be divided. */
export const maxRows = 20_000

/** The most columns of a file. */
export const maxColumns = 200

/** The most bytes of a file. */
export const maxBytes = 10 * 1024 * 1024
