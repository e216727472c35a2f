import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createTransport } from 'nodemailer'
import { Client } from 'pg'
import { readConfig, requirePrivateDemo, settingNames } from './config.js'
import { ConfigError } from './config-error.js'

const problemsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig(environment, '/srv/rekey')
    return []
  } catch (failure) {
    if (failure instanceof ConfigError) return failure.problems
    throw failure
  }
}

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(readConfig({}, '/srv/rekey')).toMatchObject({
      port: 4000,
      host: '127.0.0.1',
      database: { engine: 'sqlite', file: '/srv/rekey/data/rekey.sqlite' },
      publicUrl: new URL('http://localhost:4000'),
      introspection: true,
      apolloSandbox: true,
      demoAllowPublic: false,
      bootstrapOwner: null,
      hashing: { memoryCost: 19_456, timeCost: 2, parallelism: 1 },
      session: { idleSeconds: 43_200, absoluteSeconds: 604_800 },
      rateLimits: { perAddress: 3_000, perToken: 1_000 },
    })
  })

  it('accepts rate limits, and 0 for no limit', () => {
    const environment = { RATE_LIMIT_PER_ADDRESS: '0', RATE_LIMIT_PER_TOKEN: '60' }
    expect(readConfig(environment, '/srv/rekey').rateLimits).toEqual({
      perAddress: 0,
      perToken: 60,
    })
    expect(problemsOf({ RATE_LIMIT_PER_ADDRESS: '-1', RATE_LIMIT_PER_TOKEN: 'many' })).toEqual([
      'RATE_LIMIT_PER_ADDRESS expects requests a minute from one address, 1 to 1000000, or 0 for no limit.',
      'RATE_LIMIT_PER_TOKEN expects requests a minute with one API token, 1 to 1000000, or 0 for no limit.',
    ])
  })

  it('reads the environment', () => {
    expect(
      readConfig(
        {
          PORT: '5000',
          DATABASE_URL: 'sqlite:/tmp/x.sqlite',
          PUBLIC_URL: '',
          NODE_ENV: 'production',
        },
        '/srv/rekey',
      ),
    ).toMatchObject({
      database: { engine: 'sqlite', file: '/tmp/x.sqlite' },
      publicUrl: new URL('http://localhost:5000'),
      introspection: false,
    })
  })

  it('accepts a PostgreSQL database', () => {
    const url = 'postgres://rekey:secret@db.example:5432/rekey?sslmode=verify-full'
    const { database } = readConfig({ DATABASE_URL: url, DATABASE_POOL_SIZE: '20' }, '/srv/rekey')
    const times = { timeoutSeconds: 10, waitSeconds: 60 }
    expect(database).toEqual({ engine: 'postgres', url, poolSize: 20, ...times })
  })

  it.each([
    ['', 0],
    ['0', 0],
    ['2', 2],
    ['10.0.0.1', ['10.0.0.1/32']],
    ['10.0.0.0/8, fc00::/7', ['10.0.0.0/8', 'fc00::/7']],
  ])('TRUST_PROXY accepts %j', (text, trustProxy) => {
    expect(readConfig({ TRUST_PROXY: text }, '/srv/rekey')).toMatchObject({ trustProxy })
  })

  it.each(['11', '-1', '1.5', 'true', 'loopback', '0.0.0.0/0', '10.0.0.1,', '10.0.0.1;10.0.0.2'])(
    'TRUST_PROXY rejects %j',
    text => {
      expect(problemsOf({ TRUST_PROXY: text })).toEqual([
        'TRUST_PROXY expects the number of proxies in front, 0 to 10, or their addresses and CIDR ranges, separated by commas.',
      ])
    },
  )

  it('reports all invalid settings at once, one line each, without any value', () => {
    const problems = problemsOf({
      PORT: 'ninety',
      LOG_LEVEL: 'loud',
      PUBLIC_URL: 'ftp://x',
      DATABASE_URL: 'mysql:x',
    })
    expect(problems).toEqual([
      'PORT expects a port, 0 to 65535.',
      'DATABASE_URL expects sqlite:<path of a file> or postgres://user:password@host:5432/database: it must begin with postgres:// or postgresql://.',
      'PUBLIC_URL expects an http or https address without a path, such as https://rekey.example.com: it must begin with https:// or http://.',
      'LOG_LEVEL expects fatal, error, warn, info, debug, trace or silent.',
    ])
  })

  it.each([
    ['PUBLIC_URL', 'https://rekey.example.com/panel'],
    ['PUBLIC_URL', 'https://someone@rekey.example.com'],
    ['DATABASE_URL', 'postgres://[::/rekey'],
    ['DATABASE_URL', 'postgres://db.example:99999999/rekey'],
    ['MAIL_FROM', 'Rekey'],
    ['SMTP_URL', 'smtp://'],
    ['PUBLIC_URL', 'rekey.example.com'],
    ['PUBLIC_URL', 'http://'],
    ['SMS_GATEWAY_URL', 'https://'],
    ['BREACHED_PASSWORDS_URL', 'api.pwnedpasswords.com/range/'],
    ['RATE_LIMIT_PER_ADDRESS', 'none'],
  ])('%s rejects %j', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(`^${name} expects `)])
  })

  it.each([
    'postgres://rekey:a@db1.example:5432,db2.example:5432/rekey',
    'postgres://db1.example,db2.example/rekey',
    'postgresql:///rekey?host=db1.example,db2.example',
    'postgres://db.example/rekey?sslmode=verify-full&target_session_attrs=read-write',
    'postgres://db.example/rekey?load_balance_hosts=random',
  ])('DATABASE_URL rejects several hosts: %s', url => {
    expect(problemsOf({ DATABASE_URL: url })).toEqual([
      expect.stringMatching(/^DATABASE_URL must name one host.* put a proxy in front/),
    ])
  })

  it.each([
    ['PUBLIC_URL', 'https://rekey.example.com/'],
    ['DATABASE_URL', 'postgres://%2Fvar%2Frun%2Fpostgresql/rekey'],
    ['DATABASE_URL', 'postgres://user:p%2Fx%40y@db_1:5432/rekey'],
    [
      'SMTP_URL',
      'smtps://user%40rekey.example:a%2Fb@[2001:db8::1]:465/?tls.rejectUnauthorized=false',
    ],
    ['DATABASE_URL', 'postgres://rekey:one,two@db.example/rekey?application_name=a,b'],
    ['DATABASE_URL', 'postgres:///rekey?host=/var/run/postgresql'],
    ['MAIL_FROM', 'no-reply@rekey.example'],
    ['BREACHED_PASSWORDS_URL', 'https://api.pwnedpasswords.com/range/'],
    ['BREACHED_PASSWORDS_URL', 'http://localhost:8080'],
    ['BREACHED_PASSWORDS_URL', 'http://[::1]:8080/range'],
    ['MAIL_FROM', 'Rekey, the panel <no-reply@rekey.example>'],
    // Does not become 0, which would be no limit.
    ['RATE_LIMIT_PER_ADDRESS', ' '],
  ])('%s accepts %j', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([])
  })

  it.each([
    ['http://ranges.example.com/range/', 'must be https, unless its host is this machine'],
    ['http://127.0.0.1.example.com/range/', 'must be https, unless its host is this machine'],
    ['https://user:secret@ranges.example.com/', 'must not have a user'],
    ['https://ranges.example.com/?range=', 'must not have a user'],
    ['https://ranges.example.com/#range', 'must not have a user'],
  ])('BREACHED_PASSWORDS_URL rejects %s', (url, problem) => {
    expect(problemsOf({ BREACHED_PASSWORDS_URL: url })).toEqual([
      expect.stringMatching(`^BREACHED_PASSWORDS_URL ${problem}`),
    ])
  })

  it.each([
    ['smtp://mail.example.com:587', {}, true],
    ['smtp://10.0.0.5', {}, true],
    ['smtp://127.0.0.1.example.com', {}, true],
    ['smtp://mail.example.com', { SMTP_ALLOW_PLAINTEXT: 'false' }, true],
    ['smtp://mail.example.com', { SMTP_ALLOW_PLAINTEXT: 'true' }, false],
    ['smtps://mail.example.com', {}, false],
    ['smtp://localhost:2525', {}, false],
    ['smtp://127.0.0.1:2525', {}, false],
    ['smtp://[::1]:2525', {}, false],
  ])('requires STARTTLS for the mail server %s and %j: %s', (url, more, requireTls) => {
    const { mail } = readConfig({ SMTP_URL: url, ...more }, '/srv/rekey')
    expect(mail.requireTls).toBe(requireTls)
  })

  it.each([
    ['SMTP_URL', 'smtp://AKIA:a/b@mail.example:587'],
    ['SMTP_URL', 'smtp://AKIA:1/b@mail.example:587'],
    ['SMTP_URL', 'smtp://AKIA:1#b@mail.example'],
    ['SMTP_URL', 'smtp://AKIA:1?b@mail.example'],
    ['SMTP_URL', 'smtps://user:p%tB@mail.example'],
    ['DATABASE_URL', 'postgres://u:p%tB@db.example/rekey'],
    ['DATABASE_URL', 'postgres://u:p/x@db.example/rekey'],
    ['SMS_GATEWAY_URL', 'https://%zz:x@sms.example/send'],
  ])('explains for %s=%j how to write a password, and quotes nothing', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([
      expect.stringMatching(
        `^${name} expects .*percent-encoded, such as %2F for /, %40 for @ and %25 for %\\.$`,
      ),
    ])
  })

  describe('any value of a setting', () => {
    const secret = 'Zq7Secret'
    const names = settingNames.filter(name => name !== 'NODE_ENV')
    // Pieces that form something similar to a URL, a number or a list.
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        'smtp',
        'postgres',
        'sqlite',
        'http',
        's',
        '://',
        ':',
        '@',
        '/',
        '%',
        '%4',
        '#',
        '?',
        '[',
        ']',
        ',',
        '0',
        '65536',
        '-1',
        '1e9',
        '\n',
        '\0',
        ' ',
        secret,
      ),
    )
    const text = fc.array(piece, { maxLength: 12 }).map(pieces => pieces.join(''))

    it.each(names)(
      'is accepted for %s, or rejected with one line that names the setting and quotes nothing',
      name => {
        fc.assert(
          fc.property(text, value => {
            for (const problem of problemsOf({ [name]: value })) {
              expect(problem).toMatch(/^[^\n]+\.$/)
              expect(problem).toContain(name)
              // The path of a file is not a secret.
              if (name !== 'PASSWORD_POLICY_FILE') expect(problem).not.toContain(secret)
            }
          }),
          { numRuns: 300 },
        )
      },
    )

    it('can be parsed by the libraries that use it, if it is accepted as a URL', () => {
      const schemes = fc.constantFrom('smtp://', 'smtps://', 'postgres://', 'postgresql://')
      fc.assert(
        fc.property(schemes, text, (scheme, rest) => {
          const name = scheme.startsWith('smtp') ? 'SMTP_URL' : 'DATABASE_URL'
          if (problemsOf({ [name]: `${scheme}${rest}` }).length > 0) return
          if (name === 'SMTP_URL') createTransport(`${scheme}${rest}`).close()
          else new Client({ connectionString: `${scheme}${rest}` })
        }),
        { numRuns: 3_000 },
      )
    })
  })

  it('rejects line breaks and control characters within a setting, but not a line break at its end', () => {
    expect(problemsOf({ MAIL_FROM: 'Rekey <a@rekey.example>\r\nBcc: all@rekey.example' })).toEqual([
      'MAIL_FROM has a line break or control character.',
    ])
    expect(readConfig({ PORT: '4001\n' }, '/srv/rekey').port).toBe(4001)
  })

  it('warns about variables that look like a setting, and never shows their value', () => {
    const environment = {
      MAIL_FORM: 'x@rekey.example',
      REKEY_PORT: '80',
      SMTP_URLS: 'smtp://u:p@h',
      PATH: '/bin',
      HOSTS: 'x',
    }
    expect(readConfig(environment, '/srv/rekey').warnings).toEqual([
      'MAIL_FORM is not a setting: did you mean MAIL_FROM?',
      'REKEY_PORT is not a setting: did you mean PORT?',
      'SMTP_URLS is not a setting: did you mean SMTP_URL?',
    ])
  })

  it('warns about https without TRUST_PROXY, unless it is set to 0', () => {
    const https = { PUBLIC_URL: 'https://rekey.example' }
    const { warnings } = readConfig(https, '/srv/rekey')
    expect(warnings).toEqual([expect.stringContaining('TRUST_PROXY')])
    for (const trust of ['0', '1', '10.0.0.0/8']) {
      expect(readConfig({ ...https, TRUST_PROXY: trust }, '/srv/rekey').warnings).toEqual([])
    }
  })

  it('requires enough memory for the lanes of a hash', () => {
    const weakest = { ARGON2_MEMORY_KIB: '128', ARGON2_LANES: '16', ARGON2_ALLOW_WEAK: 'true' }
    expect(problemsOf(weakest)).toEqual([])
    expect(problemsOf({ ...weakest, ARGON2_MEMORY_KIB: '127' })).toEqual([
      'ARGON2_MEMORY_KIB must be at least 8 for each of ARGON2_LANES.',
    ])
  })

  it('allows webhooks to private addresses only if a setting does', () => {
    const { webhooks } = readConfig({}, '/srv/rekey')
    expect(webhooks).toEqual({ allowPrivate: false, firstRetryMs: 5_000, timeoutMs: 15_000 })
    const allowed = readConfig({ WEBHOOKS_ALLOW_PRIVATE: 'true' }, '/srv/rekey')
    expect(allowed.webhooks.allowPrivate).toBe(true)
    expect(problemsOf({ WEBHOOKS_ALLOW_PRIVATE: 'yes', WEBHOOKS_TIMEOUT_SECONDS: '0' })).toEqual([
      'WEBHOOKS_ALLOW_PRIVATE expects true or false.',
      'WEBHOOKS_TIMEOUT_SECONDS expects seconds a receiver has for its answer, 1 to 60.',
    ])
  })

  it('allows exact other origins, and no wildcard', () => {
    expect(readConfig({}, '/srv/rekey').allowedOrigins).toEqual(new Set())
    const allowed = { ALLOWED_ORIGINS: 'https://panel.example, http://localhost:3000' }
    expect(readConfig(allowed, '/srv/rekey').allowedOrigins).toEqual(
      new Set(['https://panel.example', 'http://localhost:3000']),
    )
  })

  it.each([
    ['*', '* would allow every page'],
    ['https://panel.example,null', 'null would allow every page'],
    ['https://*.panel.example', 'its host has invalid characters'],
    ['panel.example', 'it must begin with https:// or http://'],
    ['https://panel.example/', 'no path'],
    ['https://panel.example:443', 'no default port'],
    ['https://Panel.example', 'in lower case'],
    ['https://user:secret@panel.example', 'as browsers send it'],
  ])('rejects the allowed origins %s', (value, problem) => {
    const [line, ...others] = problemsOf({ ALLOWED_ORIGINS: value })
    expect(line).toContain(problem)
    expect(line).not.toContain('secret')
    expect(others).toEqual([])
  })

  it('requires both the login and the password of a first owner', () => {
    expect(problemsOf({ BOOTSTRAP_OWNER_LOGIN: 'anna@x.example' })).toHaveLength(1)
    expect(problemsOf({ BOOTSTRAP_OWNER_PASSWORD: 'Quiet-Harbour-72' })).toHaveLength(1)
  })
})

