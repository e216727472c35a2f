import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationInterface } from 'typeorm'

type Migration = new () => MigrationInterface

/** Loads the migrations in a folder. The name of each file begins with the time in its class name. */
const migrationsIn = (folder: string): [file: string, migration: Migration][] =>
  readdirSync(folder)
    .filter(file => /^\d{13}-[a-z0-9-]+\.[jt]s$/.test(file))
    .flatMap(file =>
      Object.values<Migration>(require(join(folder, file))).map(
        (migration): [string, Migration] => [file, migration],
      ),
    )

/** Both engines have the migrations of this folder, and each has its own in a folder below. */
const migrationsOf = (engine: 'sqlite' | 'postgres'): readonly Migration[] =>
  [...migrationsIn(__dirname), ...migrationsIn(join(__dirname, engine))]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, migration]) => migration)

/** Every migration of a SQLite file, oldest first. */
export const sqliteMigrations = migrationsOf('sqlite')

/** Every migration of a PostgreSQL database, oldest first. */
export const postgresMigrations = migrationsOf('postgres')
