import { statSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { DataSource } from 'typeorm'
import type { Config, PostgresSettings } from '../config/config.js'
import { ConfigError, dependingOn } from '../config/config-error.js'
import { Database, type EntityClasses } from './database.js'
import { refuseOlderDatabase } from './database-version.js'
import { refuseForeignWal } from './foreign-wal.js'
import { postgresMigrations, sqliteMigrations } from './migrations/index.js'
import { openPostgres } from './postgres.js'
import { openSqlite } from './sqlite.js'
import { resolveSqlitePath } from './sqlite-file.js'
import { SqliteLock } from './sqlite-lock.js'
import { isUnavailable } from './unavailable.js'

/** Called before each retry while the server waits for an unavailable database. */
export type WaitReport = (failure: unknown, secondsLeft: number) => void

/**
 * Opens the configured database and migrates its tables.
 *
 * @param onWait if given, waits up to `DATABASE_WAIT_SECONDS` for an unavailable PostgreSQL server.
 * Otherwise an unavailable server is an error immediately, as commands need it.
 * @throws ConfigError if the database cannot be reached, is not a database, or belongs to a newer
 * version.
 */
export const openDatabase = (
  settings: Config['database'],
  entities: EntityClasses,
  onWait?: WaitReport,
): Promise<Database> =>
  settings.engine === 'postgres'
    ? dependingOn('DATABASE_URL', () => openPostgresInTime(settings, entities, onWait))
    : dependingOn('DATA_DIR or DATABASE_URL', () => openSqlite(settings.file, entities))

/**
 * Like {@link openDatabase}, for a server. A SQLite file can have only one server, so this acquires
 * its lock first.
 *
 * @throws ConfigError also if another server uses the SQLite file.
 */
export const openDatabaseOfServer = async (
  settings: Config['database'],
  entities: EntityClasses,
  onWait?: WaitReport,
): Promise<Database> => {
  if (settings.engine === 'postgres') return openDatabase(settings, entities, onWait)
  return dependingOn('DATA_DIR or DATABASE_URL', async () => {
    const path = await resolveSqlitePath(settings.file)
    const lock = await SqliteLock.take(path)
    if (lock === null) {
      throw new ConfigError([
        `Another server uses ${path}. A SQLite file can have only one server: stop the other server first, or use PostgreSQL for several.`,
      ])
    }
    try {
      return await openSqlite(settings.file, entities, lock)
    } catch (failure) {
      await lock.release()
      throw failure
    }
  })
}

/**
 * Like {@link openDatabase}, for commands on an existing database. Opening a missing file would
 * create an empty one, and the command would report on that.
 *
 * @throws ConfigError if the SQLite file does not exist, or an earlier version made its tables.
 */
export const openExistingDatabase = async (
  settings: Config['database'],
  entities: EntityClasses,
): Promise<Database> => {
  requireDatabase(settings)
  await dependingOn('DATA_DIR or DATABASE_URL', () => requireUpToDate(settings))
  return openDatabase(settings, entities)
}

const requireUpToDate = async (settings: Config['database']): Promise<void> => {
  const isPostgres = settings.engine === 'postgres'
  // SQLite would write the -wal of another file into this one.
  if (!isPostgres) await refuseForeignWal(await resolveSqlitePath(settings.file))
  const source = new DataSource(
    isPostgres
      ? { type: 'postgres', url: settings.url, installExtensions: false }
      : { type: 'sqlite', database: settings.file },
  )
  await source.initialize()
  try {
    await refuseOlderDatabase(source, isPostgres ? postgresMigrations : sqliteMigrations)
  } finally {
    await source.destroy()
  }
}

/**
 * Requires content in the SQLite file. SQLite would create a database in an empty one, and delete
 * the `-wal` beside it, which may contain the only remaining data.
 *
 * @throws ConfigError if the SQLite file does not exist or is empty.
 */
export const requireDatabase = (settings: Config['database']): void => {
  if (settings.engine === 'postgres') return
  const size = statSync(settings.file, { throwIfNoEntry: false })?.size
  if (size !== undefined && size > 0) return
  throw new ConfigError([
    size === undefined
      ? `There is no database at ${settings.file}. Set DATA_DIR or DATABASE_URL as for the server.`
      : `The database is missing: there is nothing in ${settings.file}. Nothing was changed. To restore a backup, run: npm run rekey -- restore <the backup>`,
  ])
}

/** A database without a connection, for programs that only describe what uses it. */
export const unopenedDatabase = (entities: EntityClasses): Database => {
  const source = new DataSource({ type: 'sqlite', database: ':memory:', entities: [...entities] })
  const refuse = async (): Promise<never> => {
    throw new Error('This database is not open.')
  }
  return new Database('sqlite', source, source, {
    run: refuse,
    drained: refuse,
    ping: refuse,
  })
}

const waitStepMs = 1_000

/**
 * Retries while the server is unavailable. A wrong password or a missing database is an error
 * immediately, because waiting would not help.
 */
const openPostgresInTime = async (
  settings: PostgresSettings,
  entities: EntityClasses,
  onWait: WaitReport | undefined,
): Promise<Database> => {
  const until = performance.now() + settings.waitSeconds * 1_000
  for (;;) {
    try {
      return await openPostgres(settings, entities)
    } catch (failure) {
      const leftMs = until - performance.now()
      if (onWait === undefined || leftMs <= 0 || !isUnavailable(failure)) throw failure
      onWait(failure, Math.ceil(leftMs / 1_000))
      await wait(Math.min(waitStepMs, leftMs))
    }
  }
}
