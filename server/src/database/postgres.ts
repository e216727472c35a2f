import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from 'pg'
import { DataSource, type DataSourceOptions, QueryFailedError } from 'typeorm'
import type { PostgresSettings } from '../config/config.js'
import { ConfigError } from '../config/config-error.js'
import { Database, type EntityClasses, type TransactionWork } from './database.js'
import { refuseNewerDatabase } from './database-version.js'
import { postgresMigrations } from './migrations/index.js'
import { runTransaction } from './transaction.js'
import { Turns } from './turns.js'
import { codeOf, DatabaseUnavailable, isReadOnlyServer, isUnavailable } from './unavailable.js'
import { type ConnectionPurpose, prepareConnection, requirePrimary } from './watched-connection.js'

// An arbitrary number, by which instances that start at the same time find the same lock.
const migrationLock = 72_656_455

/** How often a transaction runs beside others after conflicts, before it runs exclusively. */
const attemptsBesideOthers = 3
const maxAttempts = 40
const maxPauseMs = 200

/** How long reads and transactions wait for an unavailable database. A switchover takes less. */
const patienceMs = 5_000
const firstRetryMs = 50
const maxRetryMs = 250
const connectTimeoutMs = 5_000
/** How long a transaction waits for its turn before its caller must retry. */
const maxQueueMs = 10_000

/**
 * Whether a transaction failed only because of another one: the two could not be serialized
 * (40001), or each waited for the other (40P01).
 */
const isSerializationFailure = (failure: unknown): boolean =>
  ['40001', '40P01'].includes(codeOf(failure))

/**
 * Whether a transaction may have failed only because of another one. PostgreSQL may report a value
 * that another transaction has just inserted as a violation of a unique index (23505) before it
 * detects the conflict. If it was no conflict, the transaction fails again.
 */
const mayBeConflict = (failure: unknown): boolean =>
  isSerializationFailure(failure) || codeOf(failure) === '23505'

/** Whether a text contains a character that PostgreSQL cannot store: U+0000. */
export const isUnstorableText = (failure: unknown): boolean => codeOf(failure) === '22021'

/**
 * Repeats work while the database is unavailable, until it is back or {@link patienceMs} have
 * passed. After that, each call tries only once, so that callers get an answer immediately. A
 * transaction whose COMMIT failed is never repeated.
 */
const patience = () => {
  let unavailableSince: number | null = null
  return async <Result>(
    work: () => Promise<Result>,
    shouldRepeat = isUnavailable,
  ): Promise<Result> => {
    // Only for this call: others may succeed if only a part of the database is unavailable.
    let failingSince: number | null = null
    for (let pauseMs = firstRetryMs; ; pauseMs = Math.min(2 * pauseMs, maxRetryMs)) {
      try {
        const result = await work()
        unavailableSince = null
        return result
      } catch (failure) {
        // A DatabaseUnavailable has already waited, or is a failed COMMIT.
        if (failure instanceof DatabaseUnavailable || !shouldRepeat(failure)) throw failure
        const now = performance.now()
        unavailableSince ??= now
        failingSince ??= now
        if (now + pauseMs > unavailableSince + patienceMs) {
          unavailableSince = Number.NEGATIVE_INFINITY
          throw failure
        }
        if (now + pauseMs > failingSince + patienceMs) throw failure
        await wait(pauseMs)
      }
    }
  }
}

/** Excludes a read that writes, because every server would reject it. */
const shouldRepeatRead = (failure: unknown): boolean =>
  isUnavailable(failure) && !(failure instanceof QueryFailedError && isReadOnlyServer(failure))

/**
 * Opens a PostgreSQL database and migrates its tables if necessary. If several instances start at
 * the same time, one migrates and the others wait.
 *
 * Transactions are SERIALIZABLE, so code can assume that each runs in isolation, as on SQLite. A
 * transaction that fails because of a conflict runs again: a few times beside others, then
 * exclusively in this instance. If the database is unavailable, reads and transactions are repeated
 * for a few seconds.
 *
 * @throws an error that `isUnavailable` recognizes if the server is unavailable or a standby.
 */
