import { existsSync } from 'node:fs'
import { chmod, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Config } from '../config/config.js'
import { ConfigError, dependingOn } from '../config/config-error.js'
import type { Database } from './database.js'
import { openPostgres } from './postgres.js'
import { openSqlite } from './sqlite.js'

/**
 * Opens the database that is configured, and brings its tables up to date.
 *
 * @throws ConfigError when it can't be reached, or is a newer version's.
 */
export const openDatabase = (settings: Config['database']): Promise<Database> =>
  settings.engine === 'postgres'
    ? dependingOn('DATABASE_URL', () => openPostgres(settings))
    : dependingOn('DATA_DIR or DATABASE_URL', () => openSqliteOfOwner(settings.file))

const openSqliteOfOwner = async (file: string): Promise<Database> => {
  // Hashes are in there: for the owner's eyes only, before there is anything in it. What
  // SQLite puts beside a file has the file's mode.
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const made = await open(file, 'a', 0o600)
  await made.close()
  await chmod(file, 0o600)
  return openSqlite(file)
}

/**
 * As {@link openDatabase}, for commands that look at what is there: opening a file that is not
 * would make an empty one, and tell of that.
 *
 * @throws ConfigError when there is no such SQLite file.
 */
export const openExistingDatabase = async (settings: Config['database']): Promise<Database> => {
  requireDatabase(settings)
  return openDatabase(settings)
}

/** @throws ConfigError when there is no such SQLite file. */
export const requireDatabase = (settings: Config['database']): void => {
  if (settings.engine === 'postgres' || existsSync(settings.file)) return
  throw new ConfigError([
    `There is no database at ${settings.file}. DATA_DIR or DATABASE_URL says where the server has it.`,
  ])
}
