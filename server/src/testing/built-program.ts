import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TestServer } from './test-server.js'

/** Runs a built program as {@link runBuiltWith}, beside a running server and on its database. */
export const runBuilt = (
  { config }: TestServer,
  program: string,
  ...args: string[]
): Promise<string> =>
  runBuiltWith(
    {
      DATA_DIR: config.dataDir,
      PUBLIC_URL: config.publicUrl.origin,
      DATABASE_URL: config.database.engine === 'postgres' ? config.database.url : '',
    },
    program,
    ...args,
  )

/**
 * Runs a built program of the server in a process of its own.
 *
 * @param environment its settings.
 * @param program its file under dist, without the ending.
 * @returns what it wrote to its output.
 * @throws with `code` and `stderr` when it ends with a failure.
 */
export const runBuiltWith = async (
  environment: Record<string, string>,
  program: string,
  ...args: string[]
): Promise<string> => {
  const file = join(__dirname, '../../dist', `${program}.js`)
  if (!existsSync(file)) throw new Error('Build the server first: npm run build.')
  const { stdout } = await promisify(execFile)(process.execPath, [file, ...args], {
    env: { PATH: process.env.PATH, ...environment },
  })
  return stdout
}
