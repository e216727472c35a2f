import { randomInt } from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Where the marks of a SQLite file are. */
export const markPathOf = (path: string): string => `${path}.mark`

/** The header of a SQLite file, in which a mark is: `PRAGMA user_version`. */
export interface MarkedHeader {
  /** Writes the -wal to the file, and returns the mark that the file has then; null if it can't. */
  settle(): Promise<number | null>
  /** Writes another mark. It may be in the -wal alone. */
  write(mark: number): Promise<void>
}

/**
 * The marks of which one is in the header of a SQLite file, if it is the file that the last server
 * had open, and no earlier copy of it.
 *
 * @param path of the SQLite file, without symbolic links.
 * @returns null if no server ever marked it.
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
 * Gives a SQLite file a new mark, by which the next start recognizes it. Between two marks either
 * of them counts. If another process keeps the -wal from being written to the file, the old mark
 * stays.
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

/** Makes the names in the folder of a file survive a power failure. */
export const syncFolderOf = async (path: string): Promise<void> => {
  const folder = await open(dirname(path))
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
