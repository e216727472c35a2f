import type { EntityMetadata, ObjectLiteral, ValueTransformer } from 'typeorm'

/** How an entity becomes a row and a row an entity. */
export interface RowShape<Entity> {
  readonly table: string
  /** The names of the columns as the database has them. */
  readonly columns: readonly string[]
  /** The same with the table in front. */
  readonly selected: readonly string[]
  /** Reads the values of the columns, in their order, from this index on. */
  readonly read: (values: readonly unknown[], from: number) => Entity
  readonly write: (entity: Entity) => Record<string, unknown>
}

const shapes = new WeakMap<EntityMetadata, RowShape<never>>()

const asBoolean: ValueTransformer = {
  to: (value: unknown) => value,
  // SQLite has no booleans of its own: 0 and 1.
  from: (stored: unknown) => Boolean(stored),
}

/** The shape of an entity's rows, worked out once from what its decorators say. */
export const rowShapeOf = <Entity extends ObjectLiteral>(
  metadata: EntityMetadata,
): RowShape<Entity> => {
  const known = shapes.get(metadata)
  if (known !== undefined) return known as unknown as RowShape<Entity>
  const fields = metadata.columns.map(column => ({
    column: column.databaseName,
    property: column.propertyName,
    transformer:
      column.type === 'boolean' ? asBoolean : (column.transformer as ValueTransformer | undefined),
  }))
  const target = metadata.target as new () => Entity
  const shape: RowShape<Entity> = {
    table: metadata.tableName,
    columns: fields.map(({ column }) => column),
    selected: fields.map(({ column }) => `${metadata.tableName}.${column}`),
    read: (values, from) => {
      const entity: Record<string, unknown> = new target()
      for (const [index, { property, transformer }] of fields.entries()) {
        const stored = values[from + index]
        entity[property] = transformer === undefined ? stored : transformer.from(stored)
      }
      return entity as Entity
    },
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
