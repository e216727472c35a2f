import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { defaultPasswordPolicy, type PasswordPolicy } from '@rekey/shared/password-policy'
import { z } from 'zod'
import { isLoopbackHost, readAddressRange } from '../http/ip-address.js'
import {
  addressSetting,
  choosesAmongHosts,
  databaseSetting,
  describeIssue,
  originsSetting,
  publicUrlSetting,
} from './address-setting.js'
import { ConfigError } from './config-error.js'
import { misspeltSettings } from './misspelt-settings.js'
import { readPasswordPolicyFile } from './password-policy-file.js'
import { parseSecretsKey } from './secrets-key.js'

/** Cost of argon2id (RFC 9106; defaults of the OWASP Password Storage Cheat Sheet). */
export interface HashingSettings {
  /** Memory of one hash, in KiB. */
  readonly memoryCost: number
  /** Passes over that memory. */
  readonly timeCost: number
  /** Lanes: the threads that one hash may use. */
  readonly parallelism: number
  /** The number of hashes that run at the same time. */
  readonly concurrency: number
  /** The number of hashes that may wait. If more callers come, they must retry later. */
  readonly queueLimit: number
}

/** How to connect to a PostgreSQL database. */
export interface PostgresSettings {
  /** postgres:// URL with everything the database server requires. */
  readonly url: string
  /** Connections of this instance, 3 or more: half of them write, one retries transactions, the others read. */
  readonly poolSize: number
  /**
   * Seconds that a statement may take; 0 for no limit. After that, the connection counts as dead.
   */
  readonly timeoutSeconds: number
  /** Seconds that the server waits for the database at its start; 0 to fail immediately. */
  readonly waitSeconds: number
}

/** All settings, typed and complete. */
export interface Config {
  readonly port: number
  readonly host: string
  /** Absolute path of the folder with all data. */
  readonly dataDir: string
  readonly database:
    | {
        readonly engine: 'sqlite'
        /** Path of the file. */
        readonly file: string
      }
    | ({ readonly engine: 'postgres' } & PostgresSettings)
  /** The base of links and the allowed origin. */
  readonly publicUrl: URL
  /** Other origins whose pages may call the GraphQL API with an API token. */
  readonly allowedOrigins: ReadonlySet<string>
  readonly logLevel: string
  readonly logPretty: boolean
  readonly introspection: boolean
  /** Whether a browser gets Apollo Sandbox at /graphql. It runs a script from Apollo's servers. */
  readonly apolloSandbox: boolean
  /** Whether other machines may reach the demo, whose passwords are public. */
  readonly demoAllowPublic: boolean
  /** Warnings about settings that are allowed but probably a mistake, one line each. */
  readonly warnings: readonly string[]
  /**
   * How long the server keeps listening after the signal to stop, while it reports that it is not
   * ready.
   */
  readonly stopDelayMs: number
  /** Bearer token of /metrics; null disables /metrics. */
  readonly metricsToken: string | null
  /**
   * The trusted proxies whose X-Forwarded-For is used: their number, 0 if there is none, or their
   * addresses and ranges.
   */
  readonly trustProxy: number | readonly string[]
  readonly bootstrapOwner: { readonly login: string; readonly password: string } | null
  /** The policy of the file, or the default policy, until someone saves another one. */
  readonly passwordPolicy: PasswordPolicy
  /** Whether the policy can be changed only in its file. */
  readonly passwordPolicyLocked: boolean
  /** Where passwords that are known from data breaches are found. */
  readonly breachedPasswords: {
    /** Absolute path of a file with sorted SHA-1 hashes; null if there is none. */
    readonly file: string | null
    /** The URL of a range service, to which the first digits of a hash are appended; null for none. */
    readonly rangeUrl: URL | null
  }
  readonly hashing: HashingSettings
  /** How many wrong passwords within a day are free. Each further one causes a wait. */
  readonly throttle: {
    /** For one login from one address, and for a signed-in user. */
    readonly perLogin: number
    /** From one address, for all logins together. */
    readonly perAddress: number
    /** Invitations of one user within 24 hours. */
    readonly invitationsPerDay: number
    /** Invitations and reset links to one mailbox within 24 hours. */
    readonly mailsPerDay: number
  }
  /** Requests allowed in a minute; 0 for no limit. */
  readonly rateLimits: {
    /** From one IPv4 address, or the /64 of an IPv6 address. */
    readonly perAddress: number
    /** With one API token, from all addresses together. */
    readonly perToken: number
  }
  readonly session: {
    /** A session that is not used for this long expires. */
    readonly idleSeconds: number
    /** A session expires this long after sign-in, even if it is used. */
    readonly absoluteSeconds: number
  }
  readonly mail: {
    /** smtp:// or smtps:// URL; null writes mails to {@link Config.outboxDir}. */
    readonly smtpUrl: string | null
    /** Whether an smtp:// server must offer STARTTLS before the server sends it a mail. */
    readonly requireTls: boolean
    /** Sender, such as `Rekey <no-reply@rekey.example.com>`. */
    readonly from: string
    /** The right side of Message-IDs. */
    readonly domain: string
    /**
     * The wait after the first failed delivery. It doubles with each further one, up to an hour.
     */
    readonly firstRetryMs: number
    /** How long an instance that delivers a mail reserves it for itself. */
    readonly claimMs: number
  }
  readonly secrets: {
    /** 32 bytes that encrypt data the server must decrypt again; null reads them from the file. */
    readonly key: Buffer | null
    /** The new key for the command that replaces the key; null creates one. */
    readonly newKey: Buffer | null
    /** The file with the key; created if it is missing. */
    readonly file: string
  }
  /**
   * The SMS gateway: an http or https URL, which may contain a user and password; null disables
   * SMS.
   */
  readonly smsGatewayUrl: URL | null
  readonly webhooks: {
    /** Whether webhooks may use private addresses, http and any port. */
    readonly allowPrivate: boolean
    /**
     * The wait after the first failed attempt. It is four times as long after each further one, up
     * to 12 hours.
     */
    readonly firstRetryMs: number
    /** How long a receiver may take to answer. */
    readonly timeoutMs: number
  }
  /** Folder for mails if no SMTP server is configured. */
  readonly outboxDir: string
  /** Folder of the built SPA. */
  readonly clientDir: string
  /** File of the example operations for the explorer and Sandbox. */
  readonly collectionFile: string
}

