import { existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { DataSource } from 'typeorm'
import type { Config } from '../config/config.js'
import { ConfigError } from '../config/config-error.js'
import { refuseForeignWal } from './foreign-wal.js'
import { requireDatabase } from './open-database.js'
import { resolveSqlitePath } from './sqlite-file.js'

/**
 * Copies a SQLite file as it is at one moment, also while a server writes to it: the
 * copy is whole, and needs no -wal beside it. It has its name once it is.
 *
 * @throws ConfigError for PostgreSQL, which has pg_dump; when there is no database, and when the
 * file is there already.
 */
export const backUp = async (database: Config['database'], file: string): Promise<void> => {
  if (database.engine === 'postgres') {
    throw new ConfigError(['backup is for SQLite; PostgreSQL is backed up by pg_dump.'])
  }
  requireDatabase(database)
  await refuseForeignWal(await resolveSqlitePath(database.file))
  const refuse = (name: string): never => {
    throw new ConfigError([`${name} is there already, or can’t be written.`])
  }
  if (existsSync(file)) refuse(file)
  // Made by us, for our eyes only, before there is anything in it. Not through a link or into a
  // file that someone put there, which others might read.
  const part = `${file}.part`
  const made = await open(part, 'wx', 0o600).catch(() => refuse(part))
  await made.close()
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
