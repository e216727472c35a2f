import { existsSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { DataSource } from 'typeorm'
import type { Config, PostgresSettings } from '../config/config.js'
import { ConfigError, dependingOn } from '../config/config-error.js'
import { Database, type EntityClasses } from './database.js'
import { openPostgres } from './postgres.js'
import { openSqlite } from './sqlite.js'
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
    : dependingOn('DATA_DIR or DATABASE_URL', () => openSqliteOfOwner(settings.file, entities))

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

/** What every SQLite file with anything in it begins with (Database File Format, 1.3). */
const sqliteStart = Buffer.from('SQLite format 3\0')

const openSqliteOfOwner = async (file: string, entities: EntityClasses): Promise<Database> => {
  // Hashes are in there: for the owner's eyes only, before there is anything in it. What
  // SQLite puts beside a file has the file's mode.
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const handle = await open(file, 'a+', 0o600)
  try {
    // Before anything of it is changed: the setting may name a file of someone else's.
    const start = Buffer.alloc(sqliteStart.length)
    const { bytesRead } = await handle.read(start, 0, start.length, 0)
    if (bytesRead > 0 && !start.equals(sqliteStart)) {
      throw new ConfigError([`DATA_DIR or DATABASE_URL: ${file} is no SQLite database.`])
    }
    await handle.chmod(0o600)
  } finally {
    await handle.close()
  }
  return openSqlite(file, entities)
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
  return new Database('sqlite', source, source, { run: refuse, drained: refuse })
}
