import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { promisify } from 'node:util'
import type { Permission, Role, UserStatus } from '@rekey/shared/access'
import type { FastifyInstance } from 'fastify'
import { type ParsedMail, simpleParser } from 'mailparser'
import { DataSource, type Logger, type ObjectLiteral } from 'typeorm'
import { createFeatures, entities, type Features, type Services } from '../app/features.js'
import { createHttpApp } from '../app/http-app.js'
import { startJobs, stopJobs } from '../app/jobs.js'
import { ProcessCounts } from '../app/metrics.js'
import { type Config, readConfig } from '../config/config.js'
import type { Database } from '../database/database.js'
import { openDatabase } from '../database/open-database.js'
import { createLogger } from '../logging/logger.js'
import type { SecuritySettings } from '../settings/security-settings.js'
import type { Caller } from '../users/caller.js'
import type { UserEntity } from '../users/user.entity.js'
import { type ThrowAwayDatabase, throwAwayDatabase } from './throw-away-database.js'

/** A password that meets the policy. */
export const goodPassword = 'Quiet-Harbour-72'

/** The example operations as they are checked in. */
export const collectionFile = join(__dirname, '../../../docs/operations.graphql')

const requireNothing = async (): Promise<void> => undefined

/** A user as a caller without limits, for calling services directly. */
export const asCaller = (user: UserEntity): Caller => ({
  ...user,
  limitedTo: null,
  session: null,
  apiToken: null,
  mustEnrolSecondFactor: false,
  requireValidCredential: requireNothing,
})

/** An answer of the endpoint. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of any shape.
  readonly data: any
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly errors: any[] | undefined
}

/**
 * A statement as the database received it, without its numbers, and when: see `performance.now`.
 * TypeORM writes numbers into the text; two requests that do the same differ only in them.
 */
export interface Statement {
  readonly text: string
  readonly at: number
}

/** One browser or one script: its cookies and its other headers. */
export class TestClient {
  private readonly cookies = new Map<string, string>()

  constructor(
    private readonly url: string,
    private readonly headers: Record<string, string> = {},
  ) {}

  /** The session cookie as the client sends it. */
  get session(): string | undefined {
    const value = this.cookies.get('rekey_session')
    return value === undefined ? undefined : `rekey_session=${value}`
  }

  /** The token of a browser in which a user has signed in before. */
  get device(): string | undefined {
    return this.cookies.get('rekey_device')
  }

  /** The token of a browser that is trusted, and so not asked for a second factor. */
  get trustedDevice(): string | undefined {
    return this.cookies.get('rekey_trusted_device')
  }

  /** Another client with the same cookies, like another tab or a thief. */
  clone(): TestClient {
    const clone = new TestClient(this.url, this.headers)
    clone.take(this)
    return clone
  }

  /** Copies the cookies of another client. */
  take(other: TestClient): void {
    for (const [name, value] of other.cookies) this.cookies.set(name, value)
  }

  /** Sends a GraphQL request. */
  query(query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    return this.post(JSON.stringify({ query, variables }))
  }

