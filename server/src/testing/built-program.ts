import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TestServer } from './test-server.js'

/**
 * Runs a built program of the server in a process of its own, beside a running server and on
 * its database.
 *
 * @param program its file under dist, without the ending.
 * @returns what it wrote to its output.
 * @throws with `code` and `stderr` when it ends with a failure.
 */
export const runBuilt = async (
  server: TestServer,
  program: string,
  ...args: string[]
): Promise<string> => {
  const file = join(__dirname, '../../dist', `${program}.js`)
  if (!existsSync(file)) throw new Error('Build the server first: npm run build.')
  const { config } = server
  const { stdout } = await promisify(execFile)(process.execPath, [file, ...args], {
    env: {
      PATH: process.env.PATH,
      DATA_DIR: config.dataDir,
      PUBLIC_URL: config.publicUrl.origin,
      DATABASE_URL: config.database.engine === 'postgres' ? config.database.url : '',
    },
  })
  return stdout
}
