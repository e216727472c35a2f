import SQL, { raw, type Sql } from 'sql-template-tag'
import type { EntityMetadata, EntityTarget, ObjectLiteral, ValueTransformer } from 'typeorm'
import type { UnitOfWork } from './unit-of-work.js'

// TypeORM reads a page of the users list in about a millisecond: the driver creates each value on
// the thread of all requests, and TypeORM then builds each entity from an aliased row. Here the
// engine returns the page as one JSON text, together with single values such as the total. Use it
// only for that list; everything else reads through TypeORM.

/** The parts of a statement. */
export interface JsonRowsQuery {
  /** Temporary tables for this statement: the text between WITH and SELECT. */
  readonly tables?: Sql
  /** Single values with their names. */
  readonly values: Sql
  /** The rest, starting with FROM. It refers to the entity's table by its name. */
  readonly from: Sql
}

/** The rows of a statement, without the omitted properties, and the single values. */
export interface JsonRows<Row, Values> {
  readonly rows: Row[]
  readonly values: Values
}

const transformerOf = (column: EntityMetadata['columns'][number]): ValueTransformer | undefined =>
  column.type === 'boolean'
    ? // SQLite stores 0 and 1.
      { to: value => value, from: Boolean }
    : (column.transformer as ValueTransformer | undefined)

/** Reads rows of an entity, without the omitted properties, and single values beside them. */
export const readJsonRows = async <
  Entity extends ObjectLiteral,
  Left extends keyof Entity & string,
  Values extends object,
>(
  unit: UnitOfWork,
  entity: EntityTarget<Entity>,
  left: readonly Left[],
  { tables, values, from }: JsonRowsQuery,
): Promise<JsonRows<Omit<Entity, Left>, Values>> => {
  const { columns, tableName, target } = unit.rows(entity).metadata
  const read = columns.filter(({ propertyName }) => !left.some(name => name === propertyName))
  const selected = read.map(
    ({ databaseName }, index) => `${tableName}.${databaseName} AS c${index}`,
  )
  const names = raw(read.map((_, index) => `c${index}`).join(', '))
  const page = SQL`(SELECT ${raw(selected.join(', '))} ${from}) AS page`
  const asJson =
    unit.engine === 'postgres'
      ? SQL`SELECT json_agg(json_build_array(${names})) FROM ${page}`
      : SQL`SELECT json_group_array(json_array(${names})) FROM ${page}`
  const head = tables === undefined ? SQL`SELECT` : SQL`WITH ${tables} SELECT`
  const [found] = await unit.query<Values & { page: string | unknown[][] | null }>(
    SQL`${head} ${values}, (${asJson}) AS page`,
  )
  if (found === undefined) throw new Error('A statement of single values returned no row.')
  // PostgreSQL's driver has already parsed it.
  const rows: unknown[][] = typeof found.page === 'string' ? JSON.parse(found.page) : found.page
  const fields = read.map(column => ({
    property: column.propertyName,
    transformer: transformerOf(column),
  }))
  const Target = target as new () => Record<string, unknown>
  return {
    values: found,
    rows: (rows ?? []).map(stored => {
      const row = new Target()
      for (const [index, { property, transformer }] of fields.entries()) {
        row[property] = transformer === undefined ? stored[index] : transformer.from(stored[index])
      }
      return row as Omit<Entity, Left>
    }),
  }
}
