import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TestServer } from './test-server.js'

/** Like {@link runBuiltWith}, with the database of a running server. */
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
 * Runs a built program of the server in its own process.
 *
 * @param environment the settings of the program.
 * @param program the path of its file under dist, without the extension.
 * @returns the output of the program.
 * @throws an error with `code` and `stderr` if the program fails.
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