  /** Sends a request with any body. */
  async post(body: string, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        ...this.headers,
        ...this.cookieHeader(),
        ...headers,
      },
    })
    for (const given of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(given) ?? []
      if (value === '') this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    const text = await response.text()
    const parsed = text.startsWith('{') ? JSON.parse(text) : {}
    return {
      status: response.status,
      headers: response.headers,
      text,
      data: parsed.data,
      errors: parsed.errors,
    }
  }

  /** Fetches a path outside GraphQL. */
  get(path: string): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      headers: { ...this.headers, ...this.cookieHeader() },
      redirect: 'manual',
    })
  }

  private cookieHeader(): Record<string, string> {
    if (this.cookies.size === 0) return {}
    return { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
  }

  /** Signs in. */
  logIn(login: string, password = goodPassword): Promise<Answer> {
    return this.query(
      `mutation ($input: LogInInput!) {
        logIn(input: $input) {
          user { id login mustChangePassword }
          errors { __typename ... on UserError { message path } ... on TooManyAttempts { retryAfterSeconds } }
        }
      }`,
      { input: { login, password } },
    )
  }

  /** Changes a password. */
  changePassword(input: Record<string, unknown>): Promise<Answer> {
    return this.query(
      `mutation ($input: ChangePasswordInput!) {
        changePassword(input: $input) {
          user { id login status mustChangePassword passwordChangedAt }
          activated
          errors {
            __typename
            ... on UserError { message path }
            ... on PasswordPolicyViolated { violations { rule message } }
            ... on TooManyAttempts { retryAfterSeconds }
          }
        }
      }`,
      { input },
    )
  }

  /** Requests a link that resets a password. */
  requestPasswordReset(login: string): Promise<Answer> {
    return this.query(
      `mutation ($input: RequestPasswordResetInput!) {
        requestPasswordReset(input: $input) {
          errors { __typename ... on UserError { message path } ... on TooManyAttempts { retryAfterSeconds } }
        }
      }`,
      { input: { login } },
    )
  }

  /** Resets a password. */
  resetPassword(token: string, newPassword: string): Promise<Answer> {
    return this.query(
      `mutation ($input: ResetPasswordInput!) {
        resetPassword(input: $input) {
          user { id login mustChangePassword }
          errors {
            __typename
            ... on UserError { message path }
            ... on LinkInvalid { status }
            ... on PasswordPolicyViolated { violations { rule message } }
          }
        }
      }`,
      { input: { token, newPassword } },
    )
  }

  /** The login of the signed-in user, or null. */
  async whoAmI(): Promise<string | null> {
    const { data } = await this.query('{ viewer { login } }')
    return data?.viewer?.login ?? null
  }
}

/** The real server with its own port and its own database. */
export class TestServer {
  private constructor(
    readonly config: Config,
    readonly database: Database,
    readonly features: Features,
    readonly url: string,
    private readonly app: FastifyInstance,
    private readonly dir: string,
    private readonly logged: string[],
    private readonly throwAway: ThrowAwayDatabase | null,
  ) {}

  /**
   * Starts the server. Hashes are cheap unless the environment sets their cost.
   *
   * @param changes values of the configuration for which there is no setting.
   */
  static async start(
    environment: Record<string, string> = {},
    changes: Partial<Config> = {},
  ): Promise<TestServer> {
    const dir = await mkdtemp(join(tmpdir(), 'rekey-test-'))
    const throwAway = await throwAwayDatabase()
    const read = readConfig(
      {
        DATA_DIR: dir,
        DATABASE_URL: throwAway?.url ?? '',
        DATABASE_POOL_SIZE: '4',
        ARGON2_MEMORY_KIB: '64',
        ARGON2_PASSES: '1',
        ARGON2_ALLOW_WEAK: 'true',
        THROTTLE_PER_LOGIN: '1000',
        THROTTLE_PER_ADDRESS: '10000',
        RATE_LIMIT_PER_ADDRESS: '0',
        RATE_LIMIT_PER_TOKEN: '0',
        LOG_LEVEL: 'trace',
        ...environment,
      },
      dir,
    )
    const config = { ...read, collectionFile, ...changes }
    const logged: string[] = []
    const sink = new Writable({
      write: (chunk, _encoding, done) => {
        logged.push(String(chunk))
        done()
      },
    })
    const database = await openDatabase(config.database, entities)
    const logger = createLogger(config, sink)
    const features = createFeatures(config, database)
    await features.services.secrets.open()
    await features.services.devices.open()
    const app = await createHttpApp(
      config,
      features,
      logger,
      new AbortController().signal,
      new ProcessCounts(),
    )
    await app.listen({ port: 0, host: '127.0.0.1' })
    startJobs(features, logger)
    const { port } = app.server.address() as AddressInfo
    const url = `http://127.0.0.1:${port}`
    return new TestServer(config, database, features, url, app, dir, logged, throwAway)
  }

  /** The services of all features. */
  get services(): Services {
    return this.features.services
  }

  /** Stops the server and removes its files. */
  async stop(): Promise<void> {
    await this.app.close()
    await this.stopJobs()
    await this.database.close()
    await this.throwAway?.drop()
    await rm(this.dir, { recursive: true, force: true })
  }

  /** Stops the background jobs. The server still answers requests. */
  async stopJobs(): Promise<void> {
    await stopJobs(this.features, this.app.log)
  }

  /** A client that is not signed in. */
  client(headers: Record<string, string> = {}): TestClient {
    return new TestClient(this.url, headers)
  }