const wholeNumber = (min: number, max: number) => z.coerce.number().int().min(min).max(max)

const booleanText = z.enum(['true', 'false']).transform(value => value === 'true')

const readTrustProxy = (text: string): number | string[] | null => {
  if (/^\d+$/.test(text)) return Number(text) <= 10 ? Number(text) : null
  const read = text.split(',').map(readAddressRange)
  const ranges = read.flatMap(each => ('range' in each ? each.range.text : []))
  return ranges.length === read.length ? ranges : null
}

const secretsKey = z
  .string()
  .transform((text, context) => {
    const key = parseSecretsKey(text)
    if (key === null) context.addIssue('no key')
    return key
  })
  .optional()
  .describe('32 bytes in base64, such as `openssl rand -base64 32` prints')

const environmentModel = z.object({
  PORT: wholeNumber(0, 65535).default(4000).describe('a port, 0 to 65535'),
  HOST: z.string().min(1).default('127.0.0.1').describe('an address to listen on'),
  DATA_DIR: z.string().min(1).default('./data').describe('a folder that can be written'),
  DATABASE_URL: databaseSetting,
  DATABASE_POOL_SIZE: wholeNumber(3, 200)
    .default(10)
    .describe('connections of this instance to PostgreSQL, 3 to 200'),
  DATABASE_TIMEOUT_SECONDS: wholeNumber(1, 3_600)
    .default(10)
    .describe('seconds that a statement on PostgreSQL may take, 1 to 3600'),
  DATABASE_WAIT_SECONDS: wholeNumber(0, 3_600)
    .default(60)
    .describe('seconds to wait at the start for PostgreSQL, 0 to 3600'),
  PUBLIC_URL: publicUrlSetting,
  ALLOWED_ORIGINS: originsSetting,
  PUBLIC_URL_ALLOW_HTTP: booleanText.default(false).describe('true or false'),
  DEMO_ALLOW_PUBLIC: booleanText.default(false).describe('true or false'),
  BOOTSTRAP_OWNER_LOGIN: z
    .email({ pattern: z.regexes.unicodeEmail })
    .max(254)
    .optional()
    .describe('an e-mail address'),
  BOOTSTRAP_OWNER_PASSWORD: z
    .string()
    .min(1)
    .optional()
    .describe('a password that meets the policy'),
  PASSWORD_POLICY_FILE: z.string().min(1).optional().describe('the path of a JSON file'),
  PASSWORD_POLICY_FILE_LOCKS: booleanText.default(true).describe('true or false'),
  BREACHED_PASSWORDS_FILE: z.string().min(1).optional().describe('the path of a file'),
  BREACHED_PASSWORDS_URL: addressSetting(
    { schemes: ['https', 'http'], anyPath: true },
    'an https address, such as https://api.pwnedpasswords.com/range/',
  ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('fatal, error, warn, info, debug, trace or silent'),
  SMTP_URL: addressSetting(
    { schemes: ['smtp', 'smtps'], anyPath: false },
    'an smtp or smtps address, such as smtp://user:password@mail.example.com:587',
  ),
  SMTP_ALLOW_PLAINTEXT: booleanText.optional().describe('true or false'),
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n@]{0,100}[^\s@<>]@[^\s@<>]+>?$/)
    .optional()
    .describe('a sender, such as Rekey <no-reply@rekey.example.com>'),
  MAIL_RETRY_SECONDS: wholeNumber(1, 3600)
    .default(30)
    .describe('seconds before a failed mail is tried again, 1 to 3600'),
  MAIL_CLAIM_SECONDS: wholeNumber(1, 3600)
    .default(120)
    .describe('seconds an instance has for delivering a mail, 1 to 3600'),
  SECRETS_KEY: secretsKey,
  SECRETS_KEY_NEW: secretsKey,
  SMS_GATEWAY_URL: addressSetting(
    { schemes: ['https', 'http'], anyPath: true },
    'an http or https address, such as https://user:password@sms.example.com/send',
  ),
  WEBHOOKS_ALLOW_PRIVATE: booleanText.optional().describe('true or false'),
  WEBHOOKS_RETRY_SECONDS: wholeNumber(1, 3600)
    .default(5)
    .describe('seconds before a failed delivery is tried again, 1 to 3600'),
  WEBHOOKS_TIMEOUT_SECONDS: wholeNumber(1, 60)
    .default(15)
    .describe('seconds a receiver has for its answer, 1 to 60'),
  GRAPHQL_INTROSPECTION: booleanText.optional().describe('true or false'),
  APOLLO_SANDBOX: booleanText.optional().describe('true or false'),
  STOP_DELAY_SECONDS: wholeNumber(0, 60)
    .default(0)
    .describe('seconds between the signal to stop and the end of listening, 0 to 60'),
  METRICS_TOKEN: z
    .string()
    // The characters that a header can contain.
    .regex(/^[\x21-\x7e][\x20-\x7e]{14,498}[\x21-\x7e]$/)
    .optional()
    .describe(
      'a secret of 16 to 500 visible ASCII characters, which Prometheus sends as a bearer token',
    ),
  TRUST_PROXY: z
    .string()
    .transform((text, context) => {
      const trust = readTrustProxy(text)
      if (trust !== null) return trust
      context.addIssue({ code: 'custom' })
      return z.NEVER
    })
    .optional()
    .describe(
      'the number of proxies in front, 0 to 10, or their addresses and CIDR ranges, separated by commas',
    ),
  ARGON2_MEMORY_KIB: wholeNumber(64, 1_048_576)
    .default(19_456)
    .describe('memory of one hash in KiB, 64 to 1048576'),
  ARGON2_PASSES: wholeNumber(1, 64).default(2).describe('passes, 1 to 64'),
  ARGON2_LANES: wholeNumber(1, 16).default(1).describe('lanes, 1 to 16'),
  ARGON2_ALLOW_WEAK: booleanText.default(false).describe('true or false'),
  HASH_QUEUE_LIMIT: wholeNumber(1, 10_000)
    .default(256)
    .describe('hashes that may wait, 1 to 10000'),
  THROTTLE_PER_LOGIN: wholeNumber(1, 1_000_000)
    .default(10)
    .describe('wrong passwords for one login before waits begin, 1 to 1000000'),
  THROTTLE_PER_ADDRESS: wholeNumber(1, 1_000_000)
    .default(50)
    .describe('wrong passwords from one address before waits begin, 1 to 1000000'),
  INVITATIONS_PER_DAY: wholeNumber(1, 1_000_000)
    .default(5_000)
    .describe('invitations of one user a day, 1 to 1000000'),
  MAILS_PER_MAILBOX_PER_DAY: wholeNumber(1, 10_000)
    .default(50)
    .describe('invitations and reset links to one mailbox a day, 1 to 10000'),
  RATE_LIMIT_PER_ADDRESS: wholeNumber(0, 1_000_000)
    .default(3_000)
    .describe('requests a minute from one address, 1 to 1000000, or 0 for no limit'),
  RATE_LIMIT_PER_TOKEN: wholeNumber(0, 1_000_000)
    .default(1_000)
    .describe('requests a minute with one API token, 1 to 1000000, or 0 for no limit'),
  SESSION_IDLE_MINUTES: wholeNumber(1, 525_600).default(720).describe('minutes, 1 to 525600'),
  SESSION_ABSOLUTE_MINUTES: wholeNumber(1, 525_600)
    .default(10_080)
    .describe('minutes, 1 to 525600'),
  NODE_ENV: z.string().optional(),
})

