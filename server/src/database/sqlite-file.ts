import { type FileHandle, mkdir, open, realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ConfigError } from '../config/config-error.js'
import { refuseForeignWal } from './foreign-wal.js'
import { isSqliteHeader, readHeaderOf } from './sqlite-header.js'
import { DatabaseUnavailable } from './unavailable.js'

/** The identity of a file in the file system, independent of its name. */
interface Identity {
  readonly dev: bigint
  readonly ino: bigint
}

// The files that SQLite keeps beside an open database. They contain changes that are not in the
// file yet.
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

/**
 * Resolves symbolic links, which SQLite follows too; returns the path itself if there is no file.
 */
export const resolveSqlitePath = (path: string): Promise<string> => realpath(path).catch(() => path)

/**
 * The SQLite file that this process has open. SQLite does not notice if the file or its companions
 * are deleted or replaced: it continues with files that no longer have a name, and everything is
 * lost when the process ends.
 *
 * The handle stays open as long as SQLite uses the file. Closing any handle of it would release the
 * locks that SQLite holds, because POSIX advisory locks belong to the process.
 */
export class SqliteFile {
  private readonly seen = new Map<string, Identity>()

  private constructor(
    /** The path of the file, without symbolic links. */
    readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  /**
   * Opens the file, and creates it if it is missing. Only its owner can read it.
   *
   * @throws ConfigError if the file is not a SQLite database, or has the -wal of another file
   * beside it. Then it is not changed.
   */
  static async open(path: string): Promise<SqliteFile> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await refuseForeignWal(await resolveSqlitePath(path))
    // The file contains hashes. SQLite gives its companion files the same mode.
    const handle = await open(path, 'a+', 0o600)
    try {
      const header = await readHeaderOf(handle)
      if (header.length > 0 && !isSqliteHeader(header)) {
        throw new ConfigError([`DATA_DIR or DATABASE_URL: ${path} is not a SQLite database.`])
      }
      await handle.chmod(0o600)
      return new SqliteFile(await resolveSqlitePath(path), handle)
    } catch (failure) {
      await handle.close()
      throw failure
    }
  }

  /** Records which files SQLite has open. Call it after every connection has read. */
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
   * Requires that the files SQLite has open still have their names.
   *
   * @throws DatabaseUnavailable if one was deleted or replaced.
   */
  async requireInPlace(): Promise<void> {
    await Promise.all([...this.seen].map(([path, opened]) => this.requireSame(path, opened)))
  }

  /**
   * Requires that the file still starts with the header of a SQLite database. SQLite would not
   * notice a change while it finds its data in the cache.
   *
   * @throws DatabaseUnavailable if the file was overwritten.
   */
  async requireHeader(): Promise<void> {
    if (isSqliteHeader(await readHeaderOf(this.handle))) return
    throw new DatabaseUnavailable(
      new Error(`${this.path} was overwritten and is no longer a SQLite database`),
    )
  }

  private async requireSame(path: string, { dev, ino }: Identity): Promise<void> {
    const now = await identityOf(path)
    if (now?.dev === dev && now.ino === ino) return
    const change = now === null ? 'deleted' : 'replaced by another file'
    throw new DatabaseUnavailable(
      new Error(`${path} was ${change} while the server was running, so nothing is written`),
    )
  }

  /** Closes the handle. Call it after closing every connection to the file. */
  async close(): Promise<void> {
    await this.handle.close()
  }
}
