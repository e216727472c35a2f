import type { DataSource, MigrationInterface } from 'typeorm'
import { ConfigError } from '../config/config-error.js'

/**
 * Rejects a database that a newer version has migrated, because this version would write to tables
 * that it does not know.
 *
 * @param known the migrations of this version.
 * @throws ConfigError that names the unknown migrations.
 */
export const refuseNewerDatabase = async (
  source: DataSource,
  known: readonly (new () => MigrationInterface)[],
): Promise<void> => {
  // TypeORM creates the table with the first migration.
  const runner = source.createQueryRunner()
  try {
    if (!(await runner.hasTable('migrations'))) return
    const done: { name: string }[] = await runner.query('SELECT name FROM migrations ORDER BY id')
    const names = new Set(known.map(Migration => new Migration().name))
    const unknown = done.map(({ name }) => name).filter(name => !names.has(name))
    if (unknown.length === 0) return
    throw new ConfigError([
      `This database was used by a newer version of Rekey, with ${unknown.join(', ')}. Start that version, or restore a backup.`,
    ])
  } finally {
    await runner.release()
  }
}
