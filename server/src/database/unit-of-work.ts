import SQL, { type Sql } from 'sql-template-tag'
import type { EntityManager, EntityTarget, ObjectLiteral, Repository } from 'typeorm'

/** The database engines Rekey runs on. */
export type Engine = 'sqlite' | 'postgres'

/** What a service may read through. Stores take it as their first argument. */
export class UnitOfWork {
  constructor(
    private readonly manager: EntityManager,
    /** For the few statements that differ between engines. */
    readonly engine: Engine,
  ) {}

  /** The rows of one entity, seen through this unit. */
  rows<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): Repository<Entity> {
    return this.manager.getRepository(entity)
  }

  /**
   * Runs a statement of our own, where TypeORM's builder can't express it. Values are always
   * bound, never part of the text.
   */
  query<Row>(statement: Sql): Promise<Row[]> {
    const text = this.engine === 'postgres' ? statement.text : statement.sql
    return this.manager.query(text, statement.values)
  }
}

/**
 * Finds out whether a transaction was committed, when the answer to its COMMIT was lost; undefined
 * when that can't be found out.
 */
export type Witness = () => Promise<boolean | undefined>

/**
 * One transaction: all of its writes are kept, or none. A type of its own, so that
 * a store's write can't be called with a unit that only reads.
 */
export class WritingUnitOfWork extends UnitOfWork {
  private readonly deferred: (() => void)[] = []
  private witness: Witness = async () => undefined

  /** Runs the work once the transaction is committed, and not at all when it is not. */
  afterCommit(work: () => void): void {
    this.deferred.push(work)
  }

  /**
   * Waits until no other transaction holds the lock with this name, and holds it until this one
   * ends. SQLite has one writer, so nothing is to be locked there.
   */
  async lockFor(name: string): Promise<void> {
    if (this.engine === 'postgres') {
      await this.query(SQL`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`)
    }
  }

  /** Whom to ask if the answer to COMMIT is lost. The last one counts. */
  witnessedBy(witness: Witness): void {
    this.witness = witness
  }

  /** For the database alone: asks the witness. Undefined without one. */
  findOutcome(): Promise<boolean | undefined> {
    return this.witness()
  }

  /** For the database alone: the transaction is committed. */
  committed(): void {
    for (const work of this.deferred) work()
  }
}
