import type { DataSource } from 'typeorm'
import { CommitOutcomeUnknown } from './commit-outcome-unknown.js'
import { type Engine, UnitOfWork, type WritingUnitOfWork } from './unit-of-work.js'

/** The classes that describe tables. Features name theirs; `app/` passes them all. */
export type EntityClasses = readonly (new () => object)[]

/** Work that is done in one transaction. */
export type TransactionWork<Result> = (unit: WritingUnitOfWork) => Promise<Result>

/** How an engine keeps transactions apart. */
export interface Transactions {
  run<Result>(work: TransactionWork<Result>): Promise<Result>
  /** Waits for those under way. */
  drained(): Promise<unknown>
  /** Writes and reads a row. Throws when that fails. */
  ping(): Promise<void>
  /** Lets go of what the engine holds beside the two data sources, which are closed already. */
  release?(): Promise<void>
}

/**
 * The database, whichever engine it is: one data source for transactions that
 * write, one for reading. Open it with `openDatabase`.
 */
export class Database {
  constructor(
    readonly engine: Engine,
    private readonly writer: DataSource,
    private readonly reader: DataSource,
    private readonly transactions: Transactions,
  ) {}

  /** Reads the last committed state. Several queries in it are no snapshot. */
  read<Result>(work: (unit: UnitOfWork) => Promise<Result>): Promise<Result> {
    return work(new UnitOfWork(this.reader.manager, this.engine))
  }

  /**
   * Runs the work in one transaction, as if no other ran beside it. Keep slow things
   * such as hashing outside: others wait. When the work throws, nothing of it is
   * kept. It may be run anew when another transaction came in between, so it changes
   * nothing but the database; `unit.afterCommit` is for the rest. Not reentrant.
   *
   * @throws CommitOutcomeUnknown when the connection broke before COMMIT was answered, and the
   * unit has no witness that could find out.
   */
  async write<Result>(work: TransactionWork<Result>): Promise<Result> {
    try {
      return await this.transactions.run(work)
    } catch (failure) {
      if (!(failure instanceof CommitOutcomeUnknown)) throw failure
      return (await failure.resolve()) as Result
    }
  }

  /** Has the engine count what is in its tables, by which it plans queries. After many rows came. */
  async analyze(): Promise<void> {
    await this.writer.query('ANALYZE')
  }

  /** Writes and reads a row. Throws when that fails; it can also hang, as the database may. */
  ping(): Promise<void> {
    return this.transactions.ping()
  }

  /** Waits for the writes under way, then lets go of the database. */
  async close(): Promise<void> {
    await this.transactions.drained()
    await this.reader.destroy()
    await this.writer.destroy()
    await this.transactions.release?.()
  }
}