type Settings = z.infer<typeof environmentModel>

/** The names of all settings, as docs/settings.md lists them. */
export const settingNames: readonly string[] = Object.keys(environmentModel.shape)

const publicUrlOf = ({ PUBLIC_URL: url, PORT: port }: Settings): URL =>
  new URL(url ?? `http://localhost:${port}`)

// Half of the minimum in the OWASP Password Storage Cheat Sheet: 7 MiB and 5 passes.
const minMemoryKib = 7_168 / 2
const minWorkKib = (7_168 * 5) / 2

/** The problems of settings that depend on each other. Each line names the setting to change. */
const problemsBetween = (settings: Settings): string[] => {
  const { ARGON2_MEMORY_KIB: memory, ARGON2_PASSES: passes, ARGON2_LANES: lanes } = settings
  const problems: string[] = []
  // RFC 9106, 3.1.
  if (memory < 8 * lanes) {
    problems.push('ARGON2_MEMORY_KIB must be at least 8 for each of ARGON2_LANES.')
  }
  const isWeak = memory < minMemoryKib || memory * passes < minWorkKib
  if (isWeak && !settings.ARGON2_ALLOW_WEAK) {
    problems.push(
      'ARGON2_MEMORY_KIB and ARGON2_PASSES are far below the minimum of OWASP: raise them, or set ARGON2_ALLOW_WEAK=true for tests.',
    )
  }
  if (settings.DATABASE_URL !== undefined && choosesAmongHosts(settings.DATABASE_URL)) {
    problems.push(
      'DATABASE_URL must name one host, without target_session_attrs or load_balance_hosts: put a proxy in front that finds the primary (docs/operating/databases.md, Failover).',
    )
  }
  const { protocol, hostname } = publicUrlOf(settings)
  const isExposed = protocol === 'http:' && !isLoopbackHost(hostname)
  if (settings.NODE_ENV === 'production' && isExposed && !settings.PUBLIC_URL_ALLOW_HTTP) {
    problems.push(
      'PUBLIC_URL is http, so anyone on the network path can read passwords: use https, or set PUBLIC_URL_ALLOW_HTTP=true.',
    )
  }
  if (settings.BREACHED_PASSWORDS_URL !== undefined) {
    problems.push(...problemsOfRangeUrl(new URL(settings.BREACHED_PASSWORDS_URL)))
  }
  return problems
}

