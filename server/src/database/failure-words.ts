import { DatabaseUnavailable } from './unavailable.js'

// https://sqlite.org/rescode.html
const wordsOfSqlite: Readonly<Record<string, string>> = {
  SQLITE_BUSY:
    'it is locked: another process, or a long transaction, has held the write lock for more than 2 seconds',
  SQLITE_FULL: 'the disk is full',
  SQLITE_READONLY: 'the file or its file system is read-only',
  SQLITE_IOERR: 'the file system failed to read or write (I/O error)',
  SQLITE_CORRUPT: 'the file is damaged',
  SQLITE_NOTADB: 'the file is not a SQLite database',
  SQLITE_CANTOPEN: 'the file cannot be opened',
}

/** Describes the cause of a failed check in one sentence for the log. */
export const describeFailure = (failure: unknown): string => {
  const { code, message } = Object(failure) as Partial<NodeJS.ErrnoException>
  const words = code === undefined ? undefined : wordsOfSqlite[code]
  if (words !== undefined) return `The database is unavailable: ${words} (${code}).`
  if (failure instanceof DatabaseUnavailable) return `${failure.message}.`
  return `The database is unavailable: ${message || code || String(failure)}.`
}
