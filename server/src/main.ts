import 'reflect-metadata'
import { mkdir } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createFeatures, entities } from './app/features.js'
import { createHttpApp } from './app/http-app.js'
import { startJobs, stopJobs } from './app/jobs.js'
import { FaultLog } from './background/fault-log.js'
import { type Config, readConfig, requirePrivateDemo } from './config/config.js'
import { ConfigError, dependingOn } from './config/config-error.js'
import { openDatabase } from './database/open-database.js'
import { DatabaseUnavailable } from './database/unavailable.js'
import { fillWithDemo } from './demo/demo.js'
import { createLogger } from './http/logger.js'

const projectDir = join(__dirname, '..', '..')
// Shorter than systemd waits before it kills.
const longestStopMs = 60_000

const start = async (config: Config, demo: boolean): Promise<void> => {
  const logger = createLogger(config)
  await dependingOn('DATA_DIR', () => mkdir(config.dataDir, { recursive: true, mode: 0o700 }))
  const waiting = new FaultLog(logger, 'the database is away: the start waits for it')
  const database = await openDatabase(config.database, entities, (failure, secondsLeft) =>
    waiting.failed(failure, { secondsLeft }),
  )
  waiting.succeeded()
  const features = createFeatures(config, database)
  const { services } = features
  // Here rather than at someone's sign-in.
  await services.secrets.open()
  await services.devices.open()

  const say = (...lines: string[]) => process.stdout.write(`${lines.join('\n')}\n`)
  if (demo) {
    const made = await fillWithDemo(database, services)
    if (made === null) say('Users exist already: the demo was not added.')
    else say(...made)
  } else if (config.bootstrapOwner !== null && (await services.setup.required())) {
    await services.setup.bootstrap(config.bootstrapOwner.login, config.bootstrapOwner.password)
    logger.info('The first owner was made from the configuration.')
  }

  await Promise.all([services.hasher.warmUp(), services.policy.warmUp()])
  const app = await createHttpApp(config, features, logger)
  await dependingOn('HOST and PORT', () => app.listen({ port: config.port, host: config.host }))

  startJobs(features, logger)
  if (config.mail.smtpUrl === null) {
    logger.info({ folder: config.outboxDir }, 'SMTP_URL is not set: mails are kept as files')
  }

  // Port 0 lets the system choose: then this is the address.
  const origin =
    config.port === 0
      ? `http://localhost:${(app.server.address() as AddressInfo).port}`
      : config.publicUrl.origin
  say('', `  Rekey is ready at ${origin}`)
  if (config.apolloSandbox) say(`  Apollo Sandbox at ${config.publicUrl.origin}/graphql`)
  if (await services.setup.required()) {
    // In the fragment: browsers don't send it, so no log ever holds it.
    const token = await services.setup.issueLink()
    say(
      '',
      '  There is no user yet. Make the first owner here, within a day:',
      `  ${config.publicUrl.origin}/setup#token=${token}`,
    )
  }
  say('')

  let stopping = false
  const stop = (signal: string) => {
    if (stopping) return
    stopping = true
    logger.info({ signal }, 'stopping')
    // A database that hangs would hold it until it is killed, without a word in the log.
    setTimeout(() => {
      logger.fatal('stopping took too long')
      process.exit(1)
    }, longestStopMs).unref()
    app
      .close()
      .then(() => stopJobs(features))
      .then(() => database.close())
      .then(
        () => process.exit(0),
        failure => {
          logger.fatal({ err: failure }, 'stopping failed')
          process.exit(1)
        },
      )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: { demo: { type: 'boolean', default: false } } })
  const config = readConfig(process.env, projectDir)
  if (values.demo) requirePrivateDemo(config)
  await start(config, values.demo)
}

main().catch((failure: unknown) => {
  const isKnown = failure instanceof ConfigError || failure instanceof DatabaseUnavailable
  const known = isKnown ? failure.message : undefined
  // Of what nobody foresaw, where it happened is all there is to go by.
  const text = known ?? (failure instanceof Error ? failure.stack : String(failure))
  process.stderr.write(`${text}\n`)
  process.exit(1)
})