  /** A client that is signed in. */
  async signedIn(user: UserEntity, password = goodPassword): Promise<TestClient> {
    const client = this.client()
    const { data } = await client.logIn(user.login, password)
    if (data?.logIn.errors.length !== 0) throw new Error(`${user.login} was not signed in.`)
    return client
  }

  private added = 0

  /** Adds a user through the product's own service. */
  async addUser(
    user: {
      login?: string
      firstName?: string
      lastName?: string
      language?: string
      role?: Role
      grantedPermissions?: Permission[]
      withdrawnPermissions?: Permission[]
      status?: UserStatus
      password?: string | null
      phone?: string | null
      loginVerifiedAt?: Date | null
    } = {},
  ): Promise<Caller> {
    this.added += 1
    const number = this.added
    const { password = goodPassword } = user
    const passwordHash =
      password === null ? null : await this.services.hasher.hashPassword(password)
    const [added] = await this.database.write(unit =>
      this.services.users.add(unit, [
        {
          login: user.login ?? `person${number}@rekey.example`,
          firstName: user.firstName ?? 'Some',
          lastName: user.lastName ?? `Person ${number}`,
          phone: user.phone ?? null,
          language: user.language ?? 'en',
          role: user.role ?? 'MEMBER',
          grantedPermissions: user.grantedPermissions ?? [],
          withdrawnPermissions: user.withdrawnPermissions ?? [],
          status: user.status ?? 'ACTIVE',
          passwordHash,
          loginVerifiedAt: user.loginVerifiedAt ?? null,
        },
      ]),
    )
    if (added === undefined) throw new Error('The user was not added.')
    return asCaller(added)
  }

  /** Sets security settings of the account through the product's own service. */
  async setSecurity(changed: Partial<SecuritySettings>): Promise<void> {
    const { settings } = this.services
    await this.database.write(async unit =>
      settings.replace(unit, { ...(await settings.readIn(unit)), ...changed }),
    )
  }

  /**
   * The statements that the database receives during the work, in their order. They include those
   * of background jobs, unless {@link stopJobs} was called before.
   */
  async statementsDuring(work: () => Promise<unknown>): Promise<Statement[]> {
    const statements: Statement[] = []
    const sources = Object.values(this.database).filter(value => value instanceof DataSource)
    const loggers = sources.map(({ logger }) => logger)
    const before = loggers.map(({ logQuery }) => logQuery)
    for (const logger of loggers) {
      logger.logQuery = text =>
        statements.push({ text: text.replace(/\b\d+\b/g, '#'), at: performance.now() })
    }
    try {
      await work()
    } finally {
      for (const [index, logger] of loggers.entries())
        logger.logQuery = before[index] as Logger['logQuery']
    }
    return statements
  }

  /** The log so far. */
  log(): string {
    return this.logged.join('')
  }

  /** Every byte of the data folder and, on PostgreSQL, every row of the database, as text. */
  async storedBytes(): Promise<string> {
    await this.services.resetRequests.idle()
    await this.services.webhookOutbox.idle()
    await this.services.mail.idle()
    const entries = await readdir(this.dir, { recursive: true, withFileTypes: true })
    const files = entries
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
    // Read by another process: closing a handle of the SQLite file in this process would
    // drop its locks.
    const { stdout } = await promisify(execFile)('cat', ['/dev/null', ...files], {
      encoding: 'latin1',
      maxBuffer: 2 ** 30,
    })
    const rows = this.database.engine === 'postgres' ? await this.storedRows() : ''
    return stdout + rows
  }

  /** Every row of the database, as JSON. */
  async storedRows(): Promise<string> {
    const tables = entities.map(entity =>
      this.database.read(unit => unit.rows<ObjectLiteral>(entity).find()),
    )
    return JSON.stringify(await Promise.all(tables))
  }

  /** The mails that were sent to this login, oldest first. */
  async mailsTo(login: string): Promise<ParsedMail[]> {
    await this.services.resetRequests.idle()
    await this.services.mail.idle()
    const dir = this.config.outboxDir
    const names = (await readdir(dir).catch(() => [])).sort()
    const mails = await Promise.all(
      names.map(async name => simpleParser(await readFile(join(dir, name)))),
    )
    return mails.filter(mail => [mail.to].flat().some(to => to?.text === login))
  }
}
