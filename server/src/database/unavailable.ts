import { QueryRunnerAlreadyReleasedError } from 'typeorm'

/**
 * The database cannot be used for now: it is away, fails over, is read-only or full. The caller
 * can send the same request again after a moment.
 */
export class DatabaseUnavailable extends Error {
  /** After so many seconds it is worth another try. */
  readonly retryAfterSeconds = 2
  /** The code of the cause, such as ECONNREFUSED or 57P01, for the log. */
  readonly code: string | undefined

  constructor(cause: unknown) {
    const { message, code } = cause as Partial<NodeJS.ErrnoException>
    // The AggregateError of a host with two addresses has no message of its own.
    super(`The database is unavailable: ${message || code || String(cause)}`, { cause })
    this.name = 'DatabaseUnavailable'
    this.code = code
  }
}

/** Codes of PostgreSQL by which a server says that it is a standby or read-only. */
const readOnlyCodes = new Set([
  // read_only_sql_transaction
  '25006',
  // feature_not_supported: a standby has no SERIALIZABLE, and nothing else of ours is unsupported.
  '0A000',
])

const unavailableCodes = new Set([
  // PostgreSQL: the server shuts down, crashed, starts, or closed an idle connection.
  '57P01',
  '57P02',
  '57P03',
  '57P05',
  '25P03',
  // It has no connection, disk, memory or time left.
  '53000',
  '53100',
  '53200',
  '53300',
  '53400',
  '57014',
  // Its disk fails.
  '58000',
  '58030',
  // The network, as Node reports it.
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  // SQLite: another process holds the lock, or the disk or the file fails.
  'SQLITE_BUSY',
  'SQLITE_LOCKED',
  'SQLITE_FULL',
  'SQLITE_IOERR',
  'SQLITE_READONLY',
  'SQLITE_CORRUPT',
  'SQLITE_CANTOPEN',
  'SQLITE_NOTADB',
  'SQLITE_PROTOCOL',
  'SQLITE_NOMEM',
])

// The driver has no codes for these.
const unavailableMessages =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed)/

/** The code of a failure, such as 40001 or ECONNREFUSED; empty without one. */
export const codeOf = (failure: unknown): string =>
  typeof failure === 'object' && failure !== null && 'code' in failure ? String(failure.code) : ''

/** Whether a PostgreSQL server refused to write because it is a standby or read-only. */
export const isReadOnlyServer = (failure: unknown): boolean => readOnlyCodes.has(codeOf(failure))

/** Whether an operation failed because the database cannot be used for now, and not by a fault of ours. */
export const isUnavailable = (failure: unknown): boolean => {
  if (failure instanceof DatabaseUnavailable) return true
  // TypeORM: the connection broke between two statements of a transaction.
  if (failure instanceof QueryRunnerAlreadyReleasedError) return true
  const code = codeOf(failure)
  return (
    unavailableCodes.has(code) ||
    // All of class 08: the connection failed. Poolers use it too.
    /^08[0-9A-Z]{3}$/.test(code) ||
    isReadOnlyServer(failure) ||
    (failure instanceof Error && unavailableMessages.test(failure.message))
  )
}

/** The failure as a {@link DatabaseUnavailable} if it is one; otherwise the failure itself. */
export const nameUnavailable = (failure: unknown): unknown =>
  failure instanceof DatabaseUnavailable || !isUnavailable(failure)
    ? failure
    : new DatabaseUnavailable(failure)
