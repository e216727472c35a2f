import { type FileHandle, mkdir, open, realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ConfigError } from '../config/config-error.js'
import { refuseForeignWal } from './foreign-wal.js'
import { isSqliteHeader, readHeaderOf } from './sqlite-header.js'
import { DatabaseUnavailable } from './unavailable.js'

/** A file as the file system knows it, whatever its name. */
interface Identity {
  readonly dev: bigint
  readonly ino: bigint
}

// What SQLite keeps beside the file while it is open, with changes that are not in the file yet.
const companions = ['-wal', '-shm'] as const

const identityOf = async (path: string): Promise<Identity | null> => {
  try {
    const { dev, ino } = await stat(path, { bigint: true })
    return { dev, ino }
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new DatabaseUnavailable(failure)
  }
}

/** The path behind symbolic links, which SQLite follows too; the path itself if there is no file. */
export const resolveSqlitePath = (path: string): Promise<string> => realpath(path).catch(() => path)

/**
 * The SQLite file that this process has open. SQLite itself does not notice when the file, or
 * one that belongs to it, is deleted or replaced: it goes on in files that have no name any more,
 * and everything is lost when the process ends.
 *
 * The handle stays open as long as SQLite uses the file. To close any handle of it would drop the
 * locks that SQLite holds (POSIX advisory locks belong to the process).
 */
export class SqliteFile {
  private readonly seen = new Map<string, Identity>()

  private constructor(
    /** Where the file is, without symbolic links. */
    readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  /**
   * Opens the file, and creates it if there is none. Only its owner can read it.
   *
   * @throws ConfigError when it is a file of something else, or has a -wal of another file beside
   * it. Then it stays as it is.
   */
  static async open(path: string): Promise<SqliteFile> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await refuseForeignWal(await resolveSqlitePath(path))
    // Hashes are in there. What SQLite puts beside a file has the file's mode.
    const handle = await open(path, 'a+', 0o600)
    try {
      const header = await readHeaderOf(handle)
      if (header.length > 0 && !isSqliteHeader(header)) {
        throw new ConfigError([`DATA_DIR or DATABASE_URL: ${path} is no SQLite database.`])
      }
      await handle.chmod(0o600)
      return new SqliteFile(await resolveSqlitePath(path), handle)
    } catch (failure) {
      await handle.close()
      throw failure
    }
  }

  /** Remembers which files SQLite has open now. Call it once every connection has read. */
  async remember(): Promise<void> {
    const { dev, ino } = await this.handle.stat({ bigint: true })
    this.seen.set(this.path, { dev, ino })
    for (const companion of companions) {
      const identity = await identityOf(this.path + companion)
      if (identity !== null) this.seen.set(this.path + companion, identity)
    }
    await this.requireInPlace()
  }

  /**
   * Requires that the files SQLite has open are still those of their names.
   *
   * @throws DatabaseUnavailable when one was deleted or replaced.
   */
  async requireInPlace(): Promise<void> {
    await Promise.all([...this.seen].map(([path, opened]) => this.requireSame(path, opened)))
  }

  /**
   * Requires that the file still begins as a SQLite database. SQLite would not notice as long as
   * it finds what it needs in its cache.
   *
   * @throws DatabaseUnavailable when something else was written over it.
   */
  async requireHeader(): Promise<void> {
    if (isSqliteHeader(await readHeaderOf(this.handle))) return
    throw new DatabaseUnavailable(
      new Error(`${this.path} was overwritten and is no SQLite database any more`),
    )
  }

  private async requireSame(path: string, { dev, ino }: Identity): Promise<void> {
    const now = await identityOf(path)
    if (now?.dev === dev && now.ino === ino) return
    const change = now === null ? 'deleted' : 'replaced by another file'
    throw new DatabaseUnavailable(
      new Error(`${path} was ${change} while the server ran, so nothing is written`),
    )
  }

  /** Closes the handle, after every connection to the file. */
  async close(): Promise<void> {
    await this.handle.close()
  }
}
