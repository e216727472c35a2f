import { DataSource } from 'typeorm'
import type { Config } from '../config/config.js'
import { ConfigError, dependingOn } from '../config/config-error.js'
import { refuseForeignWal } from './foreign-wal.js'
import { requireDatabase } from './open-database.js'
import { resolveSqlitePath } from './sqlite-file.js'
import { SqliteLock } from './sqlite-lock.js'

const inUse = () => new ConfigError(['The database is in use: stop every server on it first.'])

/**
 * Does work that a running server must not miss. On SQLite, no server can start until it is done.
 * On PostgreSQL it is only a check, not a lock: a server may start right after it.
 *
 * @throws ConfigError if another process uses the database, or if there is none.
 */
export const withSoleUse = async <Result>(
  settings: Config['database'],
  work: () => Promise<Result>,
): Promise<Result> => {
  requireDatabase(settings)
  if (settings.engine === 'postgres') {
    await requireUnusedPostgres(settings.url)
    return work()
  }
  const path = await resolveSqlitePath(settings.file)
  return withSqliteLock(path, async () => {
    await refuseForeignWal(path)
    if (await isSqliteInUse(path)) throw inUse()
    return work()
  })
}

/**
 * Does work while no server uses the SQLite file, and none can start.
 *
 * @throws ConfigError if a server is running.
 */
export const withSqliteLock = async <Result>(
  path: string,
  work: () => Promise<Result>,
): Promise<Result> => {
  const lock = await SqliteLock.take(path)
  if (lock === null) throw inUse()
  try {
    return await work()
  } finally {
    await lock.release()
  }
}

/**
 * Whether another process has the file open, such as a command beside the server. In WAL mode, each
 * process holds a shared lock on the file.
 */
export const isSqliteInUse = async (file: string): Promise<boolean> => {
  const source = await new DataSource({ type: 'sqlite', database: file }).initialize()
  try {
    await source.query('PRAGMA locking_mode = EXCLUSIVE')
    await source.query('BEGIN EXCLUSIVE')
    await source.query('ROLLBACK')
    return false
  } catch (failure) {
    if (String(failure).includes('SQLITE_BUSY')) return true
    throw failure
  } finally {
    await source.destroy()
  }
}

/**
 * Requires that no server is connected to a PostgreSQL database.
 *
 * @throws ConfigError if one is.
 */
export const requireUnusedPostgres = async (url: string): Promise<void> => {
  if (await dependingOn('DATABASE_URL', () => isPostgresInUse(url))) throw inUse()
}

/** Whether a server has connections, to which {@link openPostgres} gives this name. */
const isPostgresInUse = async (url: string): Promise<boolean> => {
  const source = await new DataSource({
    type: 'postgres',
    url,
    installExtensions: false,
    applicationName: 'rekey check',
  }).initialize()
  try {
    const others = await source.query(`SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'rekey' LIMIT 1`)
    return others.length > 0
  } finally {
    await source.destroy()
  }
}
