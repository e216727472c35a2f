import { randomInt } from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The file with the marks of a SQLite file. */
export const markPathOf = (path: string): string => `${path}.mark`

/** Access to the mark in the header of a SQLite file: `PRAGMA user_version`. */
export interface MarkedHeader {
  /**
   * Writes the -wal to the file, and returns the mark that the file then has; null if that is not
   * possible.
   */
  settle(): Promise<number | null>
  /** Writes another mark. It may only reach the -wal. */
  write(mark: number): Promise<void>
}

/**
 * Reads the marks of a SQLite file. If the mark in its header is one of them, it is the file that
 * the last server had open, and not an earlier copy of it.
 *
 * @param path of the SQLite file, without symbolic links.
 * @returns null if no server has ever marked it.
 */
export const readMarks = async (path: string): Promise<readonly number[] | null> => {
  let text: string
  try {
    text = await readFile(markPathOf(path), 'utf8')
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw failure
  }
  const marks = text.trim().split(' ').map(Number)
  return marks.every(Number.isInteger) ? marks : null
}

/**
 * Gives a SQLite file a new mark, by which the next start recognizes it. During the change, the old
 * and the new mark are both valid. If another process prevents the -wal from being written to the
 * file, the old mark remains.
 *
 * @param path of the SQLite file, without symbolic links.
 */
export const markFile = async (path: string, header: MarkedHeader): Promise<void> => {
  const before = await header.settle()
  if (before === null) return
  const mark = randomInt(1, 2 ** 31)
  await saveMarks(path, [mark, before])
  await header.write(mark)
  if ((await header.settle()) === mark) await saveMarks(path, [mark])
}

const saveMarks = async (path: string, marks: readonly number[]): Promise<void> => {
  const part = `${markPathOf(path)}.part`
  const handle = await open(part, 'w', 0o600)
  await handle.writeFile(`${marks.join(' ')}\n`)
  await handle.sync()
  await handle.close()
  await rename(part, markPathOf(path))
  await syncFolderOf(path)
}

/** Makes the entries of the folder survive a power failure. */
export const syncFolderOf = async (path: string): Promise<void> => {
  const folder = await open(dirname(path))
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
