/**
 * The database cannot be used for now: it is away, locked, full, read-only or damaged. The caller
 * did nothing wrong, and can send the same request again later. The message is for the log.
 */
export class DatabaseUnavailable extends Error {
  /** The code of the cause, such as SQLITE_FULL. */
  readonly code: string | undefined

  constructor(cause: unknown) {
    const { message, code } = cause as Partial<NodeJS.ErrnoException>
    super(`The database is unavailable: ${message || code || String(cause)}`, { cause })
    this.name = 'DatabaseUnavailable'
    this.code = code
  }
}
