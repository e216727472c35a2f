import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import SQL from 'sql-template-tag'
import { QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm'
import { TcpProxy } from '../testing/tcp-proxy.js'
import { goodPassword, TestServer } from '../testing/test-server.js'
import { type ThrowAwayDatabase, throwAwayDatabase } from '../testing/throw-away-database.js'
import { ThrottleEntity } from '../throttle/throttle.entity.js'
import { CommitOutcomeUnknown } from './commit-outcome-unknown.js'
import { DatabaseUnavailable, nameUnavailable } from './unavailable.js'

const failureWith = (code: string) => Object.assign(new Error('It failed.'), { code })

describe('the errors of an unavailable database', () => {
  it.each([
    '57P01',
    '57P02',
    '57P03',
    '08000',
    '08006',
    '08P01',
    '25006',
    '0A000',
    '53300',
    'ECONNREFUSED',
    'ECONNRESET',
    'ETIMEDOUT',
    'SQLITE_BUSY',
    'SQLITE_FULL',
    'SQLITE_IOERR',
    'SQLITE_READONLY',
    'SQLITE_CORRUPT',
  ])('include %s, plain and wrapped by TypeORM', code => {
    const failure = failureWith(code)
    const named = nameUnavailable(failure)
    expect(named).toBeInstanceOf(DatabaseUnavailable)
    expect(named).toMatchObject({ code, cause: failure })
    const wrapped = new QueryFailedError('SELECT 1', [], failure)
    expect(nameUnavailable(wrapped)).toMatchObject({ code, cause: wrapped })
  })

  it.each([
    new Error('Connection terminated unexpectedly'),
    new Error('Connection terminated due to connection timeout'),
    new Error('timeout exceeded when trying to connect'),
    new QueryRunnerAlreadyReleasedError(),
  ])('include %s, which has no code', failure => {
    expect(nameUnavailable(failure)).toBeInstanceOf(DatabaseUnavailable)
  })

  it.each(['40001', '23505', '42601', '28P01', '3D000', 'SQLITE_CONSTRAINT', 'ENOENT'])(
    'do not include %s',
    code => {
      const failure = failureWith(code)
      expect(nameUnavailable(failure)).toBe(failure)
    },
  )

  it('do not include a bug in the code', () => {
    const mistake = new TypeError('x is undefined')
    expect(nameUnavailable(mistake)).toBe(mistake)
    expect(nameUnavailable(undefined)).toBeUndefined()
  })
})

const { TEST_POSTGRES_URL } = process.env
const onPostgres = TEST_POSTGRES_URL ? describe : describe.skip

onPostgres('a PostgreSQL server that fails', () => {
  let throwAway: ThrowAwayDatabase
  let network: TcpProxy
  let server: TestServer

  beforeEach(async () => {
    const database = await throwAwayDatabase()
    if (database === null) throw new Error('There is no PostgreSQL.')
    throwAway = database
    network = await TcpProxy.start(throwAway.url)
    server = await TestServer.start({ DATABASE_URL: network.url, DATABASE_TIMEOUT_SECONDS: '1' })
  })
  afterEach(async () => {
    await server.stop()
    await network.breakDown()
    await throwAway.drop()
  })

  const linesWith = (text: string) =>
    server
      .log()
      .split('\n')
      .filter(line => line.includes(text))
  const refusal = {
    status: 503,
    json: {
      errors: [
        {
          message: 'Rekey cannot reach its database. Try again in a moment.',
          extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 2 },
        },
      ],
    },
  }
  const put = (key: string) =>
    server.database.write(unit =>
      unit.rows(ThrottleEntity).insert({ key, points: 1, expiresAt: new Date(0) }),
    )
  const countOf = (key: string) =>
    server.database.read(unit => unit.rows(ThrottleEntity).countBy({ key }))

  it('hides a short outage from readers and writers', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    await network.breakDown()
    const answers = [
      client.whoAmI(),
      client.changePassword({ currentPassword: goodPassword, newPassword: 'Amber-Lantern-83' }),
    ]
    setTimeout(() => network.listen(), 1_000)
    const [login, changed] = await Promise.all(answers)
    expect(login).toBe(user.login)
    expect(changed).toMatchObject({ status: 200, data: { changePassword: { errors: [] } } })
  }, 30_000)

  it('runs a transaction again if the connection breaks before COMMIT', async () => {
    let runs = 0
    await server.database.write(async unit => {
      runs += 1
      await unit.rows(ThrottleEntity).insert({ key: 'once', points: 1, expiresAt: new Date(0) })
      if (runs === 1) network.resetAll()
      await unit.rows(ThrottleEntity).countBy({ key: 'once' })
    })
    expect(runs).toBe(2)
    expect(await countOf('once')).toBe(1)
  })

  it('runs a transaction again if the server ends the connection', async () => {
    let runs = 0
    await server.database.write(async unit => {
      runs += 1
      if (runs === 1) {
        const ending = server.database.write(other =>
          other.query(
            SQL`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
              WHERE datname = current_database() AND state = 'idle in transaction'`,
          ),
        )
        await ending.catch(() => undefined)
      }
      await unit.rows(ThrottleEntity).insert({ key: 'ended', points: 1, expiresAt: new Date(0) })
    })
    expect(runs).toBe(2)
    expect(await countOf('ended')).toBe(1)
  })

  it('never runs a transaction again if the connection breaks during COMMIT', async () => {
    let runs = 0
    const writing = server.database.write(async unit => {
      runs += 1
      await unit.rows(ThrottleEntity).insert({ key: 'unknown', points: 1, expiresAt: new Date(0) })
      // The next statement is COMMIT, and its answer does not arrive.
      network.goSilent()
    })
    await expect(writing).rejects.toBeInstanceOf(CommitOutcomeUnknown)
    network.speak()
    expect(runs).toBe(1)
  }, 30_000)

  it('answers requests with 503 and Retry-After during an outage, and logs that once', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    const token = await client.query('{ viewer { id } }')
    expect(token.status).toBe(200)
    await network.breakDown()
    const answers = await Promise.all([
      // The session is read before the operation starts.
      client.query('{ viewer { id } }'),
      // The caller is not signed in, so the resolver is the first to query the database.
      server.client().logIn(user.login, goodPassword),
      client.post(JSON.stringify({ query: 'mutation { logOut { errors { message } } }' }), {
        'idempotency-key': '"some-key-of-a-client"',
      }),
    ])
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: refusal.status })
      expect(JSON.parse(answer.text)).toMatchObject(refusal.json)
      expect(answer.headers.get('retry-after')).toBe('2')
    }
    for (const path of ['/operations.csv', '/my-data.json']) {
      const answer = await client.get(path)
      expect(answer.status).toBe(503)
      expect(answer.headers.get('retry-after')).toBe('2')
      expect(await answer.json()).toMatchObject(refusal.json)
    }
    const ready = await fetch(`${server.url}/readyz`)
    expect([ready.status, ready.headers.get('retry-after')]).toEqual([503, '2'])
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)

    await network.listen()
    expect(await client.whoAmI()).toBe(user.login)
    while (!(await fetch(`${server.url}/readyz`)).ok) await wait(100)
    // One for each cause, not one for each request.
    const causes = linesWith('The database is unavailable').map(line => JSON.parse(line).msg)
    expect(causes.length).toBeGreaterThan(0)
    expect(new Set(causes).size).toBe(causes.length)
    expect(linesWith('The database is available again')).toHaveLength(1)
    expect(linesWith('"failed"')).toEqual([])
  }, 60_000)

  it('does not make each request wait after a long outage', async () => {
    await network.breakDown()
    // At first, reads wait for it.
    await expect(countOf('any')).rejects.toBeInstanceOf(DatabaseUnavailable)
    let tries = 0
    const reading = server.database.read(async unit => {
      tries += 1
      return unit.rows(ThrottleEntity).count()
    })
    await expect(reading).rejects.toBeInstanceOf(DatabaseUnavailable)
    expect(tries).toBe(1)
  }, 30_000)

  it('ends requests if the server becomes silent, and works again after that', async () => {
    await put('before')
    network.goSilent()
    const silenced = await Promise.allSettled([
      countOf('before'),
      put('meanwhile'),
      server.database.ping(),
    ])
    for (const outcome of silenced) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: expect.any(DatabaseUnavailable),
      })
    }
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503)
    network.speak()
    expect(await countOf('before')).toBe(1)
    await put('after')
    expect(await countOf('after')).toBe(1)
    await server.database.ping()
  }, 60_000)

  it('does not reuse a connection whose answer is late', async () => {
    const sleeping = server.database.read(unit => unit.query(SQL`SELECT pg_sleep(20)`))
    network.goSilent()
    await expect(sleeping).rejects.toBeInstanceOf(DatabaseUnavailable)
    network.speak()
    const numbers = await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        server.database.read(unit =>
          unit.query<{ number: number }>(SQL`SELECT ${number}::int AS number`),
        ),
      ),
    )
    expect(numbers.map(([row]) => row?.number)).toEqual(Array.from({ length: 20 }, (_, n) => n))
  }, 60_000)
})

const onPostgresOnly = process.env.TEST_POSTGRES_URL ? it : it.skip

onPostgresOnly('a read that always times out fails, also while other reads succeed', async () => {
  const server = await TestServer.start({ DATABASE_TIMEOUT_SECONDS: '1' })
  let isOver = false
  const others = (async () => {
    while (!isOver) await server.database.read(unit => unit.query(SQL`SELECT 1`))
  })()
  await expect(
    server.database.read(unit => unit.query(SQL`SELECT pg_sleep(60)`)),
  ).rejects.toBeInstanceOf(DatabaseUnavailable)
  isOver = true
  await others
  await server.stop()
})
