import { setTimeout as wait } from 'node:timers/promises'
import type { DataSource } from 'typeorm'
import { CommitOutcomeUnknown } from './commit-outcome-unknown.js'
import { DatabaseUnavailable, nameUnavailable } from './unavailable.js'
import { type Engine, UnitOfWork, type WritingUnitOfWork } from './unit-of-work.js'

// A download that was cut off ends its reads by itself.
const maxReadWaitMs = 5_000

/** The classes that describe tables. Each feature names its own; `app/` passes all of them. */
export type EntityClasses = readonly (new () => object)[]

/** The work of one transaction. */
export type TransactionWork<Result> = (unit: WritingUnitOfWork) => Promise<Result>

/** How an engine isolates transactions, and how it handles an unavailable server. */
export interface Transactions {
  run<Result>(work: TransactionWork<Result>): Promise<Result>
  /** Runs work whose statements lock their rows. Without it, `run` is used. */
  readonly runLocking?: <Result>(work: TransactionWork<Result>) => Promise<Result>
  /** Runs work that reads, and repeats it if necessary. Without it, work runs once. */
  readonly read?: <Result>(work: () => Promise<Result>) => Promise<Result>
  /** Waits for running transactions. */
  drained(): Promise<unknown>
  /** Writes and reads a row. Throws if that fails. */
  ping(): Promise<void>
  /** Releases what the engine holds beside the two data sources, which are closed by then. */
  release?(): Promise<void>
}

/**
 * The database on either engine: one data source for transactions that write, and one for reading.
 * Open it with `openDatabase`.
 */
export class Database {
  constructor(
    readonly engine: Engine,
    private readonly writer: DataSource,
    private readonly reader: DataSource,
    private readonly transactions: Transactions,
  ) {}

  private readonly reads = new Set<Promise<unknown>>()
  private whenUnavailable: () => void = () => undefined

  /**
   * Calls the listener each time a read or a transaction fails because the database is unavailable.
   */
  onUnavailable(listener: () => void): void {
    this.whenUnavailable = listener
  }

  /**
   * Reads the last committed state. Several queries do not share a snapshot. The work may run again
   * if the connection breaks, so it must not change anything.
   *
   * @throws DatabaseUnavailable if the database stays unavailable for several seconds.
   */
  read<Result>(work: (unit: UnitOfWork) => Promise<Result>): Promise<Result> {
    const { read = once } = this.transactions
    const reading = this.observed(() =>
      read(() => work(new UnitOfWork(this.reader.manager, this.engine))),
    )
    this.reads.add(reading)
    const done = () => this.reads.delete(reading)
    reading.then(done, done)
    return reading
  }

  /**
   * Runs the work in one transaction, isolated from all others. Do slow work such as hashing
   * outside, because others wait. If the work throws, nothing of it is saved. It may run again
   * after a conflict with another transaction, so it must change nothing but the database; use
   * `unit.afterCommit` for the rest. Not reentrant.
   *
   * @throws DatabaseUnavailable if the database stays unavailable for several seconds; then nothing
   * was done. CommitOutcomeUnknown if the connection broke before COMMIT was answered, and the unit
   * has no witness that could find out the outcome.
   */
  write<Result>(work: TransactionWork<Result>): Promise<Result> {
    return this.observed(() => settled(() => this.transactions.run(work)))
  }

  /**
   * Like {@link write}, for background jobs that share rows among instances. The work locks its
   * rows with its own statements, such as FOR UPDATE SKIP LOCKED or `unit.lockFor`. On PostgreSQL
   * it runs as READ COMMITTED, so that it does not make callers' transactions on the same tables
   * fail.
   */
  writeLocking<Result>(work: TransactionWork<Result>): Promise<Result> {
    const { runLocking = this.transactions.run } = this.transactions
    return this.observed(() => settled(() => runLocking(work)))
  }

  /** Updates the engine's statistics for planning queries. Call it after adding many rows. */
  async analyze(): Promise<void> {
    await this.writer.query('ANALYZE')
  }

  /** Writes and reads a row. Throws if that fails. It can also hang, as the database may. */
  ping(): Promise<void> {
    return this.transactions.ping().catch((failure: unknown) => {
      throw nameUnavailable(failure)
    })
  }

  /** Waits for running writes, and at most {@link maxReadWaitMs} for reads, then closes the database. */
  async close(): Promise<void> {
    await this.transactions.drained()
    const waited = new AbortController()
    await Promise.race([
      Promise.allSettled([...this.reads]),
      wait(maxReadWaitMs, undefined, { signal: waited.signal }).catch(() => undefined),
    ])
    waited.abort()
    await this.reader.destroy()
    await this.writer.destroy()
    await this.transactions.release?.()
  }

  private async observed<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (failure) {
      const named = nameUnavailable(failure)
      if (named instanceof DatabaseUnavailable) this.whenUnavailable()
      throw named
    }
  }
}

const once = <Result>(work: () => Promise<Result>): Promise<Result> => work()

/** If the answer to COMMIT was lost, asks the witness of the transaction for the outcome. */
const settled = async <Result>(run: () => Promise<Result>): Promise<Result> => {
  try {
    return await run()
  } catch (failure) {
    if (!(failure instanceof CommitOutcomeUnknown)) throw failure
    return (await failure.resolve()) as Result
  }
}
