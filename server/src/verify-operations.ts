import 'reflect-metadata'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { entities } from './app/features.js'
import { readConfig } from './config/config.js'
import { ConfigError } from './config/config-error.js'
import { openExistingDatabase } from './database/open-database.js'
import { OperationService } from './operations/operation.service.js'
import type { ChainHead } from './operations/operation-chain.js'
import type { OperationCut } from './operations/operation-cut.js'
import { SecretBox } from './secrets/secret-box.service.js'

const projectDir = join(__dirname, '..', '..')

const notedOf = (text: string | undefined): ChainHead | undefined => {
  if (text === undefined) return undefined
  const [, number, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? []
  if (number === undefined || hash === undefined) {
    throw new ConfigError(['--noted requires <number>:<hash>, as printed by an earlier run.'])
  }
  return { number: Number(number), hash }
}

/** What was verified, and since when nothing before it can be. */
const linesOf = (cut: OperationCut | null, number: number): string[] =>
  cut === null
    ? [`Chained operations: ${number}, unchanged.`]
    : [
        `Operations 1 to ${cut.number} were deleted on ${cut.at.toISOString()}, because the account kept operations for ${cut.keepDays} days. They are not verified.`,
        number === cut.number
          ? 'No operation after them is chained.'
          : `Chained operations from ${cut.number + 1} to ${number}, unchanged.`,
      ]

/** Verifies the operation list of the configured database. */
const main = async (): Promise<number> => {
  const { values } = parseArgs({ options: { noted: { type: 'string' } } })
  const config = readConfig(process.env, projectDir)
  const database = await openExistingDatabase(config.database, entities)
  try {
    const operations = new OperationService(database, new SecretBox(database, config.secrets))
    const verdict = await operations.verify(notedOf(values.noted))
    if (verdict.kind === 'broken') {
      process.stderr.write(`Operation ${verdict.number} is ${verdict.problem}.\n`)
      return 1
    }
    const { number, hash } = verdict.head
    const unchained = await operations.countUnchained()
    process.stdout.write(
      [
        ...linesOf(verdict.cut, number),
        // They are in the list too, but must not be mistaken for verified ones.
        ...(unchained > 0 ? [`Not chained yet, so not verified: ${unchained}.`] : []),
        `Store this value elsewhere, and verify against it next time: --noted ${number}:${hash}`,
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
