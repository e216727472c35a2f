import SQL, { type Sql } from 'sql-template-tag'
import type { EntityManager, EntityTarget, ObjectLiteral, Repository } from 'typeorm'

/** The database engines that Rekey supports. */
export type Engine = 'sqlite' | 'postgres'

/** A unit that can read. Stores receive it as their first argument. */
export class UnitOfWork {
  constructor(
    private readonly manager: EntityManager,
    /** For the few statements that differ between engines. */
    readonly engine: Engine,
  ) {}

  /** The rows of an entity in this unit. */
  rows<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): Repository<Entity> {
    return this.manager.getRepository(entity)
  }

  /**
   * Runs an SQL statement that TypeORM's builder cannot express. Values are always bound, never
   * part of the text.
   */
  query<Row>(statement: Sql): Promise<Row[]> {
    const text = this.engine === 'postgres' ? statement.text : statement.sql
    return this.manager.query(text, statement.values)
  }
}

/**
 * Finds out whether a transaction was committed if the answer to its COMMIT was lost; undefined if
 * that is not possible.
 */
export type Witness = () => Promise<boolean | undefined>

/**
 * One transaction: all of its writes are saved, or none. It is a separate type, so that a writing
 * function of a store cannot be called with a unit that only reads.
 */
export class WritingUnitOfWork extends UnitOfWork {
  private readonly deferred: (() => void)[] = []
  private witness: Witness = async () => undefined

  /** Runs the work after the transaction is committed, and never if it is not. */
  afterCommit(work: () => void): void {
    this.deferred.push(work)
  }

  /** Sets the witness for the case that the answer to COMMIT is lost. The last call wins. */
  witnessedBy(witness: Witness): void {
    this.witness = witness
  }

  /** Only for the database: asks the witness. Undefined if there is none. */
  findOutcome(): Promise<boolean | undefined> {
    return this.witness()
  }

  /**
   * Waits until no other transaction holds the lock with this name, and holds it until this one
   * ends. SQLite has only one writer, so it needs no lock.
   */
  async lockFor(name: string): Promise<void> {
    if (this.engine === 'postgres') {
      await this.query(SQL`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`)
    }
  }

  /** Only for the database: the transaction is committed. */
  committed(): void {
    for (const work of this.deferred) work()
  }
}
