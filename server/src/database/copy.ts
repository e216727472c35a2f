import { isDeepStrictEqual } from 'node:util'
import SQL, { join, raw } from 'sql-template-tag'
import type { EntityMetadata } from 'typeorm'
import { ConfigError } from '../config/config-error.js'
import type { Database, EntityClasses } from './database.js'
import { isUnstorableText } from './postgres.js'
import type { UnitOfWork, WritingUnitOfWork } from './unit-of-work.js'

// Some rows have up to 100 KB, such as answers stored for retries.
const batchSize = 500

/** Tables that always have one row. The row of the source replaces it. */
const filledByMigrations: readonly string[] = ['mail_delivery_state']

/** A table and the number of its copied rows. */
export interface CopiedTable {
  readonly table: string
  readonly rows: number
}

/** A row as it is stored, by column name. */
type Row = Record<string, unknown>

interface Table {
  readonly name: string
  readonly columns: EntityMetadata['columns']
  readonly keys: readonly string[]
}

/**
 * Copies every table of all entities from a SQLite database to an empty PostgreSQL database in one
 * transaction, then compares each row of the copy with its source. If one differs, nothing is
 * saved. No other process may use either database.
 *
 * Values are copied as they are stored, not as entities, because an entity may omit values that
 * this version does not know. No table has a sequence, because the server creates ids.
 *
 * @throws ConfigError if the target is not empty, or cannot store a text of the source.
 */
export const copyRows = async (
  source: Database,
  target: Database,
  entities: EntityClasses,
): Promise<CopiedTable[]> => {
  const tables = await source.read(async unit =>
    entities.map(entity => tableOf(unit.rows(entity).metadata)),
  )
  const copied = await target.write(async to => {
    for (const name of filledByMigrations) await to.query(SQL`DELETE FROM ${namesOf([name])}`)
    await requireEmpty(to, tables)
    for (const table of parentsFirst(tables, await foreignKeysOf(to))) {
      for await (const rows of batchesOf(source, table)) await insertRows(to, table, rows)
    }
    const compared: CopiedTable[] = []
    for (const table of tables) compared.push(await compareTable(source, to, table))
    return compared
  })
  await target.analyze()
  return copied
}

const tableOf = ({ tableName, columns, primaryColumns }: EntityMetadata): Table => ({
  name: tableName,
  columns,
  keys: primaryColumns.map(({ databaseName }) => databaseName),
})

const namesOf = (names: readonly string[]) => raw(names.map(name => `"${name}"`).join(', '))

const columnNamesOf = ({ columns }: Table) => namesOf(columns.map(column => column.databaseName))

const requireEmpty = async (unit: UnitOfWork, tables: readonly Table[]): Promise<void> => {
  for (const { name } of tables) {
    const found = await unit.query(SQL`SELECT 1 FROM ${namesOf([name])} LIMIT 1`)
    if (found.length === 0) continue
    throw new ConfigError([
      `The target is not empty: it has rows in ${name}. Create an empty database and copy to that.`,
    ])
  }
}

/** A table whose rows refer to rows of another table. */
interface ForeignKey {
  readonly child: string
  readonly parent: string
}

const foreignKeysOf = (unit: UnitOfWork): Promise<ForeignKey[]> =>
  unit.query<ForeignKey>(
    SQL`SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent
      FROM pg_constraint WHERE contype = 'f' AND conrelid <> confrelid`,
  )

/** Orders the tables so that each row comes after the rows it refers to. */
const parentsFirst = (tables: readonly Table[], foreignKeys: readonly ForeignKey[]): Table[] => {
  const ordered: Table[] = []
  const left = new Map(tables.map(table => [table.name, table]))
  while (left.size > 0) {
    const next = [...left.values()].find(
      ({ name }) => !foreignKeys.some(({ child, parent }) => child === name && left.has(parent)),
    )
    if (next === undefined) throw new Error('The tables refer to each other in a circle.')
    left.delete(next.name)
    ordered.push(next)
  }
  return ordered
}

/** All rows of a table, in the order of SQLite's row ids. */
async function* batchesOf(source: Database, table: Table): AsyncGenerator<Row[]> {
  let last = Number.MIN_SAFE_INTEGER
  for (;;) {
    const rows = await source.read(unit =>
      unit.query<Row & { copied_rowid: number }>(
        SQL`SELECT rowid AS copied_rowid, ${columnNamesOf(table)} FROM ${namesOf([table.name])}
          WHERE rowid > ${last} ORDER BY rowid LIMIT ${batchSize}`,
      ),
    )
    const end = rows.at(-1)
    if (end === undefined) return
    last = end.copied_rowid
    yield rows.map(row => normalize(table, row))
  }
}

/** The values of a row in the same form for both drivers. */
const normalize = ({ columns }: Table, row: Row): Row =>
  Object.fromEntries(
    columns.map(({ databaseName, type }) => {
      const value = row[databaseName] ?? null
      if (value === null) return [databaseName, null]
      // SQLite stores 0 and 1.
      if (type === 'boolean') return [databaseName, Boolean(value)]
      // PostgreSQL's driver returns bigints as text.
      if (type === 'bigint') return [databaseName, Number(value)]
      return [databaseName, value]
    }),
  )

const insertRows = async (
  unit: WritingUnitOfWork,
  table: Table,
  rows: readonly Row[],
): Promise<void> => {
  const values = rows.map(
    row => SQL`(${join(table.columns.map(({ databaseName }) => row[databaseName]))})`,
  )
  try {
    await unit.query(
      SQL`INSERT INTO ${namesOf([table.name])} (${columnNamesOf(table)}) VALUES ${join(values)}`,
    )
  } catch (failure) {
    if (!isUnstorableText(failure)) throw failure
    throw new ConfigError([
      `A text in ${table.name} contains the character U+0000, which PostgreSQL cannot store.`,
    ])
  }
}

const keyOf = ({ keys }: Table, row: Row): string => JSON.stringify(keys.map(key => row[key]))

const compareTable = async (
  source: Database,
  target: UnitOfWork,
  table: Table,
): Promise<CopiedTable> => {
  let rows = 0
  for await (const batch of batchesOf(source, table)) {
    const keys = batch.map(row => SQL`(${join(table.keys.map(key => row[key]))})`)
    const found = await target.query<Row>(
      SQL`SELECT ${columnNamesOf(table)} FROM ${namesOf([table.name])}
        WHERE (${namesOf(table.keys)}) IN (${join(keys)})`,
    )
    const copies = new Map(found.map(row => [keyOf(table, row), normalize(table, row)]))
    for (const row of batch) {
      if (isDeepStrictEqual(copies.get(keyOf(table, row)), row)) continue
      throw new Error(`A row of ${table.name} differs from its source: ${keyOf(table, row)}.`)
    }
    rows += batch.length
  }
  const [counted] = await target.query<{ n: string }>(
    SQL`SELECT count(*) AS n FROM ${namesOf([table.name])}`,
  )
  if (Number(counted?.n) !== rows) {
    throw new Error(`${table.name} has ${counted?.n} rows in the copy, and ${rows} in the source.`)
  }
  return { table: table.name, rows }
}
