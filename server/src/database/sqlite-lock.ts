import { randomInt } from 'node:crypto'
import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DataSource } from 'typeorm'
import { ConfigError } from '../config/config-error.js'
import { applicationIdOf, isSqliteHeader, readHeader, userVersionOf } from './sqlite-header.js'

// A server that is just ending, as in a restart, has this long to let go.
const waitMs = 2_000

/** Where the lock of a SQLite file is. */
export const lockPathOf = (path: string): string => `${path}.lock`

/**
 * The marks of which one is in the header of the SQLite file, if it is the file that the last
 * server had open. Null if no server ever marked it.
 */
export const marksOf = async (lockPath: string): Promise<readonly number[] | null> => {
  const header = await readHeader(lockPath)
  if (!isSqliteHeader(header)) return null
  const marks = [userVersionOf(header), applicationIdOf(header)]
  return marks[0] === 0 ? null : marks
}

/**
 * The lock that the server of a SQLite file holds, so that there is no second one. It is the lock
 * of a small SQLite file beside it, and ends with its process, however that ends. The commands
 * beside a server don't need it.
 *
 * Nothing in this process may open the lock's file otherwise: to close it would drop the lock.
 */
export class SqliteLock {
  private constructor(private readonly source: DataSource) {}

  /**
   * Takes the lock.
   *
   * @param path of the SQLite file, without symbolic links. It need not exist.
   * @throws ConfigError when another process holds it.
   */
  static async take(path: string): Promise<SqliteLock> {
    const lockPath = lockPathOf(path)
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    // For its owner's eyes only, as all that is beside it. If it exists, it stays unopened.
    await open(lockPath, 'wx', 0o600).then(
      made => made.close(),
      failure => {
        if ((failure as NodeJS.ErrnoException).code !== 'EEXIST') throw failure
      },
    )
    const source = await new DataSource({
      type: 'sqlite',
      database: lockPath,
      logging: false,
      busyTimeout: waitMs,
    }).initialize()
    try {
      // Without a journal's file; what is written is one page.
      await source.query('PRAGMA journal_mode = MEMORY')
      // The lock outlives the transaction.
      await source.query('PRAGMA locking_mode = EXCLUSIVE')
      await source.query('BEGIN EXCLUSIVE')
      await source.query('COMMIT')
      return new SqliteLock(source)
    } catch (failure) {
      await source.destroy()
      if (!String(failure).includes('SQLITE_BUSY')) throw failure
      throw new ConfigError([
        `Another server uses ${path}. A SQLite file has one server: stop that one first, or use PostgreSQL for several.`,
      ])
    }
  }

  /**
   * Marks the file as the one that this run of the server has open, so that the next start can
   * recognize it ({@link marksOf}). While it is under way, the file may have the old mark or the
   * new one.
   *
   * @param save writes the mark into the header of the file: true if it is in the file itself.
   */
  async mark(save: (mark: number) => Promise<boolean>): Promise<void> {
    const [{ user_version: before = 0 } = {}] = await this.source.query('PRAGMA user_version')
    const mark = randomInt(1, 2 ** 31)
    await this.save(mark, before)
    if (await save(mark)) await this.save(mark, mark)
  }

  /** Lets go of it. */
  async release(): Promise<void> {
    await this.source.destroy()
  }

  private async save(mark: number, earlier: number): Promise<void> {
    await this.source.query('BEGIN')
    await this.source.query(`PRAGMA user_version = ${mark}`)
    await this.source.query(`PRAGMA application_id = ${earlier}`)
    await this.source.query('COMMIT')
  }
}
