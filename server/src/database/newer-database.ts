import type { DataSource, MigrationInterface } from 'typeorm'
import { ConfigError } from '../config/config-error.js'

/**
 * Refuses a database that a newer version has brought up to date: this one would write to
 * tables it does not know.
 *
 * @param known the migrations this version has.
 * @throws ConfigError that names what is not among them.
 */
export const refuseNewerDatabase = async (
  source: DataSource,
  known: readonly (new () => MigrationInterface)[],
): Promise<void> => {
  // TypeORM makes the table with the first migration.
  const runner = source.createQueryRunner()
  try {
    if (!(await runner.hasTable('migrations'))) return
    const done: { name: string }[] = await runner.query('SELECT name FROM migrations ORDER BY id')
    const names = new Set(known.map(Migration => new Migration().name))
    const unknown = done.map(({ name }) => name).filter(name => !names.has(name))
    if (unknown.length === 0) return
    throw new ConfigError([
      `This database was made by a newer version of Rekey, with ${unknown.join(', ')}. Start that one, or restore a backup.`,
    ])
  } finally {
    await runner.release()
  }
}
