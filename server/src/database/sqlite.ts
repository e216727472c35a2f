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

// A copy that is older than this is recognized beside a -wal that is not its own.
const markEveryMs = 60 * 60 * 1000

// Shorter than a check of readiness may take, so that it can name the lock as the cause.
const pingBusyMs = 2_000

/**
 * Opens a SQLite file. Creates it and brings its tables up to date if needed. A server passes its
 * lock, which is released with the database.
 *
 * TypeORM's driver holds one connection a data source, so the query of another
 * request that arrives during a transaction would run inside it. Hence one
 * connection for writing, whose transactions queue one behind the other, and one
 * for reading, which WAL lets see the last committed state meanwhile.
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
    migrations: sqliteMigrations,
    synchronize: false,
    // TypeORM's loggers print bound parameters, and those hold hashes.
    logging: false,
    busyTimeout: 5_000,
    // TypeORM asks for the driver with long stack traces, which cost more than the queries.
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
  // 64 MiB each: the upper levels of every index of a million users.
  for (const source of [writer, reader]) await source.query('PRAGMA cache_size = -65536')
  // What is deleted is overwritten, rather than left in pages that nobody reads any more.
  await writer.query('PRAGMA secure_delete = ON')
  // A connection of its own: it neither waits in the queue nor answers from a warm cache.
  const pinger = await new DataSource({ ...options, busyTimeout: pingBusyMs }).initialize()
  await pinger.query('SELECT 1 FROM heartbeats')
  const mark = async () => {
    // Only the one that has the lock.
    if (lock !== undefined) await markFile(file.path, markedHeaderOf(writer))
  }
  await mark()
  await file.remember()

  const queue = queueOf((work: Work) => work(), 1)
  const marking = setInterval(() => {
    // If it fails, so does the check of readiness, which says why.
    queue.push(mark).catch(() => undefined)
  }, markEveryMs)
  marking.unref()
  return new Database('sqlite', writer, reader, {
    // IMMEDIATE takes the write lock at once: a transaction that read first could
    // otherwise fail with SQLITE_BUSY on its first write, when no retry helps.
    run: <Result>(work: TransactionWork<Result>) =>
      queue.push(() =>
        runTransaction(writer, 'sqlite', 'BEGIN IMMEDIATE', async unit => {
          const result = await work(unit)
          // Last, so that nothing is committed to a file that is already gone.
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
      // Not before the last connection: see `SqliteFile`.
      await file.close()
      await lock?.release()
    },
  })
}

/** The header as a connection sees it. */
export const markedHeaderOf = (source: DataSource): MarkedHeader => ({
  settle: async () => {
    // PASSIVE waits for nobody; a reader of an earlier state keeps it from finishing.
    const [outcome] = await source.query('PRAGMA wal_checkpoint(PASSIVE)')
    if (outcome?.busy !== 0 || outcome.log !== outcome.checkpointed) return null
    const [header] = await source.query('PRAGMA user_version')
    return header?.user_version ?? null
  },
  write: async mark => {
    await source.query(`PRAGMA user_version = ${mark}`)
  },
})
