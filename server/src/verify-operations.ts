import 'reflect-metadata'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { entities } from './app/features.js'
import { readConfig } from './config/config.js'
import { ConfigError } from './config/config-error.js'
import { openExistingDatabase } from './database/open-database.js'
import { OperationService } from './operations/operation.service.js'
import type { ChainHead } from './operations/operation-chain.js'

const projectDir = join(__dirname, '..', '..')

const notedOf = (text: string | undefined): ChainHead | undefined => {
  if (text === undefined) return undefined
  const [, number, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? []
  if (number === undefined || hash === undefined) {
    throw new ConfigError(['--noted takes <number>:<hash>, as an earlier run printed it.'])
  }
  return { number: Number(number), hash }
}

/** Walks the operation list of the configured database and tells whether it is as it was written. */
const main = async (): Promise<number> => {
  const { values } = parseArgs({ options: { noted: { type: 'string' } } })
  const config = readConfig(process.env, projectDir)
  const database = await openExistingDatabase(config.database, entities)
  try {
    const operations = new OperationService(database)
    const verdict = await operations.verify(notedOf(values.noted))
    if (verdict.kind === 'broken') {
      process.stderr.write(`Operation ${verdict.number} is ${verdict.problem}.\n`)
      return 1
    }
    const { number, hash } = verdict.head
    const unchained = await operations.countUnchained()
    process.stdout.write(
      [
        `Chained operations: ${number}, as they were written.`,
        // They stand in the list all the same: whoever reads this must not take them for verified.
        ...(unchained > 0 ? [`Not chained yet, and so not verified: ${unchained}.`] : []),
        `Note this down elsewhere, and check against it next time: --noted ${number}:${hash}`,
        '',
      ].join('\n'),
    )
    return 0
  } finally {
    await database.close()
  }
}

main().then(
  code => process.exit(code),
  (failure: unknown) => {
    const text = failure instanceof Error ? failure.message : String(failure)
    process.stderr.write(`${text}\n`)
    process.exit(1)
  },
)