/** The answers of a range service decide whether a password is accepted, so nobody may change them. */
const problemsOfRangeUrl = (url: URL): string[] => {
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    return ['BREACHED_PASSWORDS_URL must be https, unless its host is this machine.']
  }
  return [url.username, url.password, url.search, url.hash].every(part => part === '')
    ? []
    : ['BREACHED_PASSWORDS_URL must not have a user, a password, a query or a fragment.']
}

/** Warnings about settings that are allowed but probably a mistake, one line each. */
const warningsOf = (settings: Settings, names: readonly string[]): readonly string[] => [
  ...misspeltSettings(names, settingNames),
  ...(publicUrlOf(settings).protocol === 'https:' && settings.TRUST_PROXY === undefined
    ? [
        'PUBLIC_URL is https, so a proxy is in front, but TRUST_PROXY is not set: all requests seem to come from the proxy and share its limits. Set TRUST_PROXY=1 if it is the only one.',
      ]
    : []),
]

/**
 * Checks that only this machine can reach the demo, because its logins and passwords are public.
 *
 * @throws ConfigError unless DEMO_ALLOW_PUBLIC allows it.
 */
export const requirePrivateDemo = ({
  host,
  publicUrl,
  demoAllowPublic,
}: Pick<Config, 'host' | 'publicUrl' | 'demoAllowPublic'>): void => {
  if (demoAllowPublic || (isLoopbackHost(host) && isLoopbackHost(publicUrl.hostname))) return
  throw new ConfigError([
    'The passwords of the demo are public: with --demo, keep HOST and PUBLIC_URL on localhost, or set DEMO_ALLOW_PUBLIC=true.',
  ])
}