describe('settings that stop the start', () => {
  const httpProblem =
    'PUBLIC_URL is http, so anyone on the network path can read passwords: use https, or set PUBLIC_URL_ALLOW_HTTP=true.'
  const weakProblem =
    'ARGON2_MEMORY_KIB and ARGON2_PASSES are far below the minimum of OWASP: raise them, or set ARGON2_ALLOW_WEAK=true for tests.'

  it.each(['http://rekey.example.com', 'http://192.168.0.7:4000', 'http://localhost.example.com'])(
    'rejects the public URL %s in production, unless a setting allows it',
    url => {
      const production = { NODE_ENV: 'production', PUBLIC_URL: url }
      expect(problemsOf(production)).toEqual([httpProblem])
      expect(problemsOf({ ...production, PUBLIC_URL_ALLOW_HTTP: 'false' })).toEqual([httpProblem])
      expect(problemsOf({ ...production, PUBLIC_URL_ALLOW_HTTP: 'true' })).toEqual([])
      expect(problemsOf({ PUBLIC_URL: url })).toEqual([])
    },
  )

  it.each([
    'https://rekey.example.com',
    'http://localhost:4000',
    'http://panel.localhost',
    'http://127.0.0.1',
    'http://[::1]:4000',
  ])('accepts the public URL %s in production', url => {
    expect(problemsOf({ NODE_ENV: 'production', PUBLIC_URL: url })).toEqual([])
  })

  it.each([
    ['64', '1'],
    ['64', '64'],
    ['3583', '64'],
    ['3584', '4'],
    ['8192', '2'],
    ['17919', '1'],
  ])('rejects hashes of %s KiB and %s passes, unless a setting allows them', (memory, passes) => {
    const weak = { ARGON2_MEMORY_KIB: memory, ARGON2_PASSES: passes }
    expect(problemsOf(weak)).toEqual([weakProblem])
    expect(problemsOf({ ...weak, ARGON2_ALLOW_WEAK: 'true' })).toEqual([])
  })

  it.each([
    ['3584', '5'],
    ['17920', '1'],
    // The values of the OWASP Password Storage Cheat Sheet.
    ['47104', '1'],
    ['19456', '2'],
    ['12288', '3'],
    ['9216', '4'],
    ['7168', '5'],
  ])('accepts hashes of %s KiB and %s passes', (memory, passes) => {
    expect(problemsOf({ ARGON2_MEMORY_KIB: memory, ARGON2_PASSES: passes })).toEqual([])
  })

  it('reports all of them at once', () => {
    const settings = {
      NODE_ENV: 'production',
      PUBLIC_URL: 'http://rekey.example.com',
      ARGON2_MEMORY_KIB: '64',
    }
    expect(problemsOf(settings)).toEqual([weakProblem, httpProblem])
  })

  it.each([
    { HOST: '0.0.0.0' },
    { HOST: '::' },
    { HOST: '192.168.0.7' },
    { PUBLIC_URL: 'https://rekey.example.com' },
    { HOST: '127.0.0.1', PUBLIC_URL: 'http://192.168.0.7:4000' },
  ])('rejects the demo with %j, unless a setting allows it', settings => {
    const start = (more: Record<string, string> = {}) =>
      requirePrivateDemo(readConfig({ ...settings, ...more }, '/srv/rekey'))
    expect(start).toThrow('set DEMO_ALLOW_PUBLIC=true')
    expect(() => start({ DEMO_ALLOW_PUBLIC: 'true' })).not.toThrow()
  })

  it.each([{}, { HOST: 'localhost' }, { HOST: '::1', PUBLIC_URL: 'http://[::1]:4000' }])(
    'accepts the demo with %j',
    settings => {
      expect(() => requirePrivateDemo(readConfig(settings, '/srv/rekey'))).not.toThrow()
    },
  )
})

