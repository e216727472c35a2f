import type { SqlStatement } from '@nearform/sql'
import type { EntityManager, EntityTarget, ObjectLiteral, Repository } from 'typeorm'
import { rowShapeOf } from './row-shape.js'

/** The database engines Rekey runs on. */
export type Engine = 'sqlite' | 'postgres'

/** What a service may read through. Stores take it as their first argument. */
export class UnitOfWork {
  constructor(
    protected readonly manager: EntityManager,
    /** For the few statements that differ between engines. */
    readonly engine: Engine,
  ) {}

  /** The rows of one entity, seen through this unit. */
  rows<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): Repository<Entity> {
    return this.manager.getRepository(entity)
  }

  /**
   * Runs a statement of our own, where TypeORM's builder has no words for it or
   * costs more than the query. Values are always bound, never part of the text.
   */
  query<Row>(statement: SqlStatement): Promise<Row[]> {
    const text = this.engine === 'postgres' ? statement.text : statement.sql
    return this.manager.query(text, statement.values)
  }

  /** The entities that a statement selects with all of their columns. */
  async select<Entity extends ObjectLiteral>(
    entity: EntityTarget<Entity>,
    statement: SqlStatement,
  ): Promise<Entity[]> {
    const { read } = rowShapeOf<Entity>(this.manager.connection.getMetadata(entity))
    return (await this.query<Record<string, unknown>>(statement)).map(read)
  }
}

/**
 * One transaction: all of its writes are kept, or none. A type of its own, so that
 * a store's write can't be called with a unit that only reads.
 */
export class WritingUnitOfWork extends UnitOfWork {
  private readonly deferred: (() => void)[] = []

  /** Adds any number of rows with one statement. */
  async insertAll<Entity extends ObjectLiteral>(
    entity: EntityTarget<Entity>,
    rows: readonly Entity[],
  ): Promise<void> {
    if (rows.length === 0) return
    const metadata = this.manager.connection.getMetadata(entity)
    const { columns, write } = rowShapeOf<Entity>(metadata)
    const table = metadata.tableName
    const names = columns.join(', ')
    // As one JSON document: a parameter for each value would soon be more than engines take.
    const given = JSON.stringify(rows.map(write))
    if (this.engine === 'postgres') {
      const text = `INSERT INTO ${table} (${names}) SELECT ${names} FROM json_populate_recordset(NULL::${table}, $1::json)`
      await this.manager.query(text, [given])
      return
    }
    const values = columns.map(column => `value ->> '${column}'`).join(', ')
    await this.manager.query(`INSERT INTO ${table} (${names}) SELECT ${values} FROM json_each(?)`, [
      given,
    ])
  }

  /** Runs the work once the transaction is committed, and not at all when it is not. */
  afterCommit(work: () => void): void {
    this.deferred.push(work)
  }

  /** For the database alone: the transaction is committed. */
  committed(): void {
    for (const work of this.deferred) work()
  }
}
