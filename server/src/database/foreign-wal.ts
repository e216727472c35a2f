import { stat } from 'node:fs/promises'
import { ConfigError } from '../config/config-error.js'
import { isInWalMode, isSqliteHeader, readHeader, userVersionOf } from './sqlite-header.js'
import { readMarks } from './sqlite-mark.js'

/** The header of a -wal; changes come after it. */
const walHeaderBytes = 32

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  )

/**
 * Refuses a SQLite file with the -wal of another file beside it, as it is when someone copies a
 * backup over the file of a server that was killed. SQLite does not check that they belong
 * together: it would write the pages of the -wal into the file and spoil it.
 *
 * A file that VACUUM wrote, as `rekey backup` does, is not in WAL mode yet, so no -wal can be its
 * own. Any other copy has the mark that the server's file had at that time; see `sqlite-mark.ts`.
 *
 * @param path of the SQLite file, without symbolic links.
 * @throws ConfigError when the -wal is of another file.
 */
export const refuseForeignWal = async (path: string): Promise<void> => {
  // First the -wal: another process could just create it, and marks the file before.
  if ((await sizeOf(`${path}-wal`)) <= walHeaderBytes) return
  const header = await readHeader(path)
  if (!isSqliteHeader(header)) return
  const marks = await readMarks(path)
  if (isInWalMode(header) && (marks === null || marks.includes(userVersionOf(header)))) return
  throw new ConfigError([
    `${path}-wal does not belong to ${path}: it has the last changes of another file, and would spoil this one.`,
    'If you have put a backup in place, stop every server and run: npm run rekey -- restore <the backup>',
    `Otherwise bring the file back that belongs to the -wal. Nothing was changed.`,
  ])
}
