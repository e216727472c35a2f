import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DataSource, type DataSourceOptions } from 'typeorm'
import { entities } from '../app/features.js'
import { readConfig } from '../config/config.js'
import type { Database } from '../database/database.js'
import { postgresMigrations, sqliteMigrations } from '../database/migrations/index.js'
import { openDatabase } from '../database/open-database.js'
import { type ThrowAwayDatabase, throwAwayDatabase } from './throw-away-database.js'

/** The database of an earlier version, for the test of a migration. */
export class EarlierDatabase {
  /** The upgraded database, after {@link upgrade}. */
  database: Database | undefined

  private constructor(
    readonly dir: string,
    /** The database on PostgreSQL; null on SQLite. */
    readonly throwAway: ThrowAwayDatabase | null,
    /** The connection to the tables of the earlier version. */
    public source: DataSource,
  ) {}

  /** Creates a database with the tables of the version before a migration. */
  static async before(migration: unknown): Promise<EarlierDatabase> {
    const dir = await mkdtemp(join(tmpdir(), 'rekey-migration-'))
    const throwAway = await throwAwayDatabase()
    const earlier = <Migration>(migrations: readonly Migration[]): Migration[] =>
      migrations.slice(0, migrations.indexOf(migration as Migration))
    const source = new DataSource({
      ...optionsOf(dir, throwAway),
      migrations: earlier(throwAway ? postgresMigrations : sqliteMigrations),
    } as DataSourceOptions)
    await source.initialize()
    await source.runMigrations({ transaction: 'each' })
    return new EarlierDatabase(dir, throwAway, source)
  }

  /** Connects to the tables again, after an upgrade that was interrupted. */
  async reopen(): Promise<void> {
    this.source = new DataSource(optionsOf(this.dir, this.throwAway))
    await this.source.initialize()
  }

  /** Opens the database as the server does, which runs the migrations. */
  async upgrade(): Promise<Database> {
    if (this.source.isInitialized) await this.source.destroy()
    const { dir, throwAway } = this
    const config = readConfig({ DATABASE_URL: throwAway?.url ?? '', DATA_DIR: dir }, dir)
    this.database = await openDatabase(config.database, entities)
    return this.database
  }

  /** Closes all connections and removes the database. */
  async remove(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy()
    await this.database?.close()
    await this.throwAway?.drop()
    await rm(this.dir, { recursive: true })
  }
}

const optionsOf = (dir: string, throwAway: ThrowAwayDatabase | null): DataSourceOptions =>
  throwAway
    ? { type: 'postgres', url: throwAway.url, installExtensions: false }
    : { type: 'sqlite', database: join(dir, 'rekey.sqlite'), enableWAL: true }
