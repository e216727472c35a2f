import { chmod, open, rm } from 'node:fs/promises'
import { DataSource } from 'typeorm'
import type { Config } from '../config/config.js'
import { ConfigError } from '../config/config-error.js'

/**
 * Copies a SQLite file as it is at one moment, also while a server writes to it: the
 * copy is whole, and needs no -wal beside it.
 *
 * @throws ConfigError for PostgreSQL, which has pg_dump, and when the file is there already.
 */
export const backUp = async (database: Config['database'], file: string): Promise<void> => {
  if (database.engine === 'postgres') {
    throw new ConfigError(['backup is for SQLite; PostgreSQL is backed up by pg_dump.'])
  }
  // Made by us, for our eyes only, before there is anything in it.
  const made = await open(file, 'wx', 0o600).catch(() => {
    throw new ConfigError([`${file} is there already, or can’t be written.`])
  })
  await made.close()
  const source = new DataSource({ type: 'sqlite', database: database.file, logging: false })
  try {
    await source.initialize()
    await source.query('VACUUM INTO ?', [file])
    await chmod(file, 0o600)
  } catch (failure) {
    await rm(file, { force: true })
    throw failure
  } finally {
    if (source.isInitialized) await source.destroy()
  }
}
