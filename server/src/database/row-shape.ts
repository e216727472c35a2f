import type { EntityMetadata, ObjectLiteral, ValueTransformer } from 'typeorm'

/** How an entity becomes a row and a row an entity. */
export interface RowShape<Entity> {
  /** The names of the columns as the database has them. */
  readonly columns: readonly string[]
  readonly read: (row: Record<string, unknown>) => Entity
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
    columns: fields.map(({ column }) => column),
    read: row => {
      const entity: Record<string, unknown> = new target()
      for (const { column, property, transformer } of fields) {
        const stored = row[column]
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
