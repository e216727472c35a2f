import { QueryRunnerAlreadyReleasedError } from 'typeorm'

/**
 * The database is unavailable for now: the server does not respond, fails over, is read-only or
 * full. The caller can send the same request again after a moment.
 */
export class DatabaseUnavailable extends Error {
  /** After how many seconds the caller should retry. */
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

/** PostgreSQL codes of a server that is a standby or read-only. */
const readOnlyCodes = new Set([
  // read_only_sql_transaction
  '25006',
  // feature_not_supported: a standby does not support SERIALIZABLE, and we use no other unsupported
  // feature.
  '0A000',
])

const unavailableCodes = new Set([
  // PostgreSQL: the server shuts down, has crashed, is starting, or has closed an idle connection.
  '57P01',
  '57P02',
  '57P03',
  '57P05',
  '25P03',
  // It has run out of connections, disk space, memory or time.
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

/** The code of an error, such as 40001 or ECONNREFUSED; empty if there is none. */
export const codeOf = (failure: unknown): string =>
  typeof failure === 'object' && failure !== null && 'code' in failure ? String(failure.code) : ''

/** Whether a PostgreSQL server rejected a write because it is a standby or read-only. */
export const isReadOnlyServer = (failure: unknown): boolean => readOnlyCodes.has(codeOf(failure))

/** Whether an operation failed because the database is unavailable, and not because of a bug. */
export const isUnavailable = (failure: unknown): boolean => {
  if (failure instanceof DatabaseUnavailable) return true
  // TypeORM: the connection broke between two statements of a transaction.
  if (failure instanceof QueryRunnerAlreadyReleasedError) return true
  const code = codeOf(failure)
  return (
    unavailableCodes.has(code) ||
    // The whole class 08: the connection failed. Poolers use it too.
    /^08[0-9A-Z]{3}$/.test(code) ||
    isReadOnlyServer(failure) ||
    (failure instanceof Error && unavailableMessages.test(failure.message))
  )
}

/**
 * Converts the error to a {@link DatabaseUnavailable} if it means that; otherwise returns it
 * unchanged.
 */
export const nameUnavailable = (failure: unknown): unknown =>
  failure instanceof DatabaseUnavailable || !isUnavailable(failure)
    ? failure
    : new DatabaseUnavailable(failure)
