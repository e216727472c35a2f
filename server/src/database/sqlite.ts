import { promise as queueOf } from 'fastq'
import { DataSource, type DataSourceOptions } from 'typeorm'
import { Database, type EntityClasses, type TransactionWork } from './database.js'
import { refuseNewerDatabase } from './database-version.js'
import { sqliteMigrations } from './migrations/index.js'
import { preparingSqlite } from './prepared-sqlite.js'
import { SqliteFile } from './sqlite-file.js'
import type { SqliteLock } from './sqlite-lock.js'
import { type MarkedHeader, markFile } from './sqlite-mark.js'
import { runTransaction } from './transaction.js'

type Work = () => Promise<unknown>

// A copy that is older than this is recognized beside a -wal that does not belong to it.
const markEveryMs = 60 * 60 * 1000

// Shorter than the deadline of the readiness check, so that it can report the lock as the cause.
const pingBusyMs = 2_000

/**
 * Opens a SQLite file. Creates it and migrates its tables if necessary. A server passes its lock,
 * which is released together with the database.
 *
 * TypeORM's driver has one connection for each data source, so a query of another request that
 * arrives during a transaction would run inside it. That is why there is one connection for
 * writing, whose transactions run one after another, and one for reading. With WAL, the reading
 * connection sees the last committed state.
 */
export const openSqlite = async (
  path: string,
  entities: EntityClasses,
  lock?: SqliteLock,
): Promise<Database> => {
  const file = await SqliteFile.open(path)
  try {
    return await openConnections(file, entities, lock)
  } catch (failure) {
    await file.close()
    throw failure
  }
}

const openConnections = async (
  file: SqliteFile,
  entities: EntityClasses,
  lock: SqliteLock | undefined,
): Promise<Database> => {
  const options: DataSourceOptions = {
    type: 'sqlite',
    database: file.path,
    entities: [...entities],
    migrations: [...sqliteMigrations],
    synchronize: false,
    // TypeORM's loggers print bound parameters, and those hold hashes.
    logging: false,
    busyTimeout: 5_000,
    // TypeORM requests the driver with long stack traces, which cost more than the queries.
    driver: { verbose: () => preparingSqlite },
  }
  const writer = await new DataSource({ ...options, enableWAL: true }).initialize()
  await refuseNewerDatabase(writer, sqliteMigrations).catch(async failure => {
    await writer.destroy()
    throw failure
  })
  await writer.runMigrations({ transaction: 'each' })
  const reader = await new DataSource(options).initialize()
  await reader.query('PRAGMA query_only = ON')
  // 64 MiB each, enough for the upper levels of every index of a million users.
  for (const source of [writer, reader]) await source.query('PRAGMA cache_size = -65536')
  // Overwrites deleted data instead of leaving it in unused pages.
  await writer.query('PRAGMA secure_delete = ON')
  // A separate connection: it neither waits in the queue nor answers from a warm cache.
  const pinger = await new DataSource({ ...options, busyTimeout: pingBusyMs }).initialize()
  await pinger.query('SELECT 1 FROM heartbeats')
  const mark = async () => {
    // Only the process that has the lock marks the file.
    if (lock !== undefined) await markFile(file.path, markedHeaderOf(writer))
  }
  await mark()
  await file.remember()

  const queue = queueOf((work: Work) => work(), 1)
  const marking = setInterval(() => {
    // If this fails, the readiness check fails too and reports the cause.
    queue.push(mark).catch(() => undefined)
  }, markEveryMs)
  marking.unref()
  return new Database('sqlite', writer, reader, {
    // IMMEDIATE acquires the write lock at the start. Otherwise a transaction that has already read
    // could fail with SQLITE_BUSY on its first write, and a retry would not help.
    run: <Result>(work: TransactionWork<Result>) =>
      queue.push(() =>
        runTransaction(writer, 'sqlite', 'BEGIN IMMEDIATE', async unit => {
          const result = await work(unit)
          // At the end, so that nothing is committed to a file that was deleted.
          await file.requireInPlace()
          return result
        }),
      ) as Promise<Result>,
    drained: () => {
      clearInterval(marking)
      return queue.drained()
    },
    ping: async () => {
      await file.requireInPlace()
      await file.requireHeader()
      const beat = Date.now()
      await pinger.query('UPDATE heartbeats SET beat = ?', [beat])
      const [read] = await pinger.query('SELECT beat FROM heartbeats')
      if (read?.beat !== beat) throw new Error('The database did not keep a row.')
    },
    release: async () => {
      await pinger.destroy()
      // After the last connection: see `SqliteFile`.
      await file.close()
      await lock?.release()
    },
  })
}

/** The header as a connection sees it. */
export const markedHeaderOf = (source: DataSource): MarkedHeader => ({
  settle: async () => {
    // PASSIVE does not wait; a reader of an earlier state prevents it from finishing.
    const [outcome] = await source.query('PRAGMA wal_checkpoint(PASSIVE)')
    if (outcome?.busy !== 0 || outcome.log !== outcome.checkpointed) return null
    const [header] = await source.query('PRAGMA user_version')
    return header?.user_version ?? null
  },
  write: async mark => {
    await source.query(`PRAGMA user_version = ${mark}`)
  },
})
