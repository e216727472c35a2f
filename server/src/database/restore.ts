import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { DataSource } from 'typeorm'
import type { Config } from '../config/config.js'
import { ConfigError } from '../config/config-error.js'
import { refuseNewerDatabase } from './database-version.js'
import { refuseForeignWal } from './foreign-wal.js'
import { sqliteMigrations } from './migrations/index.js'
import { isSqliteInUse, withSqliteLock } from './sole-use.js'
import { resolveSqlitePath } from './sqlite-file.js'
import { isSqliteHeader, readHeader } from './sqlite-header.js'
import { markPathOf, syncFolderOf } from './sqlite-mark.js'

// The file comes first. If the move is interrupted, the file is missing and the server does not
// start. A file without its -wal would start, without its last changes.
const oldFiles = ['', '-wal', '-shm', '-journal'] as const

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** The facts about the backup for the operator. */
interface BackupFacts {
  readonly users: number
  /** Mails and webhook deliveries that were waiting when the backup was made. */
  readonly mails: number
  readonly deliveries: number
  /** Unix time of the last operation, in milliseconds; null if there is none. */
  readonly lastOperationAt: number | null
}

/**
 * Replaces the SQLite file with a backup. The earlier files are kept beside it, and the backup does
 * not change. Nothing is changed unless the backup is complete, belongs to Rekey, and is not from a
 * newer version.
 *
 * @param backupPath path of the backup, as the operator wrote it.
 * @returns the message for the operator.
 * @throws ConfigError if the backup is unusable, if a server is running, and for PostgreSQL.
 */
export const restoreBackup = async (
  { database, secrets }: Pick<Config, 'database' | 'secrets'>,
  backupPath: string,
): Promise<string> => {
  if (database.engine === 'postgres') {
    throw new ConfigError(['restore is for SQLite. Restore PostgreSQL with pg_restore.'])
  }
  const backup = await resolveSqlitePath(resolve(backupPath))
  const path = await resolveSqlitePath(database.file)
  if (backup === path) throw new ConfigError([`${backupPath} is the database itself.`])
  if (!(await exists(backup))) throw new ConfigError([`There is no file ${backupPath}.`])
  if (!isSqliteHeader(await readHeader(backup))) {
    throw new ConfigError([`${backupPath} is not a SQLite database.`])
  }
  await refuseForeignWal(backup)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  return withSqliteLock(path, async () => {
    const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
    const part = `${path}.restoring-${stamp}`
    try {
      const facts = await copyAndCheck(backup, part, backupPath)
      await refuseWhileInUse(path)
      const movedFiles = await moveAside(path, `${path}.before-${stamp}`)
      await rename(part, path)
      // It is that of the earlier file.
      await rm(markPathOf(path), { force: true })
      await syncFolderOf(path)
      return report({
        backupPath,
        path,
        movedFiles,
        facts,
        keyName: secrets.key ? 'SECRETS_KEY' : secrets.file,
      })
    } finally {
      for (const suffix of oldFiles) await rm(part + suffix, { force: true })
    }
  })
}

/** The lock shows running servers. Other commands, such as a seed, may have the file open too. */
const refuseWhileInUse = async (path: string): Promise<void> => {
  const canBeOpened = await refuseForeignWal(path).then(
    async () => isSqliteHeader(await readHeader(path)),
    // Opening it would damage it even more.
    () => false,
  )
  if (!canBeOpened) return
  // A damaged file may be replaced.
  if (await isSqliteInUse(path).catch(() => false)) {
    throw new ConfigError(['The database is in use: wait until the other command has ended.'])
  }
}

/**
 * Copies the backup, then checks and cleans up the copy, so that nothing writes to the backup
 * itself.
 */