describe('Apollo Sandbox', () => {
  it.each([
    [{}, true],
    [{ PUBLIC_URL: 'http://127.0.0.1:4000' }, true],
    [{ PUBLIC_URL: 'https://rekey.example.com' }, false],
    [{ GRAPHQL_INTROSPECTION: 'false' }, false],
    [{ NODE_ENV: 'production' }, false],
    [{ NODE_ENV: 'production', GRAPHQL_INTROSPECTION: 'true' }, true],
    [{ APOLLO_SANDBOX: 'false' }, false],
    [{ APOLLO_SANDBOX: 'true', PUBLIC_URL: 'https://rekey.example.com' }, true],
  ])('is on with %j: %s', (settings, on) => {
    expect(readConfig(settings, '/srv/rekey').apolloSandbox).toBe(on)
  })
})

describe('the list in docs/settings.md', () => {
  const document = readFileSync(join(__dirname, '../../../docs/settings.md'), 'utf8')
  const rows = [...document.matchAll(/^\| `([A-Z0-9_]+)` +\| (.*?) +\| (.*?) +\|/gm)].map(
    ([, name = '', standard = '', bounds = '']) => ({ name, standard, bounds }),
  )
  const read = (environment: Record<string, string>) =>
    readConfig({ DATABASE_URL: 'postgres://rekey@db.example.com/rekey', ...environment }, '/srv')
  const numberOf = (text: string) => Number(text.replaceAll(',', ''))
  const numeric = rows.filter(({ standard }) => /^[\d,]+$/.test(standard))

  it('has each setting once', () => {
    const expected = [...settingNames, 'PG_BIN_DIR', 'CHROMIUM_PATH']
    expect(rows.map(({ name }) => name).sort()).toEqual(expected.sort())
  })

  it('has the default of each number and each switch', () => {
    for (const { name, standard } of rows) {
      const [value] = /^(true|false)\b|^[\d,]+$/.exec(standard) ?? []
      if (value === undefined) continue
      expect({ name, config: read({ [name]: value.replaceAll(',', '') }) }).toEqual({
        name,
        config: read({}),
      })
    }
    for (const { name, standard } of numeric) {
      expect({ name, config: read({ [name]: String(numberOf(standard) + 1) }) }).not.toEqual({
        name,
        config: read({}),
      })
    }
  })

  it('has the bounds of each number', () => {
    expect(numeric.length).toBeGreaterThan(20)
    for (const { name, bounds } of numeric) {
      const [, min = '', max = ''] = /^([\d,]+) to ([\d,]+)/.exec(bounds) ?? []
      const isRejected = (value: number) =>
        problemsOf({ [name]: String(value) }).some(line => line.startsWith(`${name} expects`))
      const around = [numberOf(min) - 1, numberOf(min), numberOf(max), numberOf(max) + 1]
      expect([name, ...around.map(isRejected)]).toEqual([name, true, false, false, true])
    }
  })
})
