import 'reflect-metadata'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readConfig } from './config/config.js'
import { ConfigError } from './config/config-error.js'
import { backUp } from './database/backup.js'

const projectDir = join(__dirname, '..', '..')

const usage = `What an operator does beside the running server:

  backup <file>   copies the SQLite file, also while the server writes to it`

const main = async (): Promise<void> => {
  const { positionals } = parseArgs({ allowPositionals: true })
  const [command, ...rest] = positionals
  const [file] = rest
  if (command !== 'backup' || file === undefined || rest.length > 1) throw new ConfigError([usage])
  await backUp(readConfig(process.env, projectDir).database, file)
  process.stdout.write(`Backed up to ${file}.\n`)
}

main().catch((failure: unknown) => {
  process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`)
  process.exit(1)
})
