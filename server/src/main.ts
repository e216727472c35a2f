import 'reflect-metadata'
import { mkdir } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Config, readConfig } from './config/config.js'
import { ConfigError, dependingOn } from './config/config-error.js'
import { openDatabase } from './database/open-database.js'
import { fillWithDemo } from './demo/demo.js'
import { createApp } from './http/app.js'
import { createLogger } from './http/logger.js'
import { createServices } from './services.js'

const projectDir = join(__dirname, '..', '..')
const sweepEveryMs = 60 * 60 * 1000
// Shorter than systemd waits before it kills.
const longestStopMs = 60_000

const start = async (config: Config, demo: boolean): Promise<void> => {
  const logger = createLogger(config)
  await dependingOn('DATA_DIR', () => mkdir(config.dataDir, { recursive: true, mode: 0o700 }))
  const database = await openDatabase(config.database)
  const services = createServices(config, database)
  // Here rather than at someone's sign-in.
  await services.secrets.open()

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
  const app = await createApp(config, services, logger)
  await dependingOn('HOST and PORT', () => app.listen({ port: config.port, host: config.host }))

  services.operations.start(failure =>
    logger.error({ err: failure }, 'operations could not be chained; it will be tried again'),
  )
  services.resetRequests.start(failure =>
    logger.error({ err: failure }, 'a password reset was not sent; it will be tried again'),
  )
  services.mail.start((failure, mail) =>
    logger.error(
      { err: failure, ...mail },
      'a mail could not be delivered; it will be tried again',
    ),
  )
  services.sms.start(failure => logger.error({ err: failure }, 'a code could not be sent by SMS'))
  services.webhookOutbox.start((failure, delivery) =>
    logger.error(
      { err: failure, ...delivery },
      'a webhook could not be told; it will be tried again',
    ),
  )
  services.apiTokenVerifier.start(failure =>
    logger.error({ err: failure }, 'the use of API tokens was not noted; it will be tried again'),
  )
  if (config.mail.smtpUrl === null) {
    logger.info({ folder: config.outboxDir }, 'SMTP_URL is not set: mails are kept as files')
  }

  const sweep = setInterval(() => {
    Promise.all([
      services.sessions.sweep(),
      services.throttle.sweep(),
      services.secondFactors.sweep(),
      database.write(unit => services.links.sweep(unit)),
      services.webhookOutbox.sweep(),
      services.apiTokens.sweep(),
      services.idempotency.sweep(),
    ]).catch(failure => logger.error({ err: failure }, 'sweeping failed'))
    // In the log, and so perhaps on another machine: see `pnpm operations:verify`.
    services.operations.head().then(
      head => logger.info({ head }, 'end of the operation list'),
      failure => logger.error({ err: failure }, 'reading the operation list failed'),
    )
  }, sweepEveryMs)
  sweep.unref()

  // Port 0 lets the system choose: then this is the address.
  const origin =
    config.port === 0
      ? `http://localhost:${(app.server.address() as AddressInfo).port}`
      : config.publicUrl.origin
  say('', `  Rekey is ready at ${origin}`)
  if (config.introspection) say(`  Apollo Sandbox at ${config.publicUrl.origin}/graphql`)
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
    clearInterval(sweep)
    // A database that hangs would hold it until it is killed, without a word in the log.
    setTimeout(() => {
      logger.fatal('stopping took too long')
      process.exit(1)
    }, longestStopMs).unref()
    app
      .close()
      // First who gives the others work.
      .then(() => Promise.all([services.resetRequests.stop(), services.webhookOutbox.stop()]))
      .then(() =>
        Promise.all([
          services.mail.stop(),
          services.operations.stop(),
          services.apiTokenVerifier.stop(),
        ]),
      )
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
  await start(readConfig(process.env, projectDir), values.demo)
}

main().catch((failure: unknown) => {
  const known = failure instanceof ConfigError ? failure.message : undefined
  // Of what nobody foresaw, where it happened is all there is to go by.
  const text = known ?? (failure instanceof Error ? failure.stack : String(failure))
  process.stderr.write(`${text}\n`)
  process.exit(1)
})
