import { promise as queueOf } from 'fastq'
import { DataSource, type DataSourceOptions } from 'typeorm'
import { Database, type EntityClasses, type TransactionWork } from './database.js'
import { sqliteMigrations } from './migrations/index.js'
import { refuseNewerDatabase } from './newer-database.js'
import { preparingSqlite } from './prepared-sqlite.js'
import { runTransaction } from './transaction.js'

type Work = () => Promise<unknown>

/**
 * Opens a SQLite file, making it and bringing its tables up to date where needed.
 *
 * TypeORM's driver holds one connection a data source, so the query of another
 * request that arrives during a transaction would run inside it. Hence one
 * connection for writing, whose transactions queue one behind the other, and one
 * for reading, which WAL lets see the last committed state meanwhile.
 */
export const openSqlite = async (file: string, entities: EntityClasses): Promise<Database> => {
  const options: DataSourceOptions = {
    type: 'sqlite',
    database: file,
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
  const queue = queueOf((work: Work) => work(), 1)
  return new Database('sqlite', writer, reader, {
    // IMMEDIATE takes the write lock at once: a transaction that read first could
    // otherwise fail with SQLITE_BUSY on its first write, when no retry helps.
    run: <Result>(work: TransactionWork<Result>) =>
      queue.push(() =>
        runTransaction(writer, 'sqlite', 'BEGIN IMMEDIATE', work),
      ) as Promise<Result>,
    drained: () => queue.drained(),
  })
}
