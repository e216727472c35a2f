import type { DataSource, MigrationInterface } from 'typeorm'
import { ConfigError } from '../config/config-error.js'

type Migrations = readonly (new () => MigrationInterface)[]

const namesOf = (migrations: Migrations): string[] =>
  migrations.map(Migration => new Migration().name ?? Migration.name)

/** The migrations that a database has had, oldest first. */
const doneIn = async (source: DataSource): Promise<string[]> => {
  const runner = source.createQueryRunner()
  try {
    // TypeORM makes the table with the first migration.
    if (!(await runner.hasTable('migrations'))) return []
    const done: { name: string }[] = await runner.query('SELECT name FROM migrations ORDER BY id')
    return done.map(({ name }) => name)
  } finally {
    await runner.release()
  }
}

/**
 * Rejects a database that a newer version has migrated, because this version would write to tables
 * that it does not know.
 *
 * @param migrations the migrations of this version.
 * @throws ConfigError that names the unknown migrations.
 */
export const refuseNewerDatabase = async (
  source: DataSource,
  migrations: Migrations,
): Promise<void> => {
  const names = new Set(namesOf(migrations))
  const unknown = (await doneIn(source)).filter(name => !names.has(name))
  if (unknown.length === 0) return
  throw new ConfigError([
    `This database was used by a newer version of Rekey, with ${unknown.join(', ')}. Start that version, or restore a backup.`,
  ])
}

/**
 * Rejects a database of an earlier version. Only a server migrates the tables: a command must not
 * change them while an earlier version of the server still runs.
 *
 * @param migrations the migrations of this version.
 * @throws ConfigError that says to start the server first.
 */
export const refuseOlderDatabase = async (
  source: DataSource,
  migrations: Migrations,
): Promise<void> => {
  const done = new Set(await doneIn(source))
  if (namesOf(migrations).every(name => done.has(name))) return
  throw new ConfigError([
    'The tables are those of an earlier version of Rekey. Start this version of the server first: it brings them up to date.',
  ])
}
