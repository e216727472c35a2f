import { type queueAsPromised, promise as queueOf } from 'fastq'
import sqlite3 from 'sqlite3'
import { DataSource, type DataSourceOptions } from 'typeorm'
import { entities } from './entities.js'
import { migrations } from './migrations/index.js'
import { UnitOfWork, WritingUnitOfWork } from './unit-of-work.js'

type Work = () => Promise<unknown>

/**
 * The SQLite file behind two connections.
 *
 * TypeORM's driver holds one connection a data source, so the query of another
 * request that arrives during a transaction would run inside it. Hence one
 * connection for writing, whose transactions queue one behind the other, and one
 * for reading, which WAL lets see the last committed state meanwhile.
 */
export class Database {
  private readonly writes: queueAsPromised<Work, unknown>

  private constructor(
    private readonly writer: DataSource,
    private readonly reader: DataSource,
  ) {
    this.writes = queueOf((work: Work) => work(), 1)
  }

  /** Opens the file, making it and bringing its tables up to date where needed. */
  static async open(file: string): Promise<Database> {
    const options: DataSourceOptions = {
      type: 'sqlite',
      database: file,
      entities,
      migrations,
      synchronize: false,
      // TypeORM's loggers print bound parameters, and those hold hashes.
      logging: false,
      busyTimeout: 5_000,
      // TypeORM asks for the driver with long stack traces, which cost more than the queries.
      driver: { verbose: () => sqlite3 },
    }
    const writer = await new DataSource({ ...options, enableWAL: true }).initialize()
    await writer.runMigrations({ transaction: 'each' })
    const reader = await new DataSource(options).initialize()
    await reader.query('PRAGMA query_only = ON')
    return new Database(writer, reader)
  }

  /** Reads the last committed state. Several queries in it are no snapshot. */
  read<Result>(work: (unit: UnitOfWork) => Promise<Result>): Promise<Result> {
    return work(new UnitOfWork(this.reader.manager))
  }

  /**
   * Runs the work in one transaction, after all that were asked for before it.
   * Keep slow things such as hashing outside: everyone else waits. When the work
   * throws, nothing of it is kept. Not reentrant: a write inside a write would
   * wait for itself.
   */
  write<Result>(work: (unit: WritingUnitOfWork) => Promise<Result>): Promise<Result> {
    return this.writes.push(() => this.inTransaction(work)) as Promise<Result>
  }

  /** Waits for the writes under way, then closes the file. */
  async close(): Promise<void> {
    await this.writes.drained()
    await this.reader.destroy()
    await this.writer.destroy()
  }

  private async inTransaction<Result>(
    work: (unit: WritingUnitOfWork) => Promise<Result>,
  ): Promise<Result> {
    const runner = this.writer.createQueryRunner()
    // IMMEDIATE takes the write lock at once: a transaction that read first could
    // otherwise fail with SQLITE_BUSY on its first write, when no retry helps.
    await runner.query('BEGIN IMMEDIATE')
    try {
      const unit = new WritingUnitOfWork(runner.manager)
      const result = await work(unit)
      await runner.query('COMMIT')
      unit.committed()
      return result
    } catch (failure) {
      // SQLite has rolled back by itself after some failures; then this one fails.
      await runner.query('ROLLBACK').catch(() => undefined)
      throw failure
    }
  }
}
