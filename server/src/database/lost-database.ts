import { stat } from 'node:fs/promises'
import type { Config } from '../config/config.js'
import { ConfigError } from '../config/config-error.js'
import { resolveSqlitePath } from './sqlite-file.js'
import { markPathOf } from './sqlite-mark.js'

const hasContent = (path: string): Promise<boolean> =>
  stat(path).then(
    ({ size }) => size > 0,
    () => false,
  )

/**
 * Rejects the creation of a SQLite file if there was one before: it was lost, moved or emptied, or
 * the settings name the wrong place. An empty installation would lock everyone out, and its set-up
 * link in the log would let its first reader become the owner.
 *
 * @throws ConfigError that explains how to restore a backup and how to start a new installation.
 */
export const refuseLostDatabase = async ({
  database,
  secrets,
}: Pick<Config, 'database' | 'secrets'>): Promise<void> => {
  if (database.engine === 'postgres' || (await hasContent(database.file))) return
  const path = await resolveSqlitePath(database.file)
  const traces: string[] = []
  if (await hasContent(secrets.file)) traces.push(secrets.file)
  if (await hasContent(markPathOf(path))) traces.push(markPathOf(path))
  if (await hasContent(`${path}-wal`)) traces.push(`${path}-wal`)
  if (traces.length === 0) return
  throw new ConfigError([
    `The database is missing: there is nothing in ${database.file}, but there was an installation before, because ${traces.join(' and ')} ${traces.length === 1 ? 'exists' : 'exist'}. Nothing was changed.`,
    'If the database is in another place, set DATA_DIR or DATABASE_URL.',
    'To restore a backup, run: npm run rekey -- restore <the backup>',
    'To start a new and empty installation instead, start once with: npm start -- --new-installation',
  ])
}
