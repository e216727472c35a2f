import 'reflect-metadata'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createFeatures, entities, sealed } from './app/features.js'
import { type Config, readConfig } from './config/config.js'
import { ConfigError } from './config/config-error.js'
import { backUp } from './database/backup.js'
import { openExistingDatabase } from './database/open-database.js'
import { requireSoleUse } from './database/sole-use.js'
import type { OperatorService } from './operator/operator.service.js'
import { SettingsService } from './settings/settings.service.js'

const projectDir = join(__dirname, '..', '..')

/** A command: what it takes, what it is good for, and what it does; it says what it did. */
interface Command {
  /** What it is called with, in this order. */
  readonly takes: readonly string[]
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

const commands: Readonly<Record<string, Command>> = {
  backup: {
    takes: ['file'],
    help: 'copies the SQLite file, also while the server writes to it',
    run: async (config, file = '') => {
      await backUp(config.database, file)
      return `Backed up to ${file}.`
    },
  },
  'ip:off': {
    takes: [],
    help: 'switches IP authorization off',
    run: config => asOperator(config, operator => operator.switchIpAuthorizationOff()),
  },
  'secrets:rotate': {
    takes: [],
    help: 'replaces the secrets key, while no server runs',
    run: async config => {
      await requireSoleUse(config.database)
      return asOperator(config, operator => operator.rotateSecretsKey(sealed))
    },
  },
  'user:reset-password': {
    takes: ['login'],
    help: 'prints a link with which someone sets a new password',
    run: (config, login = '') => asOperator(config, operator => operator.resetPassword(login)),
  },
  'user:reset-2fa': {
    takes: ['login'],
    help: 'takes every second factor from someone who has lost them',
    run: (config, login = '') => asOperator(config, operator => operator.resetSecondFactor(login)),
  },
}

const usage = [
  'What an operator does beside the running server:',
  '',
  ...Object.entries(commands).map(([name, { takes, help }]) => {
    const call = [name, ...takes.map(argument => `<${argument}>`)].join(' ')
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
  if (command === undefined || given.length !== command.takes.length) throw new ConfigError([usage])
  const said = await command.run(readConfig(process.env, projectDir), ...given)
  process.stdout.write(`${said}\n`)
}

main().catch((failure: unknown) => {
  process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`)
  process.exit(1)
})
