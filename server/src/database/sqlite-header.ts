import { type FileHandle, open } from 'node:fs/promises'

const headerBytes = 100
const magic = Buffer.from('SQLite format 3\0')

/** The first 100 bytes of a file (Database File Format, 1.3); fewer if it is shorter. */
export const readHeaderOf = async (handle: FileHandle): Promise<Buffer> => {
  const header = Buffer.alloc(headerBytes)
  const { bytesRead } = await handle.read(header, 0, headerBytes, 0)
  return header.subarray(0, bytesRead)
}

/** Like {@link readHeaderOf}, for the file with this name. Empty if the file does not exist. */
export const readHeader = async (path: string): Promise<Buffer> => {
  let handle: FileHandle
  try {
    handle = await open(path, 'r')
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw failure
  }
  try {
    return await readHeaderOf(handle)
  } finally {
    await handle.close()
  }
}

/** Whether a file with this header is a SQLite database. */
export const isSqliteHeader = (header: Buffer): boolean =>
  header.length === headerBytes && header.subarray(0, magic.length).equals(magic)

/**
 * Whether the file was in WAL mode when its first page was written. The file gets this flag before
 * its first -wal is created, and SQLite removes the -wal before it removes the flag.
 */
export const isInWalMode = (header: Buffer): boolean => header[18] === 2 && header[19] === 2

/** `PRAGMA user_version`, a number that SQLite reserves for applications. 0 if it was never set. */
export const userVersionOf = (header: Buffer): number =>
  header.length === headerBytes ? header.readInt32BE(60) : 0