/**
 * Converts the environment into typed settings. No other code reads the environment.
 *
 * @throws ConfigError with one line for each invalid setting. The line names the variable and the
 * expected value, never its actual value.
 */
export const readConfig = (environment: NodeJS.ProcessEnv, projectDir: string): Config => {
  // An empty variable counts as not set, because compose files write them so. A line break at the
  // end comes from reading a file; spaces can be part of a password.
  const variables = Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined || value.trim() === '' ? [] : [[name, value.replace(/\r?\n$/, '')]],
    ),
  )
  const unreadable = settingNames.filter(name => /\p{Cc}/u.test(variables[name] ?? ''))
  if (unreadable.length > 0) {
    throw new ConfigError(unreadable.map(name => `${name} has a line break or control character.`))
  }
  const parsed = environmentModel.safeParse(variables)
  if (!parsed.success) {
    // Reports only the first issue of each setting, because later ones follow from it.
    const issues = new Map(parsed.error.issues.toReversed().map(issue => [issue.path[0], issue]))
    throw new ConfigError(
      settingNames.flatMap(name => {
        const issue = issues.get(name)
        const model = environmentModel.shape[name as keyof typeof environmentModel.shape]
        return issue === undefined
          ? []
          : describeIssue(name, model.description ?? 'another value', issue)
      }),
    )
  }
  const settings = parsed.data
  const problems = problemsBetween(settings)
  if (problems.length > 0) throw new ConfigError(problems)
  const dataDir = resolve(projectDir, settings.DATA_DIR)
  const publicUrl = publicUrlOf(settings)
  const production = settings.NODE_ENV === 'production'
  const introspection = settings.GRAPHQL_INTROSPECTION ?? !production
  return {
    port: settings.PORT,
    host: settings.HOST,
    dataDir,
    database: databaseOf(settings, projectDir, dataDir),
    publicUrl,
    allowedOrigins: settings.ALLOWED_ORIGINS,
    logLevel: settings.LOG_LEVEL,
    logPretty: !production && process.stdout.isTTY === true,
    introspection,
    // Without introspection it cannot show anything.
    apolloSandbox: settings.APOLLO_SANDBOX ?? (introspection && isLoopbackHost(publicUrl.hostname)),
    demoAllowPublic: settings.DEMO_ALLOW_PUBLIC,
    stopDelayMs: settings.STOP_DELAY_SECONDS * 1000,
    metricsToken: settings.METRICS_TOKEN ?? null,
    trustProxy: settings.TRUST_PROXY ?? 0,
    bootstrapOwner: bootstrapOwnerOf(settings),
    warnings: warningsOf(settings, Object.keys(environment)),
    passwordPolicy:
      settings.PASSWORD_POLICY_FILE === undefined
        ? defaultPasswordPolicy
        : readPasswordPolicyFile(resolve(projectDir, settings.PASSWORD_POLICY_FILE)),
    passwordPolicyLocked:
      settings.PASSWORD_POLICY_FILE !== undefined && settings.PASSWORD_POLICY_FILE_LOCKS,
    breachedPasswords: {
      file:
        settings.BREACHED_PASSWORDS_FILE === undefined
          ? null
          : resolve(projectDir, settings.BREACHED_PASSWORDS_FILE),
      rangeUrl:
        settings.BREACHED_PASSWORDS_URL === undefined
          ? null
          : new URL(settings.BREACHED_PASSWORDS_URL),
    },
    hashing: {
      memoryCost: settings.ARGON2_MEMORY_KIB,
      timeCost: settings.ARGON2_PASSES,
      parallelism: settings.ARGON2_LANES,
      concurrency: availableParallelism(),
      queueLimit: settings.HASH_QUEUE_LIMIT,
    },
    throttle: {
      perLogin: settings.THROTTLE_PER_LOGIN,
      perAddress: settings.THROTTLE_PER_ADDRESS,
      invitationsPerDay: settings.INVITATIONS_PER_DAY,
      mailsPerDay: settings.MAILS_PER_MAILBOX_PER_DAY,
    },
    rateLimits: {
      perAddress: settings.RATE_LIMIT_PER_ADDRESS,
      perToken: settings.RATE_LIMIT_PER_TOKEN,
    },
    session: {
      idleSeconds: settings.SESSION_IDLE_MINUTES * 60,
      absoluteSeconds: settings.SESSION_ABSOLUTE_MINUTES * 60,
    },
    mail: {
      smtpUrl: settings.SMTP_URL ?? null,
      requireTls: requiresTls(settings),
      from: settings.MAIL_FROM ?? `Rekey <no-reply@${publicUrl.hostname}>`,
      domain: publicUrl.hostname,
      firstRetryMs: settings.MAIL_RETRY_SECONDS * 1000,
      claimMs: settings.MAIL_CLAIM_SECONDS * 1000,
    },
    secrets: {
      key: settings.SECRETS_KEY ?? null,
      newKey: settings.SECRETS_KEY_NEW ?? null,
      file: join(dataDir, 'secrets.key'),
    },
    smsGatewayUrl:
      settings.SMS_GATEWAY_URL === undefined ? null : new URL(settings.SMS_GATEWAY_URL),
    webhooks: {
      allowPrivate: settings.WEBHOOKS_ALLOW_PRIVATE ?? false,
      firstRetryMs: settings.WEBHOOKS_RETRY_SECONDS * 1000,
      timeoutMs: settings.WEBHOOKS_TIMEOUT_SECONDS * 1000,
    },
    outboxDir: join(dataDir, 'outbox'),
    clientDir: join(projectDir, 'client', 'dist'),
    collectionFile: join(projectDir, 'docs', 'operations.graphql'),
  }
}

