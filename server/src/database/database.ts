import { setTimeout as wait } from 'node:timers/promises'
import type { DataSource } from 'typeorm'
import { CommitOutcomeUnknown } from './commit-outcome-unknown.js'
import { DatabaseUnavailable, nameUnavailable } from './unavailable.js'
import { type Engine, UnitOfWork, type WritingUnitOfWork } from './unit-of-work.js'

// A download that was cut off ends its reads by itself.
const longestReadWaitMs = 5_000

/** The classes that describe tables. Features name theirs; `app/` passes them all. */
export type EntityClasses = readonly (new () => object)[]

/** Work that is done in one transaction. */
export type TransactionWork<Result> = (unit: WritingUnitOfWork) => Promise<Result>

/** How an engine keeps transactions apart, and what it does when its server is away. */
export interface Transactions {
  run<Result>(work: TransactionWork<Result>): Promise<Result>
  /** Runs work whose rows are locked by its own statements. Without it, `run` does so. */
  readonly runLocking?: <Result>(work: TransactionWork<Result>) => Promise<Result>
  /** Runs work that reads, again if need be. Without it, work runs once. */
  readonly read?: <Result>(work: () => Promise<Result>) => Promise<Result>
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

  private readonly reads = new Set<Promise<unknown>>()
  private whenUnavailable: () => void = () => undefined

  /** Calls the listener each time a read or a transaction fails because the database is away. */
  onUnavailable(listener: () => void): void {
    this.whenUnavailable = listener
  }

  /**
   * Reads the last committed state. Several queries in it are no snapshot. It may be run again
   * if the connection broke, so it changes nothing.
   *
   * @throws DatabaseUnavailable if the database is away and does not come back within seconds.
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
   * Runs the work in one transaction, as if no other ran beside it. Keep slow things
   * such as hashing outside: others wait. When the work throws, nothing of it is
   * kept. It may be run anew when another transaction came in between, so it changes
   * nothing but the database; `unit.afterCommit` is for the rest. Not reentrant.
   *
   * @throws DatabaseUnavailable if the database is away and does not come back within seconds:
   * nothing was done. CommitOutcomeUnknown if the connection broke before COMMIT was answered, and
   * the unit has no witness that could find out.
   */
  write<Result>(work: TransactionWork<Result>): Promise<Result> {
    return this.observed(() => settled(() => this.transactions.run(work)))
  }

  /**
   * As {@link write}, for background jobs that share rows out among instances. The work locks
   * what it takes by its own statements, such as FOR UPDATE SKIP LOCKED or `unit.lockFor`. On
   * PostgreSQL it is READ COMMITTED, so it does not make transactions of callers fail that write
   * the same tables.
   */
  writeLocking<Result>(work: TransactionWork<Result>): Promise<Result> {
    const { runLocking = this.transactions.run } = this.transactions
    return this.observed(() => settled(() => runLocking(work)))
  }

  /** Has the engine count what is in its tables, by which it plans queries. After many rows came. */
  async analyze(): Promise<void> {
    await this.writer.query('ANALYZE')
  }

  /** Writes and reads a row. Throws when that fails; it can also hang, as the database may. */
  ping(): Promise<void> {
    return this.transactions.ping().catch((failure: unknown) => {
      throw nameUnavailable(failure)
    })
  }

  /** Waits for the writes under way, and for a while for the reads, then lets go of the database. */
  async close(): Promise<void> {
    await this.transactions.drained()
    const waited = new AbortController()
    await Promise.race([
      Promise.allSettled([...this.reads]),
      wait(longestReadWaitMs, undefined, { signal: waited.signal }).catch(() => undefined),
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

/** Has the witness of a transaction find out what became of it, if the answer to COMMIT was lost. */
const settled = async <Result>(run: () => Promise<Result>): Promise<Result> => {
  try {
    return await run()
  } catch (failure) {
    if (!(failure instanceof CommitOutcomeUnknown)) throw failure
    return (await failure.resolve()) as Result
  }
}
