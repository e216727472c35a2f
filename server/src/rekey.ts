import 'reflect-metadata'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createFeatures, entities, sealed } from './app/features.js'
import { type Config, readConfig } from './config/config.js'
import { ConfigError } from './config/config-error.js'
import { backUp } from './database/backup.js'
import { copyToPostgres } from './database/copy-to-postgres.js'
import { openExistingDatabase } from './database/open-database.js'
import { restoreBackup } from './database/restore.js'
import { withSoleUse } from './database/sole-use.js'
import type { OperatorService } from './operator/operator.service.js'
import { SettingsService } from './settings/settings.service.js'

const projectDir = join(__dirname, '..', '..')

/** A command. It returns a message about what it did. */
interface Command {
  /** The names of its arguments, in order. */
  readonly parameters: readonly string[]
  readonly help: string
  readonly run: (config: Config, ...given: string[]) => Promise<string>
}

const asOperator = async (
  config: Config,
  work: (operator: OperatorService) => Promise<string>,
): Promise<string> => {
  const database = await openExistingDatabase(config.database, entities)
  try {
    const publicUrl = (await new SettingsService(database).findPublicUrl()) ?? config.publicUrl
    return await work(createFeatures({ ...config, publicUrl }, database).services.operator)
  } finally {
    await database.close()
  }
}

const noteBackup = async (config: Config): Promise<void> => {
  const database = await openExistingDatabase(config.database, entities)
  try {
    await new SettingsService(database).noteBackup()
  } finally {
    await database.close()
  }
}

const commands: Readonly<Record<string, Command>> = {
  backup: {
    parameters: ['file'],
    help: 'copies the SQLite file, even while the server is running',
    run: async (config, file = '') => {
      await backUp(config.database, file)
      // Home stops suggesting a backup. The backup is complete even if this note cannot be saved.
      await noteBackup(config).catch(() => undefined)
      return `Backed up to ${file}.`
    },
  },
  'copy-to': {
    parameters: ['DATABASE_URL'],
    help: 'copies everything from SQLite to PostgreSQL, while no server is running',
    run: (config, url = '') => copyToPostgres(config, url, entities),
  },
  'ip:off': {
    parameters: [],
    help: 'switches IP authorization off',
    run: config => asOperator(config, operator => operator.switchIpAuthorizationOff()),
  },
  restore: {
    parameters: ['file'],
    help: 'replaces the SQLite file with a backup, while no server is running',
    run: (config, file = '') => restoreBackup(config, file),
  },
  'secrets:rotate': {
    parameters: [],
    help: 'replaces the secrets key, while no server is running',
    run: config =>
      withSoleUse(config.database, () =>
        asOperator(config, operator => operator.rotateSecretsKey(sealed)),
      ),
  },
  'user:reset-password': {
    parameters: ['login'],
    help: 'prints a link with which the user sets a new password',
    run: (config, login = '') => asOperator(config, operator => operator.resetPassword(login)),
  },
  'user:reset-2fa': {
    parameters: ['login'],
    help: 'removes all second factors of a user who has lost them',
    run: (config, login = '') => asOperator(config, operator => operator.resetSecondFactor(login)),
  },
}

const usage = [
  'Commands for operators:',
  '',
  ...Object.entries(commands).map(([name, { parameters, help }]) => {
    const call = [name, ...parameters.map(argument => `<${argument}>`)].join(' ')
    return `  ${call.padEnd(30)}${help}`
  }),
].join('\n')

const main = async (): Promise<void> => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) {
    process.stdout.write(`${usage}\n`)
    return
  }
  const [name = '', ...given] = positionals
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined || given.length !== command.parameters.length)
    throw new ConfigError([usage])
  const message = await command.run(readConfig(process.env, projectDir), ...given)
  process.stdout.write(`${message}\n`)
}

main().catch((failure: unknown) => {
  process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`)
  process.exit(1)
})