/** Whether mails, which contain links, may leave this machine only over TLS. */
const requiresTls = ({
  SMTP_URL: url,
  SMTP_ALLOW_PLAINTEXT: allowPlaintext = false,
}: Settings): boolean => {
  if (url === undefined || allowPlaintext) return false
  const { protocol, hostname } = new URL(url)
  return protocol === 'smtp:' && !/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)
}

const databaseOf = (
  {
    DATABASE_URL: url,
    DATABASE_POOL_SIZE: poolSize,
    DATABASE_TIMEOUT_SECONDS: timeoutSeconds,
    DATABASE_WAIT_SECONDS: waitSeconds,
  }: Settings,
  projectDir: string,
  dataDir: string,
): Config['database'] => {
  if (url === undefined) return { engine: 'sqlite', file: join(dataDir, 'rekey.sqlite') }
  if (url.startsWith('postgres')) {
    return { engine: 'postgres', url, poolSize, timeoutSeconds, waitSeconds }
  }
  return { engine: 'sqlite', file: resolve(projectDir, url.slice('sqlite:'.length)) }
}

const bootstrapOwnerOf = (settings: Settings): Config['bootstrapOwner'] => {
  const { BOOTSTRAP_OWNER_LOGIN: login, BOOTSTRAP_OWNER_PASSWORD: password } = settings
  if (login === undefined && password === undefined) return null
  if (login === undefined) {
    throw new ConfigError(['BOOTSTRAP_OWNER_PASSWORD requires BOOTSTRAP_OWNER_LOGIN.'])
  }
  if (password === undefined) {
    throw new ConfigError(['BOOTSTRAP_OWNER_LOGIN requires BOOTSTRAP_OWNER_PASSWORD.'])
  }
  return { login, password }
}
