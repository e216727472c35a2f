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

// Any number of our own, by which instances that start at once know each other.
const migrationLock = 72_656_455

/** So often a transaction that clashed runs beside others, before it runs alone. */
const attemptsBesideOthers = 3
const mostAttempts = 40
const longestPauseMs = 200

/** So long after the database went away, reads and transactions wait for it. A switchover takes less. */
const patienceMs = 5_000
const firstRetryMs = 50
const longestRetryMs = 250
const connectTimeoutMs = 5_000
/** So long a transaction waits for its turn before its caller is asked to come back. */
const longestQueueMs = 10_000

/**
 * Whether a transaction failed only because another one came in between: as it
 * could not be put in an order with it (40001), or each waited for the other (40P01).
 */
const isSerializationFailure = (failure: unknown): boolean =>
  ['40001', '40P01'].includes(codeOf(failure))

/**
 * Whether a transaction may have failed only because another one came in between. PostgreSQL may
 * report a value that another transaction has just inserted as a violation of a unique index
 * (23505), before it notices that the two clash. If it was no clash, it fails again.
 */
const mayBeClash = (failure: unknown): boolean =>
  isSerializationFailure(failure) || codeOf(failure) === '23505'

/** Text with a character that PostgreSQL can't hold: U+0000. */
export const isUnstorableText = (failure: unknown): boolean => codeOf(failure) === '22021'

/**
 * Runs work again while the database is away, until it is back or has been away for
 * {@link patienceMs}. After that, each call tries once, so that callers get their answer at once.
 * A transaction whose COMMIT failed is never run again.
 */
const patience = () => {
  let awaySince: number | null = null
  return async <Result>(
    work: () => Promise<Result>,
    isWorthRepeating = isUnavailable,
  ): Promise<Result> => {
    // Of this call alone: others may succeed meanwhile, if only a part of the database is away.
    let failingSince: number | null = null
    for (let pauseMs = firstRetryMs; ; pauseMs = Math.min(2 * pauseMs, longestRetryMs)) {
      try {
        const result = await work()
        awaySince = null
        return result
      } catch (failure) {
        // One that has a name already waited, or is a COMMIT that failed.
        if (failure instanceof DatabaseUnavailable || !isWorthRepeating(failure)) throw failure
        const now = performance.now()
        awaySince ??= now
        failingSince ??= now
        if (now + pauseMs > awaySince + patienceMs) {
          awaySince = Number.NEGATIVE_INFINITY
          throw failure
        }
        if (now + pauseMs > failingSince + patienceMs) throw failure
        await wait(pauseMs)
      }
    }
  }
}

/** A read that writes would be refused by every server. */
const isReadWorthRepeating = (failure: unknown): boolean =>
  isUnavailable(failure) && !(failure instanceof QueryFailedError && isReadOnlyServer(failure))

/**
 * Opens a PostgreSQL database and brings its tables up to date where needed; of
 * several instances that start at once, one does it and the others wait.
 *
 * Transactions are SERIALIZABLE, so that code may be written as if each ran alone,
 * as on SQLite. One that fails for another's sake runs again: a few times beside others, then alone
 * in this instance. If the database is away,
 * reads and transactions are run again for a few seconds.
 *
 * @throws a failure that `isUnavailable` recognizes if the server is away or a standby.
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
      migrations: postgresMigrations,
      synchronize: false,
      // TypeORM's loggers print bound parameters, and those hold hashes.
      logging: false,
      // TypeORM would ask for an extension we don't use.
      installExtensions: false,
      extra: {
        max: connections,
        application_name: 'rekey',
        connectionTimeoutMillis: connectTimeoutMs,
        // Finds idle connections whose other end is gone.
        keepAlive: true,
        keepAliveInitialDelayMillis: 10_000,
        onConnect: (client: Client) => prepareConnection(client, purpose),
      },
      poolErrorHandler: () => undefined,
    } satisfies DataSourceOptions
    return new DataSource(options).initialize()
  }
  // An index of a million rows takes longer than any statement of ours may, and so does
  // another instance that is at it.
  const migrator = await open(2, { readOnly: false, timeoutMs: 0 })
  try {
    await refuseTransactionPooling(migrator)
    await migrate(migrator)
  } finally {
    await migrator.destroy()
  }

  const timeoutMs = timeoutSeconds * 1_000
  const writers = Math.floor(poolSize / 2)
  // One more than the queue lets in: for what is run anew.
  const writer = await open(writers + 1, { readOnly: false, timeoutMs })
  const reader = await open(poolSize - writers - 1, { readOnly: true, timeoutMs }).catch(
    async failure => {
      await writer.destroy()
      throw failure
    },
  )

  const begin = 'BEGIN ISOLATION LEVEL SERIALIZABLE'
  const turns = new Turns(writers, {
    longestWaitMs: longestQueueMs,
    tooLong: () => new DatabaseUnavailable('too many transactions wait for their turn'),
  })
  const once = <Result>(work: TransactionWork<Result>) =>
    runTransaction(writer, 'postgres', begin, work)
  // Alone in this instance. Only those of other instances can still come in between.
  const again = async <Result>(work: TransactionWork<Result>): Promise<Result> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(work)
      } catch (failure) {
        if (!isSerializationFailure(failure)) throw failure
        if (attempt === mostAttempts) throw new DatabaseUnavailable(failure)
        await wait(Math.random() * Math.min(2 ** attempt, longestPauseMs))
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
            if (!mayBeClash(failure)) throw failure
          }
        }
        return await turns.takeAlone(() => again(work))
      }),
    runLocking: work =>
      patiently(() =>
        turns.share(() =>
          runTransaction(writer, 'postgres', 'BEGIN ISOLATION LEVEL READ COMMITTED', work),
        ),
      ),
    read: work => patiently(work, isReadWorthRepeating),
    ping: async () => {
      // The pool may hold a connection that was made before the server became a standby.
      await requirePrimary(text => reader.query(text))
      await writer.query('UPDATE heartbeats SET beat = $1', [Date.now()])
      await reader.query('SELECT beat FROM heartbeats')
    },
    drained: () => turns.drained(),
  })
}

/**
 * Refuses a pooler that gives two connections of ours the same connection to the server in turn:
 * the settings of one session would count for the other. Two connections that are open at once have
 * two server processes otherwise.
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
      'DATABASE_URL leads to a pooler in transaction or statement mode: use its session mode (docs/operating.md, PgBouncer).',
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