const copyAndCheck = async (
  backup: string,
  part: string,
  backupPath: string,
): Promise<BackupFacts> => {
  await copyPrivately(backup, part)
  // Another program may have copied all files, including a -wal.
  if (await exists(`${backup}-wal`)) await copyPrivately(`${backup}-wal`, `${part}-wal`)
  const source = new DataSource({ type: 'sqlite', database: part, logging: false })
  let facts: BackupFacts
  try {
    await source.initialize()
    facts = await check(source, backupPath)
    // Moves everything into one file, so that no -wal belongs to it.
    await source.query('PRAGMA journal_mode = DELETE')
  } catch (failure) {
    if (failure instanceof ConfigError) throw failure
    const { code } = Object(failure) as { code?: string }
    if (code !== 'SQLITE_CORRUPT' && code !== 'SQLITE_NOTADB') throw failure
    throw new ConfigError([`${backupPath} is damaged. Nothing was changed.`], { cause: failure })
  } finally {
    if (source.isInitialized) await source.destroy()
  }
  const written = await open(part, 'r+')
  await written.sync()
  await written.close()
  return facts
}

const copyPrivately = async (from: string, to: string): Promise<void> => {
  const handle = await open(to, 'wx', 0o600)
  await pipeline(createReadStream(from), handle.createWriteStream())
}

const check = async (source: DataSource, backupPath: string): Promise<BackupFacts> => {
  const [verdict] = await source.query('PRAGMA integrity_check(1)')
  if (verdict?.integrity_check !== 'ok') {
    throw new ConfigError([
      `${backupPath} is damaged (${verdict?.integrity_check}). Nothing was changed.`,
    ])
  }
  const tables: { name: string }[] = await source.query(
    "SELECT name FROM sqlite_master WHERE type = 'table'",
  )
  const names = new Set(tables.map(({ name }) => name))
  if (!['migrations', 'users', 'operations'].every(name => names.has(name))) {
    throw new ConfigError([`${backupPath} is not a database of Rekey. Nothing was changed.`])
  }
  await refuseNewerDatabase(source, sqliteMigrations)
  const count = async (table: string, condition = '1'): Promise<number> => {
    // An older backup lacks the tables of later versions.
    if (!names.has(table)) return 0
    const [row] = await source.query(`SELECT count(*) AS n FROM ${table} WHERE ${condition}`)
    return row.n
  }
  const [last] = await source.query('SELECT max(at) AS at FROM operations')
  return {
    users: await count('users'),
    mails: await count('outbox_mails'),
    deliveries: await count('webhook_deliveries', "status = 'PENDING'"),
    lastOperationAt: last?.at ?? null,
  }
}

/** Renames the earlier files. They still belong together under the new names. */
const moveAside = async (path: string, aside: string): Promise<string[]> => {
  const movedFiles: string[] = []
  for (const suffix of oldFiles) {
    if (!(await exists(path + suffix))) continue
    await rename(path + suffix, aside + suffix)
    movedFiles.push(aside + suffix)
  }
  return movedFiles
}

interface Restored {
  readonly backupPath: string
  readonly path: string
  readonly movedFiles: readonly string[]
  readonly facts: BackupFacts
  /** Where the secrets key is: the setting or the file. */
  readonly keyName: string
}

const report = ({ backupPath, path, movedFiles, facts, keyName }: Restored): string => {
  const { users, mails, deliveries, lastOperationAt } = facts
  const until =
    lastOperationAt === null
      ? ''
      : ` Its last operation was at ${new Date(lastOperationAt).toISOString()}.`
  return [
    `Restored ${backupPath} to ${path}: ${users} users.${until}`,
    ...(movedFiles.length === 0
      ? []
      : ['The earlier files are kept:', ...movedFiles.map(name => `  ${name}`)]),
    'Before you start the server:',
    `- ${keyName} must be the secrets key from the time of the backup.`,
    `- The server will send again what was waiting at that time: ${mails} mails and ${deliveries} webhook deliveries.`,
    '- Later changes are lost: earlier passwords, sessions, API tokens, roles and users are valid again. Block users and revoke tokens again if you had done so.',
  ].join('\n')
}