export const openPostgres = async (
  { url, poolSize, timeoutSeconds }: PostgresSettings,
  entities: EntityClasses,
): Promise<Database> => {
  const open = (connections: number, purpose: ConnectionPurpose) => {
    const options = {
      type: 'postgres',
      url,
      entities: [...entities],
      migrations: [...postgresMigrations],
      synchronize: false,
      // TypeORM's loggers print bound parameters, and those hold hashes.
      logging: false,
      // TypeORM would install an extension that is not used.
      installExtensions: false,
      extra: {
        max: connections,
        application_name: 'rekey',
        connectionTimeoutMillis: connectTimeoutMs,
        // Detects idle connections whose other end is gone.
        keepAlive: true,
        keepAliveInitialDelayMillis: 10_000,
        onConnect: (client: Client) => prepareConnection(client, purpose),
      },
      poolErrorHandler: () => undefined,
    } satisfies DataSourceOptions
    return new DataSource(options).initialize()
  }
  // Creating an index on a million rows takes longer than the timeout of other statements, and so
  // does waiting for another instance that creates it.
  const migrator = await open(2, { readOnly: false, timeoutMs: 0 })
  try {
    await refuseTransactionPooling(migrator)
    await migrate(migrator)
  } finally {
    await migrator.destroy()
  }

  const timeoutMs = timeoutSeconds * 1_000
  const writers = Math.floor(poolSize / 2)
  // One more than the queue admits, for transactions that run again.
  const writer = await open(writers + 1, { readOnly: false, timeoutMs })
  const reader = await open(poolSize - writers - 1, { readOnly: true, timeoutMs }).catch(
    async failure => {
      await writer.destroy()
      throw failure
    },
  )

  const begin = 'BEGIN ISOLATION LEVEL SERIALIZABLE'
  const turns = new Turns(writers, {
    maxWaitMs: maxQueueMs,
    tooLong: () => new DatabaseUnavailable('too many transactions are waiting'),
  })
  const once = <Result>(work: TransactionWork<Result>) =>
    runTransaction(writer, 'postgres', begin, work)
  // Exclusively in this instance. Only transactions of other instances can still conflict.
  const again = async <Result>(work: TransactionWork<Result>): Promise<Result> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(work)
      } catch (failure) {
        if (!isSerializationFailure(failure)) throw failure
        if (attempt === maxAttempts) throw new DatabaseUnavailable(failure)
        await wait(Math.random() * Math.min(2 ** attempt, maxPauseMs))
      }
    }
  }
  const patiently = patience()
  return new Database('postgres', writer, reader, {
    run: work =>
      patiently(async () => {
        for (let attempt = 1; attempt <= attemptsBesideOthers; attempt += 1) {
          try {
            return await turns.share(() => once(work))
          } catch (failure) {
            if (!mayBeConflict(failure)) throw failure
          }
        }
        return await turns.runExclusively(() => again(work))
      }),
    runLocking: work =>
      patiently(() =>
        turns.share(() =>
          runTransaction(writer, 'postgres', 'BEGIN ISOLATION LEVEL READ COMMITTED', work),
        ),
      ),
    read: work => patiently(work, shouldRepeatRead),
    ping: async () => {
      // The pool may contain a connection from before the server became a standby.
      await requirePrimary(text => reader.query(text))
      await writer.query('UPDATE heartbeats SET beat = $1', [Date.now()])
      await reader.query('SELECT beat FROM heartbeats')
    },
    drained: () => turns.drained(),
  })
}

/**
 * Rejects a pooler that lets two of our connections share a connection to the server: the settings
 * of one session would apply to the other. Without such a pooler, two connections that are open at
 * the same time have two server processes.
 *
 * @throws ConfigError that names the mode to use.
 */
const refuseTransactionPooling = async (source: DataSource): Promise<void> => {
  const runners = [source.createQueryRunner(), source.createQueryRunner()]
  try {
    for (const runner of runners) await runner.connect()
    const processes = new Set<number>()
    for (const runner of runners) {
      const [row]: { pid: number }[] = await runner.query('SELECT pg_backend_pid() AS pid')
      if (row !== undefined) processes.add(row.pid)
    }
    if (processes.size === runners.length) return
    throw new ConfigError([
      'DATABASE_URL leads to a pooler in transaction or statement mode: use its session mode (docs/operating/databases.md, PgBouncer).',
    ])
  } finally {
    for (const runner of runners) await runner.release()
  }
}

const migrate = async (source: DataSource): Promise<void> => {
  const runner = source.createQueryRunner()
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [migrationLock])
    await refuseNewerDatabase(source, postgresMigrations)
    await source.runMigrations({ transaction: 'each' })
    await runner.query('SELECT pg_advisory_unlock($1)', [migrationLock])
  } finally {
    await runner.release()
  }
}
