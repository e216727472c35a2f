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

/** Learns that the server waits for a database that is away, before each try. */
export type WaitReport = (failure: unknown, secondsLeft: number) => void

/**
 * Opens the database that is configured, and brings its tables up to date.
 *
 * @param onWait has it wait `DATABASE_WAIT_SECONDS` for a PostgreSQL server that is away. Without
 * it, a server that is away is a failure at once, as a command wants it.
 * @throws ConfigError when it can't be reached, is no database, or is a newer version's.
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
 * As {@link openDatabase}, for a server: a SQLite file has only one, so this takes its lock first.
 *
 * @throws ConfigError also when another server has the SQLite file.
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
        `Another server uses ${path}. A SQLite file has one server: stop that one first, or use PostgreSQL for several.`,
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
 * As {@link openDatabase}, for commands that look at what is there: opening a file that is not
 * would make an empty one, and tell of that.
 *
 * @throws ConfigError when there is no such SQLite file, and when its tables are those of an
 * earlier version.
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
  // To open it beside a -wal of another file would write that one into it.
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
 * Requires that there is something in the SQLite file: SQLite would make a database of an empty
 * one, and delete the `-wal` beside it, which may have all that is left.
 *
 * @throws ConfigError when there is no such SQLite file, or nothing in it.
 */
export const requireDatabase = (settings: Config['database']): void => {
  if (settings.engine === 'postgres') return
  const size = statSync(settings.file, { throwIfNoEntry: false })?.size
  if (size !== undefined && size > 0) return
  throw new ConfigError([
    size === undefined
      ? `There is no database at ${settings.file}. DATA_DIR or DATABASE_URL says where the server has it.`
      : `The database is missing: there is nothing in ${settings.file}. Nothing was changed. To restore a backup, run: npm run rekey -- restore <the backup>`,
  ])
}

/** A database without a connection, for programs that only describe what works on it. */
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

/** A wrong password or a missing database fails at once: waiting would not help. */
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
