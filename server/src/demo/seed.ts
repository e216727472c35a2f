import 'reflect-metadata'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createFeatures, entities } from '../app/features.js'
import { readConfig } from '../config/config.js'
import { ConfigError } from '../config/config-error.js'
import { refuseLostDatabase } from '../database/lost-database.js'
import { openDatabase } from '../database/open-database.js'
import { manyUsers } from './many-users.js'
import { withPostponedSearchIndexes } from './postponed-search-indexes.js'

const projectDir = join(__dirname, '..', '..', '..')
const batchSize = 5_000
const maxUsers = 100_000_000

/**
 * Adds the given number of made-up users to the configured database, to test it with many users.
 */
const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: { users: { type: 'string', default: '100000' } } })
  const count = Number(values.users)
  if (!Number.isInteger(count) || count < 1 || count > maxUsers) {
    throw new ConfigError([`--users requires a whole number from 1 to ${maxUsers}.`])
  }
  const config = readConfig(process.env, projectDir)
  await refuseLostDatabase(config)
  // Indexing a million users takes longer than the server's time limit for statements.
  const settings =
    config.database.engine === 'postgres'
      ? { ...config.database, timeoutSeconds: 0 }
      : config.database
  const database = await openDatabase(settings, entities)
  try {
    const { services } = createFeatures(config, database)
    const begun = Date.now()
    let added = 0
    await withPostponedSearchIndexes(database, async () => {
      for await (const users of manyUsers(count, batchSize, services.hasher)) {
        await database.write(unit => services.users.add(unit, users))
        added += users.length
        const seconds = (Date.now() - begun) / 1000
        const left = (seconds / added) * (count - added)
        process.stdout.write(
          `\r${added.toLocaleString('en')} of ${count.toLocaleString('en')} users, ${Math.round(left)} s left   `,
        )
      }
    })
    await database.analyze()
    process.stdout.write(`\nDone in ${Math.round((Date.now() - begun) / 1000)} s.\n`)
  } finally {
    await database.close()
  }
}

main().catch((failure: unknown) => {
  process.stderr.write(`\n${failure instanceof Error ? failure.message : String(failure)}\n`)
  process.exit(1)
})
