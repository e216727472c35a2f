import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DataSource } from 'typeorm'

// How long to wait for a server that is just stopping, as in a restart.
const waitMs = 2_000

/**
 * The lock of the server of a SQLite file, which prevents a second server. It is the lock of an
 * empty SQLite file beside it, and is released when its process ends in any way. Commands do not
 * need it while a server is running.
 *
 * Nothing else in this process may open the lock file, because closing it would release the lock.
 */
export class SqliteLock {
  private constructor(private readonly source: DataSource) {}

  /**
   * Acquires the lock.
   *
   * @param path of the SQLite file, without symbolic links. The file may be missing.
   * @returns null if another process holds the lock.
   */
  static async take(path: string): Promise<SqliteLock | null> {
    const lockPath = `${path}.lock`
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    // Readable only by the owner, like all files beside it. An existing file is not opened.
    await open(lockPath, 'wx', 0o600).then(
      handle => handle.close(),
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
      // Nothing is ever written, so no journal file is needed.
      await source.query('PRAGMA journal_mode = MEMORY')
      await source.query('BEGIN EXCLUSIVE')
      return new SqliteLock(source)
    } catch (failure) {
      await source.destroy()
      if (String(failure).includes('SQLITE_BUSY')) return null
      throw failure
    }
  }

  /** Releases the lock. */
  async release(): Promise<void> {
    await this.source.destroy()
  }
}
