import type { ObjectLiteral, Repository } from 'typeorm'

// SQLite allows 32,766 parameters in a statement, PostgreSQL 65,535.
const maxParameters = 30_000

/** Inserts any number of rows, as many in each statement as both engines allow. */
export const insertMany = async <Entity extends ObjectLiteral>(
  repository: Repository<Entity>,
  rows: readonly Entity[],
): Promise<void> => {
  const size = Math.floor(maxParameters / repository.metadata.columns.length)
  for (let start = 0; start < rows.length; start += size) {
    await repository.insert(rows.slice(start, start + size))
  }
}
