import { stat } from 'node:fs/promises'
import { ConfigError } from '../config/config-error.js'
import { isInWalMode, isSqliteHeader, readHeader, userVersionOf } from './sqlite-header.js'
import { readMarks } from './sqlite-mark.js'

/** The size of the header of a -wal; changes come after it. */
const walHeaderBytes = 32

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  )

/**
 * Rejects a SQLite file with the -wal of another file beside it. This happens if someone copies a
 * backup over the file of a server that was killed. SQLite does not check that the two belong
 * together: it would write the pages of the -wal into the file and destroy it.
 *
 * A file written by VACUUM, as `rekey backup` does, is not in WAL mode yet, so a -wal cannot belong
 * to it. Any other copy has the mark that the server's file had at that time; see `sqlite-mark.ts`.
 *
 * @param path of the SQLite file, without symbolic links.
 * @throws ConfigError if the -wal belongs to another file.
 */
export const refuseForeignWal = async (path: string): Promise<void> => {
  // Checks the -wal first: another process could create it at this moment, but marks the file
  // before that.
  if ((await sizeOf(`${path}-wal`)) <= walHeaderBytes) return
  const header = await readHeader(path)
  if (!isSqliteHeader(header)) return
  const marks = await readMarks(path)
  if (isInWalMode(header) && (marks === null || marks.includes(userVersionOf(header)))) return
  throw new ConfigError([
    `${path}-wal does not belong to ${path}: it contains the last changes of another file, and would destroy this one.`,
    'If you have copied a backup here, stop every server and run: npm run rekey -- restore <the backup>',
    `Otherwise move the file that belongs to the -wal back here. Nothing was changed.`,
  ])
}
