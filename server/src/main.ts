import './thread-pool.js'
import 'reflect-metadata'
import { mkdir } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Logger } from 'pino'
import { createFeatures, entities } from './app/features.js'
import { createHttpApp } from './app/http-app.js'
import { startJobs, stopJobs } from './app/jobs.js'
import { ProcessCounts } from './app/metrics.js'
import { FaultLog } from './background/fault-log.js'
import { requireSearchableFile } from './breached-passwords/require-searchable-file.js'
import { type Config, readConfig, requirePrivateDemo } from './config/config.js'
import { ConfigError, dependingOn } from './config/config-error.js'
import { refuseLostDatabase } from './database/lost-database.js'
import { openDatabaseOfServer } from './database/open-database.js'
import { DatabaseUnavailable } from './database/unavailable.js'
import { fillWithDemo } from './demo/demo.js'
import { loadFaker } from './demo/faker.js'
import { LogOutput } from './logging/log-output.js'
import { createLogger } from './logging/logger.js'
import type { UserService } from './users/user.service.js'

/** The output of the log, and of the lines printed at the start. */
const output = new LogOutput(process.stdout)
// A full disk or a reader that has ended must not stop the server.
process.stderr.on('error', () => undefined)

const projectDir = join(__dirname, '..', '..')
// Shorter than systemd and Kubernetes wait before they kill the process.
const maxStopMs = 25_000

/** Ends the process after the log is written. */
const exit = (code: number): void => {
  void output.flush(1_000).then(() => process.exit(code))
}

interface StartOptions {
  /** Whether to fill an empty database with the demo company. */
  readonly demo: boolean
  /** Whether the demo company has no history, so that it is the same on every day. */
  readonly 'without-history': boolean
  /** Whether to create a SQLite file even if there are traces of an earlier one. */
  readonly 'new-installation': boolean
}

/** Only by their ids, because a login is personal data. */
const warnOfSharedMailboxes = async (users: UserService, logger: Logger) => {
  const count = await users.countWithSharedMailbox()
  if (count === 0) return
  const groups = await users.findSharedMailboxes()
  const userIds = groups.map(group => group.map(({ id }) => id))
  logger.warn({ count, userIds }, 'users have the same mailbox as another user: see the Users page')
}

const start = async (config: Config, options: StartOptions): Promise<void> => {
  const logger = createLogger(config, output)
  for (const warning of config.warnings) logger.warn(warning)
  output.onRecovered = lost => logger.warn({ lost }, 'log lines were lost')
  await requireSearchableFile(config.breachedPasswords.file)
  if (!options['new-installation']) await refuseLostDatabase(config)
  await dependingOn('DATA_DIR', () => mkdir(config.dataDir, { recursive: true, mode: 0o700 }))
  const waiting = new FaultLog(logger, 'the database is unavailable: waiting for it')
  const database = await openDatabaseOfServer(config.database, entities, (failure, secondsLeft) =>
    waiting.failed(failure, { secondsLeft }),
  )
  waiting.succeeded()
  const features = createFeatures(config, database)
  const { services } = features
  // Reports problems at the start instead of at someone's sign-in.
  await services.secrets.open()
  await services.devices.open()
  await services.settings.notePublicUrl(config.publicUrl)

  await warnOfSharedMailboxes(services.users, logger)

  const say = (...lines: string[]) => output.write(`${lines.join('\n')}\n`)
  if (options.demo) {
    const made = await fillWithDemo(
      database,
      services,
      options['without-history'] ? null : new Date(),
    )
    if (made === null) say('The database already has users: the demo was not added.')
    else say(...made)
  } else if (config.bootstrapOwner !== null && (await services.setup.required())) {
    await services.setup.bootstrap(config.bootstrapOwner.login, config.bootstrapOwner.password)
    logger.info('The first owner was created from the configuration.')
  }

  await Promise.all([services.hasher.warmUp(), services.policy.warmUp()])
  const stopping = new AbortController()
  const counts = new ProcessCounts(() => output.lostLines)
  const app = await createHttpApp(config, features, logger, stopping.signal, counts)
  const stop = async (signal: string) => {
    if (stopping.signal.aborted) return
    logger.info({ signal }, 'stopping')
    stopping.abort()
    // If the database hangs, the process would otherwise be killed without a line in the log.
    setTimeout(() => {
      logger.fatal('stopping took too long')
      exit(1)
    }, config.stopDelayMs + maxStopMs).unref()
    try {
      // Load balancers see that the server is not ready, and send it no more requests.
      await wait(config.stopDelayMs)
      await app.close()
      await stopJobs(features, logger)
      await database.close()
      exit(0)
    } catch (failure) {
      logger.fatal({ err: failure }, 'stopping failed')
      exit(1)
    }
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)

  await dependingOn('HOST and PORT', () => app.listen({ port: config.port, host: config.host }))

  startJobs(features, logger)
  if (config.mail.smtpUrl === null) {
    logger.info({ folder: config.outboxDir }, 'SMTP_URL is not set: mails are written to files')
  }

  // With port 0 the system chooses the port.
  const origin =
    config.port === 0
      ? `http://localhost:${(app.server.address() as AddressInfo).port}`
      : config.publicUrl.origin
  say('', `  Rekey is ready at ${origin}`)
  if (config.apolloSandbox) say(`  Apollo Sandbox at ${config.publicUrl.origin}/graphql`)
  if (await services.setup.required()) {
    // The token is in the fragment: browsers do not send it, so it is in no log.
    const token = await services.setup.issueLink()
    say(
      '',
      '  There is no user yet. Create the first owner here within a day:',
      `  ${config.publicUrl.origin}/setup#token=${token}`,
    )
  }
  say('')
}

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      demo: { type: 'boolean', default: false },
      'without-history': { type: 'boolean', default: false },
      'new-installation': { type: 'boolean', default: false },
    },
  })
  const config = readConfig(process.env, projectDir)
  if (values.demo) {
    requirePrivateDemo(config)
    // Fails before the server creates a database.
    await loadFaker()
  }
  await start(config, values)
}

main().catch((failure: unknown) => {
  const isKnown = failure instanceof ConfigError || failure instanceof DatabaseUnavailable
  const known = isKnown ? failure.message : undefined
  // For an unexpected error, the stack is the only clue.
  const text = known ?? (failure instanceof Error ? failure.stack : String(failure))
  process.stderr.write(`${text}\n`)
  exit(1)
})
