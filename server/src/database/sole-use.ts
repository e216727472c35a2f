import { DataSource } from 'typeorm'
import type { Config } from '../config/config.js'
import { ConfigError, dependingOn } from '../config/config-error.js'
import { requireDatabase } from './open-database.js'

/**
 * Requires that no other process uses the database, for work that a running server must not
 * miss. It is a check and no lock: a server may start right after it.
 *
 * @throws ConfigError when another process uses it, or there is no database.
 */
export const requireSoleUse = async (settings: Config['database']): Promise<void> => {
  requireDatabase(settings)
  const inUse =
    settings.engine === 'postgres'
      ? await dependingOn('DATABASE_URL', () => isPostgresInUse(settings.url))
      : await isSqliteInUse(settings.file)
  if (inUse) throw new ConfigError(['The database is in use: stop every server on it first.'])
}

/** Whether another process has the file open: in WAL mode, each holds a shared lock on it. */
const isSqliteInUse = async (file: string): Promise<boolean> => {
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

/** Whether there are connections of a server, which {@link openPostgres} gives this name. */
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
