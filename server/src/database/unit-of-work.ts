import SQL, { raw, type Sql } from 'sql-template-tag'
import type {
  EntityManager,
  EntityMetadata,
  EntityTarget,
  ObjectLiteral,
  Repository,
} from 'typeorm'
import { type ReadShape, type RowShape, rowShapeOf, rowShapeWithout } from './row-shape.js'

/** The database engines Rekey runs on. */
export type Engine = 'sqlite' | 'postgres'

/** A statement in its parts. */
export interface Selection {
  /** Tables for this statement alone: what stands between WITH and SELECT. */
  readonly tables?: Sql
  /** Single values with their names. */
  readonly values: Sql
  /** The rest, from its FROM on, with the entity's table by its name. */
  readonly from: Sql
}

interface Rows {
  /** JSON, which PostgreSQL's driver has read already; null when there are none. */
  readonly rows: string | unknown[][] | null
}

const readRows = (found: Rows | undefined): unknown[][] => {
  const rows = found?.rows ?? []
  return typeof rows === 'string' ? JSON.parse(rows) : rows
}

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
  query<Row>(statement: Sql): Promise<Row[]> {
    return this.manager.query(this.textOf(statement), statement.values)
  }

  /**
   * Entities, with all of their columns.
   *
   * @param from the statement from its FROM on, with the entity's table by its name.
   */
  async select<Entity extends ObjectLiteral>(
    entity: EntityTarget<Entity>,
    from: Sql,
  ): Promise<Entity[]> {
    const shape = this.shapeOf(entity)
    const rows = await this.values([shape], from)
    return rows.map(row => shape.read(row, 0))
  }

  /** Pairs of entities, as {@link select} gives single ones. */
  async selectPairs<One extends ObjectLiteral, Other extends ObjectLiteral>(
    one: EntityTarget<One>,
    other: EntityTarget<Other>,
    from: Sql,
  ): Promise<[One, Other][]> {
    const [first, second] = [this.shapeOf(one), this.shapeOf(other)]
    const rows = await this.values([first, second], from)
    return rows.map(row => [first.read(row, 0), second.read(row, first.width)])
  }

  /**
   * Entities as {@link select} gives them, but for some of their properties, and single
   * values beside them, in one statement: each costs a trip to another thread or process.
   *
   * @param left the properties that are not read.
   */
  async selectBeside<Entity extends ObjectLiteral, Left extends keyof Entity & string, Beside>(
    entity: EntityTarget<Entity>,
    left: readonly Left[],
    { tables, values, from }: Selection,
  ): Promise<{ rows: Omit<Entity, Left>[]; beside: Beside }> {
    const shape = rowShapeWithout<Entity, Left>(this.metadataOf(entity), left)
    const head = tables === undefined ? SQL`SELECT` : SQL`WITH ${tables} SELECT`
    const rows = this.asJson([shape], from)
    const [found] = await this.query<Beside & Rows>(SQL`${head} ${values}, (${rows}) AS rows`)
    if (found === undefined) throw new Error('A statement of single values gave none.')
    return { rows: readRows(found).map(row => shape.read(row, 0)), beside: found }
  }

  /** The values of the columns, row by row. */
  private async values(shapes: readonly ReadShape<unknown>[], from: Sql): Promise<unknown[][]> {
    const [found] = await this.query<Rows>(this.asJson(shapes, from))
    return readRows(found)
  }

  // As one text: drivers make each single value on the thread of all requests.
  private asJson(shapes: readonly ReadShape<unknown>[], from: Sql): Sql {
    const names = raw(shapes.map(shape => shape.names).join(', '))
    const selected = raw(shapes.map(shape => shape.selected).join(', '))
    return this.engine === 'postgres'
      ? SQL`SELECT json_agg(json_build_array(${names})) AS rows FROM (SELECT ${selected} ${from}) AS selected`
      : SQL`SELECT json_group_array(json_array(${names})) AS rows FROM (SELECT ${selected} ${from})`
  }

  protected textOf(statement: Sql): string {
    return this.engine === 'postgres' ? statement.text : statement.sql
  }

  private metadataOf<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): EntityMetadata {
    return this.manager.connection.getMetadata(entity)
  }

  protected shapeOf<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): RowShape<Entity> {
    return rowShapeOf(this.metadataOf(entity))
  }
}

/**
 * One transaction: all of its writes are kept, or none. A type of its own, so that
 * a store's write can't be called with a unit that only reads.
 */
export class WritingUnitOfWork extends UnitOfWork {
  private readonly deferred: (() => void)[] = []

  /** Runs a statement of our own that changes rows, and tells how many it changed. */
  async change(statement: Sql): Promise<number> {
    const { queryRunner } = this.manager
    if (queryRunner === undefined) throw new Error('A unit that writes has its own connection.')
    const { affected } = await queryRunner.query(this.textOf(statement), statement.values, true)
    return affected ?? 0
  }

  /** Adds any number of rows with one statement. */
  insertAll<Entity extends ObjectLiteral>(
    entity: EntityTarget<Entity>,
    rows: readonly Entity[],
  ): Promise<void> {
    return this.insertWith(entity, rows, '')
  }

  /** As {@link insertAll}, in place of the rows that are there with the same key. */
  saveAll<Entity extends ObjectLiteral>(
    entity: EntityTarget<Entity>,
    rows: readonly Entity[],
    key: string,
  ): Promise<void> {
    const { columns } = this.shapeOf(entity)
    const given = columns.filter(column => column !== key)
    const changes = given.map(column => `${column} = EXCLUDED.${column}`).join(', ')
    return this.insertWith(entity, rows, `ON CONFLICT (${key}) DO UPDATE SET ${changes}`)
  }

  private async insertWith<Entity extends ObjectLiteral>(
    entity: EntityTarget<Entity>,
    rows: readonly Entity[],
    onConflict: string,
  ): Promise<void> {
    if (rows.length === 0) return
    const { columns, table, write } = this.shapeOf(entity)
    const names = columns.join(', ')
    // As one JSON document: a parameter for each value would soon be more than engines take.
    const given = JSON.stringify(rows.map(write))
    const values = columns.map(column => `value ->> '${column}'`).join(', ')
    const selection =
      this.engine === 'postgres'
        ? `${names} FROM json_populate_recordset(NULL::${table}, $1::json)`
        : // TRUE: without a WHERE, SQLite takes ON CONFLICT for the end of a join.
          `${values} FROM json_each(?) WHERE TRUE`
    const text = `INSERT INTO ${table} (${names}) SELECT ${selection} ${onConflict}`
    await this.manager.query(text, [given])
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
