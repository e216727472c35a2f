import type { EntityMetadata, ObjectLiteral, ValueTransformer } from 'typeorm'

/** How rows of an entity are read: all of their columns, or all but some. */
export interface ReadShape<Entity> {
  /** The columns as SELECT has them, each by a name that is its own among all tables. */
  readonly selected: string
  /** Those names. */
  readonly names: string
  /** How many columns there are. */
  readonly width: number
  /** Reads the values of the columns, in their order, from this index on. */
  readonly read: (values: readonly unknown[], from: number) => Entity
}

/** How an entity becomes a row and a row an entity. */
export interface RowShape<Entity> extends ReadShape<Entity> {
  readonly table: string
  /** The names of the columns as the database has them. */
  readonly columns: readonly string[]
  readonly write: (entity: Entity) => Record<string, unknown>
}

interface Field {
  readonly column: string
  readonly property: string
  readonly transformer: ValueTransformer | undefined
}

const shapes = new WeakMap<EntityMetadata, RowShape<never>>()
const partialShapes = new WeakMap<EntityMetadata, Map<string, ReadShape<never>>>()

const asBoolean: ValueTransformer = {
  to: (value: unknown) => value,
  // SQLite has no booleans of its own: 0 and 1.
  from: (stored: unknown) => Boolean(stored),
}

const fieldsOf = (metadata: EntityMetadata): Field[] =>
  metadata.columns.map(column => ({
    column: column.databaseName,
    property: column.propertyName,
    transformer:
      column.type === 'boolean' ? asBoolean : (column.transformer as ValueTransformer | undefined),
  }))

const readShapeOf = <Entity>(
  metadata: EntityMetadata,
  fields: readonly Field[],
): ReadShape<Entity> => {
  const target = metadata.target as new () => Record<string, unknown>
  const { tableName: table } = metadata
  return {
    selected: fields.map(({ column }) => `${table}.${column} AS ${table}_${column}`).join(', '),
    names: fields.map(({ column }) => `${table}_${column}`).join(', '),
    width: fields.length,
    read: (values, from) => {
      const entity = new target()
      let index = from
      for (const { property, transformer } of fields) {
        const stored = values[index]
        entity[property] = transformer === undefined ? stored : transformer.from(stored)
        index += 1
      }
      return entity as Entity
    },
  }
}

/** The shape of an entity's rows, worked out once from what its decorators say. */
export const rowShapeOf = <Entity extends ObjectLiteral>(
  metadata: EntityMetadata,
): RowShape<Entity> => {
  const known = shapes.get(metadata)
  if (known !== undefined) return known as unknown as RowShape<Entity>
  const fields = fieldsOf(metadata)
  const shape: RowShape<Entity> = {
    ...readShapeOf<Entity>(metadata, fields),
    table: metadata.tableName,
    columns: fields.map(({ column }) => column),
    write: entity => {
      const row: Record<string, unknown> = {}
      for (const { column, property, transformer } of fields) {
        const value: unknown = entity[property]
        row[column] = transformer === undefined ? value : transformer.to(value)
      }
      return row
    },
  }
  shapes.set(metadata, shape as unknown as RowShape<never>)
  return shape
}

/** As {@link rowShapeOf}, without the columns of some properties, which are then not there. */
export const rowShapeWithout = <Entity extends ObjectLiteral, Left extends keyof Entity & string>(
  metadata: EntityMetadata,
  left: readonly Left[],
): ReadShape<Omit<Entity, Left>> => {
  const known = partialShapes.get(metadata) ?? new Map<string, ReadShape<never>>()
  partialShapes.set(metadata, known)
  const key = left.join()
  const shape =
    known.get(key) ??
    readShapeOf<Omit<Entity, Left>>(
      metadata,
      fieldsOf(metadata).filter(({ property }) => !(left as readonly string[]).includes(property)),
    )
  known.set(key, shape as unknown as ReadShape<never>)
  return shape as ReadShape<Omit<Entity, Left>>
}
