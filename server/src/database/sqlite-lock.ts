import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DataSource } from 'typeorm'

// A server that is just ending, as in a restart, has this long to let go.
const waitMs = 2_000

/**
 * The lock that the server of a SQLite file holds, so that there is no second one. It is the lock
 * of an empty SQLite file beside it, and ends with its process, however that ends. The commands
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
   * @returns null if another process holds it.
   */
  static async take(path: string): Promise<SqliteLock | null> {
    const lockPath = `${path}.lock`
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
      // Nothing is ever written, so there is nothing to keep a journal of.
      await source.query('PRAGMA journal_mode = MEMORY')
      await source.query('BEGIN EXCLUSIVE')
      return new SqliteLock(source)
    } catch (failure) {
      await source.destroy()
      if (String(failure).includes('SQLITE_BUSY')) return null
      throw failure
    }
  }

  /** Lets go of it. */
  async release(): Promise<void> {
    await this.source.destroy()
  }
}
