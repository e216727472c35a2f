import { setTimeout as wait } from 'node:timers/promises'
import { promise as queueOf } from 'fastq'
import { DataSource, type DataSourceOptions } from 'typeorm'
import type { PostgresSettings } from '../config/config.js'
import { Database, type EntityClasses, type TransactionWork } from './database.js'
import { postgresMigrations } from './migrations/index.js'
import { refuseNewerDatabase } from './newer-database.js'
import { runTransaction } from './transaction.js'

type Work = () => Promise<unknown>

// Any number of our own, by which instances that start at once know each other.
const migrationLock = 72_656_455

const mostAttempts = 40
const longestPauseMs = 200

const codeOf = (failure: unknown): unknown =>
  typeof failure === 'object' && failure !== null && 'code' in failure ? failure.code : undefined

/**
 * Whether a transaction failed only because another one came in between: as it
 * could not be put in an order with it (40001), or each waited for the other (40P01).
 */
const isSerializationFailure = (failure: unknown): boolean =>
  ['40001', '40P01'].includes(String(codeOf(failure)))

/** Text with a character that PostgreSQL can't hold: U+0000. */
export const isUnstorableText = (failure: unknown): boolean => codeOf(failure) === '22021'

/**
 * Opens a PostgreSQL database and brings its tables up to date where needed; of
 * several instances that start at once, one does it and the others wait.
 *
 * Transactions are SERIALIZABLE, so that code may be written as if each ran alone,
 * as on SQLite. One that fails for another's sake is run anew. Those run one behind
 * the other, so that an instance never competes with itself twice.
 */
export const openPostgres = async (
  { url, poolSize }: PostgresSettings,
  entities: EntityClasses,
): Promise<Database> => {
  const optionsOf = (connections: number, session: Record<string, unknown>) =>
    ({
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
        connectionTimeoutMillis: 10_000,
        statement_timeout: 60_000,
        ...session,
      },
      poolErrorHandler: () => undefined,
    }) satisfies DataSourceOptions
  // An index of a million rows takes longer than any statement of ours may, and so does
  // another instance that is at it.
  const migrator = await new DataSource(optionsOf(2, { statement_timeout: 0 })).initialize()
  await migrate(migrator).finally(() => migrator.destroy())

  const writers = Math.floor(poolSize / 2)
  const writer = await new DataSource(
    // One more than the queue lets in: for what is run anew.
    optionsOf(writers + 1, { idle_in_transaction_session_timeout: 60_000 }),
  ).initialize()
  const reader = await new DataSource(
    optionsOf(poolSize - writers - 1, { options: '-c default_transaction_read_only=on' }),
  ).initialize()

  const begin = 'BEGIN ISOLATION LEVEL SERIALIZABLE'
  const first = queueOf((work: Work) => work(), writers)
  const again = queueOf((work: Work) => work(), 1)
  const rerun = async <Result>(work: TransactionWork<Result>): Promise<Result> => {
    for (let attempt = 1; ; attempt += 1) {
      await wait(Math.random() * Math.min(2 ** attempt, longestPauseMs))
      try {
        return await runTransaction(writer, 'postgres', begin, work)
      } catch (failure) {
        if (!isSerializationFailure(failure) || attempt === mostAttempts) throw failure
      }
    }
  }
  return new Database('postgres', writer, reader, {
    run: async <Result>(work: TransactionWork<Result>): Promise<Result> => {
      try {
        return (await first.push(() => runTransaction(writer, 'postgres', begin, work))) as Result
      } catch (failure) {
        if (!isSerializationFailure(failure)) throw failure
        return (await again.push(() => rerun(work))) as Result
      }
    },
    drained: () => Promise.all([first.drained(), again.drained()]),
    ping: async () => {
      await writer.query('UPDATE heartbeats SET beat = $1', [Date.now()])
      await reader.query('SELECT beat FROM heartbeats')
    },
  })
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
