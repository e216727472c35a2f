import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { CommitCutter } from '../testing/commit-cutter.js'
import {
  invitation,
  isReplay,
  passwordChange,
  refusalIn,
  type Sent,
  sendWithKey,
} from '../testing/keyed-mutations.js'
import { ownClock } from '../testing/own-clock.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import { type ThrowAwayDatabase, throwAwayDatabase } from '../testing/throw-away-database.js'
import { UserEntity } from '../users/user.entity.js'
import { ClaimKeeper } from './claim-keeper.js'
import { claimLastsMs } from './idempotency.service.js'
import { IdempotencyRecordEntity } from './idempotency-record.entity.js'

const newPassword = 'Brisk-Meadow-41'
const freshLogin = () => `lost${randomBytes(6).toString('hex')}@rekey.example`

const recordsOf = (server: TestServer, userId: string) =>
  server.database.read(unit => unit.rows(IdempotencyRecordEntity).findBy({ userId }))

/** Claims the key of a request as the server does, without executing it. */
const claim = async (
  server: TestServer,
  client: TestClient,
  userId: string,
  key: string,
  sent: Sent,
) => {
  const { input } = sent.variables
  const sorted = Object.fromEntries(Object.entries(Object(input)).sort())
  const begun = await server.services.idempotency.begin({
    key,
    credential: client.session?.split('=')[1] ?? '',
    body: JSON.stringify([sent.query, null, { input: sorted }]),
    userId,
    apiTokenId: null,
    ip: '127.0.0.1',
  })
  if (begun.kind !== 'claimed') throw new Error(`It was ${begun.kind}.`)
  return begun.claim
}

describe('a server that is killed', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await TestServer.start()
  })
  afterAll(() => server.stop())
  afterEach(() => {
    jest.useRealTimers()
    jest.restoreAllMocks()
  })
  const afterTheClaim = () => {
    ownClock({ advanceTimers: true, now: Date.now() + claimLastsMs + 1000 })
  }

  /** Sends a mutation to a server that is killed after the commit, before it stores the answer. */
  const sendAndDie = async (client: TestClient, key: string, sent: Sent) => {
    const { idempotency } = server.services
    const kept = jest.spyOn(idempotency, 'settle').mockResolvedValueOnce()
    const answer = await sendWithKey(client.clone(), key, sent)
    expect(answer.data.changePassword.errors).toEqual([])
    expect(kept).toHaveBeenCalledTimes(1)
  }

  it('returns the fresh cookie to a repeated password change after the server was killed', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    const [key, sent] = [randomUUID(), passwordChange(goodPassword, newPassword)]
    await sendAndDie(client, key, sent)
    expect(await client.whoAmI()).toBeNull()
    expect(refusalIn(await sendWithKey(client, key, sent))).toEqual([409, 'IDEMPOTENCY_KEY_IN_USE'])
    afterTheClaim()
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const repeat = client.clone()
      expect(refusalIn(await sendWithKey(repeat, key, sent))).toEqual([
        422,
        'IDEMPOTENCY_ANSWER_NOT_KEPT',
      ])
      expect(await repeat.whoAmI()).toBe(user.login)
    }
    expect(await server.mailsTo(user.login)).toHaveLength(1)
  })

  it('returns nothing to a user who was blocked after the password change', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    const [key, sent] = [randomUUID(), passwordChange(goodPassword, newPassword)]
    await sendAndDie(client, key, sent)
    await server.database.write(unit =>
      unit.rows(UserEntity).update({ id: user.id }, { status: 'BLOCKED' }),
    )
    afterTheClaim()
    const before = client.session
    expect(refusalIn(await sendWithKey(client, key, sent))).toEqual([200, 'UNAUTHENTICATED'])
    expect(client.session).toBe(before)
  })

  it('commits nothing for a request after another one has taken over', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    const [key, sent] = [randomUUID(), passwordChange(goodPassword, newPassword)]
    const held = await claim(server, client, user.id, key, sent)
    afterTheClaim()
    expect((await sendWithKey(client, key, sent)).data.changePassword.errors).toEqual([])
    const late = server.database.write(async unit => {
      await unit.rows(UserEntity).update({ id: user.id }, { firstName: 'Late' })
      await server.services.idempotency.markDone(unit, held)
    })
    await expect(late).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_IN_USE' })
    expect((await server.services.users.find(user.id))?.firstName).not.toBe('Late')
  })

  it('makes a repeat wait until the claim of a killed server has expired, and no longer', async () => {
    const user = await server.addUser({ role: 'ADMIN' })
    const client = await server.signedIn(user)
    const [key, sent] = [randomUUID(), invitation(freshLogin())]
    await claim(server, client, user.id, key, sent)
    const waitOf = async () =>
      Number((await sendWithKey(client, key, sent)).headers.get('retry-after'))
    expect(await waitOf()).toBe(1)
    ownClock({ advanceTimers: true, now: Date.now() + (claimLastsMs * 2) / 3 })
    const [record] = await recordsOf(server, user.id)
    const left = Math.ceil(((record?.claimedUntil.getTime() ?? 0) - Date.now()) / 1000)
    expect([left - 1, left]).toContain(await waitOf())
  })
})

