import { chmod, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Config } from '../config/config.js'
import type { Database } from './database.js'
import { openPostgres } from './postgres.js'
import { openSqlite } from './sqlite.js'

/** Opens the database that is configured, and brings its tables up to date. */
export const openDatabase = async (settings: Config['database']): Promise<Database> => {
  if (settings.engine === 'postgres') return openPostgres(settings)
  // Hashes are in there: for the owner's eyes only.
  await mkdir(dirname(settings.file), { recursive: true, mode: 0o700 })
  const database = await openSqlite(settings.file)
  await chmod(settings.file, 0o600)
  return database
}
