import { existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { DataSource } from 'typeorm'
import type { Config } from '../config/config.js'
import { ConfigError } from '../config/config-error.js'
import { refuseForeignWal } from './foreign-wal.js'
import { requireDatabase } from './open-database.js'
import { resolveSqlitePath } from './sqlite-file.js'

/**
 * Copies a SQLite file in its state at one moment, even while a server writes to it. The copy is
 * complete and needs no -wal beside it. It gets its final name when it is finished.
 *
 * @throws ConfigError for PostgreSQL, which has pg_dump; if there is no database; and if the file
 * already exists.
 */
export const backUp = async (database: Config['database'], file: string): Promise<void> => {
  if (database.engine === 'postgres') {
    throw new ConfigError(['backup is for SQLite. Back up PostgreSQL with pg_dump.'])
  }
  requireDatabase(database)
  await refuseForeignWal(await resolveSqlitePath(database.file))
  const refuse = (name: string): never => {
    throw new ConfigError([`${name} already exists, or cannot be written.`])
  }
  if (existsSync(file)) refuse(file)
  // Creates the file, readable only by its owner, before writing data to it. It does not follow a
  // link or use a file that someone else has put there, because others might be able to read that.
  const part = `${file}.part`
  const handle = await open(part, 'wx', 0o600).catch(() => refuse(part))
  await handle.close()
  const source = new DataSource({ type: 'sqlite', database: database.file, logging: false })
  try {
    await source.initialize()
    await source.query('VACUUM INTO ?', [part])
    const written = await open(part, 'r+')
    await written.sync()
    await written.close()
    await rename(part, file)
  } catch (failure) {
    await rm(part, { force: true })
    throw failure
  } finally {
    if (source.isInitialized) await source.destroy()
  }
}