describe('a slow request', () => {
  it('renews the claim of a slow request', async () => {
    const server = await TestServer.start()
    const keeper = new ClaimKeeper(server.database, { lastsMs: 60_000, renewEveryMs: 50 })
    try {
      keeper.start(failure => {
        throw failure
      })
      const user = await server.addUser({ role: 'ADMIN' })
      const client = await server.signedIn(user)
      const held = await claim(server, client, user.id, randomUUID(), invitation(freshLogin()))
      const [begun] = await recordsOf(server, user.id)
      keeper.add(held)
      let renewed = begun
      while (renewed?.claimedUntil.getTime() === begun?.claimedUntil.getTime()) {
        await wait(20)
        renewed = (await recordsOf(server, user.id))[0]
      }
      expect(renewed?.claimedUntil.getTime()).toBeGreaterThan(begun?.claimedUntil.getTime() ?? 0)
    } finally {
      await keeper.stop()
      await server.stop()
    }
  })
})

// SQLite has no connection that could break.
const onPostgres = process.env.TEST_POSTGRES_URL ? describe : describe.skip

onPostgres('a COMMIT whose answer is lost', () => {
  let throwAway: ThrowAwayDatabase
  let cutter: CommitCutter
  let server: TestServer
  beforeAll(async () => {
    const given = await throwAwayDatabase()
    if (given === null) throw new Error('There is no PostgreSQL.')
    throwAway = given
    cutter = await CommitCutter.start(given.url)
    server = await TestServer.start({ DATABASE_URL: cutter.url })
  })
  afterAll(async () => {
    await server.stop()
    await cutter.stop()
    await throwAway.drop()
  })

  const inserting = 'INSERT INTO "users"'
  const changing = 'INSERT INTO "password_history"'
  // Longer than a request waits for the database to find out.
  // Longer than the time for which reads and transactions are run again.
  const unavailableForMs = 9_000
  const usersWith = (login: string) =>
    server.database.read(unit => unit.rows(UserEntity).countBy({ login }))
  /** Sends it again until the database is back and the key is free. */
  const repeat = async (client: TestClient, key: string, sent: Sent) => {
    for (;;) {
      const answer = await sendWithKey(client, key, sent)
      const code = answer.errors?.[0].extensions.code
      if (answer.status < 500 && answer.status !== 409 && code !== 'INTERNAL_SERVER_ERROR') {
        return answer
      }
      await wait(100)
    }
  }

  it('answers normally if the database can be queried after a lost COMMIT', async () => {
    const client = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    const login = freshLogin()
    const key = randomUUID()
    const cut = cutter.cutNext(inserting, 'after')
    const first = await sendWithKey(client, key, invitation(login))
    await cut
    expect(first.data.inviteUser).toMatchObject({ user: { login }, errors: [] })
    const again = await sendWithKey(client, key, invitation(login))
    expect([again.text, isReplay(again)]).toEqual([first.text, true])
    expect(await server.mailsTo(login)).toHaveLength(1)
  })

  it('keeps a user signed in whose password change lost the answer to its COMMIT', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    const cut = cutter.cutNext(changing, 'after')
    const sent = passwordChange(goodPassword, newPassword)
    const { data } = await sendWithKey(client, randomUUID(), sent)
    await cut
    expect(data.changePassword.errors).toEqual([])
    expect(await client.whoAmI()).toBe(user.login)
  })

  it('executes the request again with the same key if its COMMIT never arrived', async () => {
    const client = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    const login = freshLogin()
    const key = randomUUID()
    const cut = cutter.cutNext(inserting, 'before')
    const first = await sendWithKey(client, key, invitation(login))
    await cut
    expect(first.errors).toHaveLength(1)
    expect(first.errors?.[0].extensions.code).not.toBe('OUTCOME_UNKNOWN')
    expect(await usersWith(login)).toBe(0)
    const again = await repeat(client, key, invitation(login))
    expect(again.data.inviteUser.errors).toEqual([])
    expect(await usersWith(login)).toBe(1)
  })

  it('reports a lost COMMIT as unknown if the request had no key', async () => {
    const client = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    const login = freshLogin()
    const { query, variables } = invitation(login)
    const cut = cutter.cutNext(inserting, 'after')
    const answer = await client.query(query, variables)
    await cut
    expect(answer.errors).toMatchObject([
      {
        message: 'The outcome is unknown. Check whether this was done before you send it again.',
        extensions: { code: 'OUTCOME_UNKNOWN' },
      },
    ])
    expect(await usersWith(login)).toBe(1)
  })

  it('reports the outcome as unknown while the database is unavailable, and reports to the repeat that it was committed', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    const [key, sent] = [randomUUID(), passwordChange(goodPassword, newPassword)]
    const cut = cutter.cutNext(changing, 'after', unavailableForMs)
    const first = await sendWithKey(client, key, sent)
    await cut
    expect(first.errors).toMatchObject([{ extensions: { code: 'OUTCOME_UNKNOWN' } }])
    const again = await repeat(client, key, sent)
    expect(refusalIn(again)).toEqual([422, 'IDEMPOTENCY_ANSWER_NOT_KEPT'])
    expect(await client.whoAmI()).toBe(user.login)
  })

  it('reports the outcome as unknown while the database is unavailable, and executes on repeat what was not committed', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    const [key, sent] = [randomUUID(), passwordChange(goodPassword, newPassword)]
    const cut = cutter.cutNext(changing, 'before', unavailableForMs)
    const first = await sendWithKey(client, key, sent)
    await cut
    expect(first.errors).toMatchObject([{ extensions: { code: 'OUTCOME_UNKNOWN' } }])
    // The key is released when the database is back, without waiting for another request.
    for (;;) {
      const left = await recordsOf(server, user.id).catch(() => null)
      if (left?.length === 0) break
      await wait(100)
    }
    const again = await repeat(client, key, sent)
    expect(again.data.changePassword.errors).toEqual([])
    expect(await client.whoAmI()).toBe(user.login)
  })
})
