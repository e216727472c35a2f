import { existsSync } from 'node:fs'
import { DataSource } from 'typeorm'
import type { Config } from '../config/config.js'
import { ConfigError, dependingOn } from '../config/config-error.js'
import { Database, type EntityClasses } from './database.js'
import { openPostgres } from './postgres.js'
import { openSqlite } from './sqlite.js'
import { resolveSqlitePath } from './sqlite-file.js'
import { SqliteLock } from './sqlite-lock.js'

/**
 * Opens the database that is configured, and brings its tables up to date.
 *
 * @throws ConfigError when it can't be reached, is no database, or is a newer version's.
 */
export const openDatabase = (
  settings: Config['database'],
  entities: EntityClasses,
): Promise<Database> =>
  settings.engine === 'postgres'
    ? dependingOn('DATABASE_URL', () => openPostgres(settings, entities))
    : dependingOn('DATA_DIR or DATABASE_URL', () => openSqlite(settings.file, entities))

/**
 * As {@link openDatabase}, for a server: a SQLite file has only one, so this takes its lock first.
 *
 * @throws ConfigError also when another server has the SQLite file.
 */
export const openDatabaseOfServer = async (
  settings: Config['database'],
  entities: EntityClasses,
): Promise<Database> => {
  if (settings.engine === 'postgres') return openDatabase(settings, entities)
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
 * @throws ConfigError when there is no such SQLite file.
 */
export const openExistingDatabase = async (
  settings: Config['database'],
  entities: EntityClasses,
): Promise<Database> => {
  requireDatabase(settings)
  return openDatabase(settings, entities)
}

/** @throws ConfigError when there is no such SQLite file. */
export const requireDatabase = (settings: Config['database']): void => {
  if (settings.engine === 'postgres' || existsSync(settings.file)) return
  throw new ConfigError([
    `There is no database at ${settings.file}. DATA_DIR or DATABASE_URL says where the server has it.`,
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
