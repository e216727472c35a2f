import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { IsNull } from 'typeorm'
import { ApiTokenEntity } from '../api-tokens/api-token.entity.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { PasswordHasher } from '../password-hashing/password-hasher.js'
import { SessionEntity } from '../sessions/session.entity.js'
import { apiTokenOf } from '../testing/api-token-client.js'
import {
  invitation,
  isReplay,
  passwordChange,
  refusalIn,
  type Sent,
  sendWithKey,
} from '../testing/keyed-mutations.js'
import { ownClock } from '../testing/own-clock.js'
import { asCaller, goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import { UserEntity } from '../users/user.entity.js'
import { claimLastsMs, keptForMs } from './idempotency.service.js'
import { IdempotencyRecordEntity } from './idempotency-record.entity.js'

const newPassword = 'Brisk-Meadow-41'

let server: TestServer
let asAdmin: TestClient
beforeAll(async () => {
  server = await TestServer.start()
  asAdmin = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
})
afterAll(() => server.stop())
afterEach(() => {
  jest.useRealTimers()
  jest.restoreAllMocks()
})

/** Fakes only the clock; timers run as usual. */
const later = (ms: number) => {
  ownClock({ advanceTimers: true, now: Date.now() + ms })
}

let count = 0
const freshLogin = () => {
  count += 1
  return `keyed${count}@rekey.example`
}
const operationsOn = async (subjectId: string) => {
  const operations = await server.database.read(unit =>
    unit.rows(OperationEntity).find({ where: { subjectId }, order: { id: 'ASC' } }),
  )
  return operations.map(({ action, outcome }) => `${action} ${outcome}`)
}
const countRecords = () => server.database.read(unit => unit.rows(IdempotencyRecordEntity).count())

describe('an invitation that is sent again', () => {
  it('executes a repeated invitation once and returns the same answer', async () => {
    const login = freshLogin()
    const key = randomUUID()
    const first = await sendWithKey(asAdmin, key, invitation(login))
    expect(first.data.inviteUser).toMatchObject({ user: { login }, errors: [] })
    expect(isReplay(first)).toBe(false)
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const again = await sendWithKey(asAdmin, key, invitation(login))
      expect([again.status, again.text, isReplay(again)]).toEqual([200, first.text, true])
    }
    expect(await server.mailsTo(login)).toHaveLength(1)
    expect(await operationsOn(first.data.inviteUser.user.id)).toEqual(['INVITE_USER DONE'])
  })

  it('executes an invitation once when it is sent twenty times at the same time', async () => {
    const login = freshLogin()
    const key = randomUUID()
    const send = () => sendWithKey(asAdmin, key, invitation(login))
    const answers = await Promise.all(Array.from({ length: 20 }, send))
    const executed = answers.filter(answer => answer.status === 200 && !isReplay(answer))
    expect(executed).toHaveLength(1)
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      expect(refusalIn(answer)).toEqual([409, 'IDEMPOTENCY_KEY_IN_USE'])
      const wait = answer.errors?.[0].extensions.retryAfterSeconds
      expect(answer.headers.get('retry-after')).toBe(String(wait))
      expect(wait).toBeGreaterThanOrEqual(1)
      expect(wait).toBeLessThanOrEqual(claimLastsMs / 1000)
    }
    expect((await send()).text).toBe(executed[0]?.text)
    expect(await server.mailsTo(login)).toHaveLength(1)
    const users = await server.database.read(unit => unit.rows(UserEntity).countBy({ login }))
    expect(users).toBe(1)
  })

  it('recognizes a repeat whatever the order of its variables, and with or without quotes around its key', async () => {
    const login = freshLogin()
    const { query } = invitation(login)
    const key = randomUUID()
    const sent = (input: object) => ({ query, variables: { input } }) as Sent
    const first = await sendWithKey(asAdmin, key, sent({ login, firstName: 'Nele' }))
    const again = await sendWithKey(asAdmin, `"${key}"`, sent({ firstName: 'Nele', login }))
    expect([again.text, isReplay(again)]).toEqual([first.text, true])
  })

  it('executes the same invitation again with another key', async () => {
    const login = freshLogin()
    await sendWithKey(asAdmin, randomUUID(), invitation(login))
    const { data } = await sendWithKey(asAdmin, randomUUID(), invitation(login))
    expect(data.inviteUser.errors).toMatchObject([{ path: ['login'] }])
  })

  it('rejects another request with a used key', async () => {
    const key = randomUUID()
    await sendWithKey(asAdmin, key, invitation(freshLogin()))
    const other = freshLogin()
    const { query, variables } = invitation(other)
    for (const sent of [
      { query, variables },
      { query: `${query} `, variables },
      { ...passwordChange(goodPassword, newPassword) },
    ]) {
      const answer = await sendWithKey(asAdmin, key, sent)
      expect(refusalIn(answer)).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
      expect(answer.data).toBeUndefined()
    }
    expect(await server.mailsTo(other)).toEqual([])
  })

  it('keeps the same key of two users apart', async () => {
    const key = randomUUID()
    const asOther = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    const login = freshLogin()
    const first = await sendWithKey(asAdmin, key, invitation(login))
    const { data } = await sendWithKey(asOther, key, invitation(login))
    expect(data.inviteUser.user).toBeNull()
    const again = await sendWithKey(asAdmin, key, invitation(login))
    expect(again.text).toBe(first.text)
  })

  it('returns the same answer for 24 hours and executes the request again after that', async () => {
    const login = freshLogin()
    const key = randomUUID()
    // The sender stays signed in: only the clock moves.
    const setting = { SESSION_IDLE_MINUTES: '10000', SESSION_ABSOLUTE_MINUTES: '20000' }
    const lasting = await TestServer.start(setting)
    try {
      const client = await lasting.signedIn(await lasting.addUser({ role: 'ADMIN' }))
      const first = await sendWithKey(client, key, invitation(login))
      later(keptForMs - 60_000)
      expect((await sendWithKey(client, key, invitation(login))).text).toBe(first.text)
      later(120_000)
      // It is executed again, and an invitation requires a recent confirmation of identity.
      await lasting.database.write(unit =>
        unit.rows(SessionEntity).update({ endReason: IsNull() }, { provedAt: new Date() }),
      )
      const { data } = await sendWithKey(client, key, invitation(login))
      expect(data.inviteUser.user).toBeNull()
      const kept = () => lasting.database.read(unit => unit.rows(IdempotencyRecordEntity).count())
      await lasting.services.idempotency.sweep()
      expect(await kept()).toBe(1)
      later(keptForMs)
      await lasting.services.idempotency.sweep()
      expect(await kept()).toBe(0)
    } finally {
      await lasting.stop()
    }
  })
})

describe('a change of password that is sent again', () => {
  it('returns the answer to a password change and the fresh cookie to the old cookie', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    const key = randomUUID()
    // The first answer is lost, and so is its cookie.
    const lost = client.clone()
    const first = await sendWithKey(lost, key, passwordChange(goodPassword, newPassword))
    expect(first.data.changePassword.errors).toEqual([])
    expect(await client.whoAmI()).toBeNull()
    expect(client.device).not.toBe(lost.device)

    const again = await sendWithKey(client, key, passwordChange(goodPassword, newPassword))
    expect([again.text, isReplay(again)]).toEqual([first.text, true])
    expect(await client.whoAmI()).toBe(user.login)
    expect(client.device).toBe(lost.device)
    expect(await operationsOn(user.id)).toEqual(['LOG_IN DONE', 'CHANGE_PASSWORD DONE'])
    expect(await server.mailsTo(user.login)).toHaveLength(1)
  })

  it('executes a password change once if the connection breaks while it is running', async () => {
    const held = await TestServer.start()
    try {
      const user = await held.addUser()
      const client = await held.signedIn(user)
      // The change waits here until the test has seen the answer to the repeat.
      let goOn = () => {}
      const waiting = new Promise<void>(done => {
        goOn = done
      })
      const hashes = jest.spyOn(PasswordHasher.prototype, 'hashPassword')
      const begun = new Promise<void>(begin => {
        hashes.mockImplementationOnce(async function (this: PasswordHasher, password) {
          begin()
          await waiting
          return this.hashPassword(password)
        })
      })
      const key = randomUUID()
      const sent = passwordChange(goodPassword, newPassword)
      const broken = new AbortController()
      const first = fetch(`${held.url}/graphql`, {
        method: 'POST',
        signal: broken.signal,
        body: JSON.stringify(sent),
        headers: {
          'content-type': 'application/json',
          cookie: client.session ?? '',
          'idempotency-key': key,
        },
      })
      await begun
      broken.abort()
      await expect(first).rejects.toThrow('aborted')

      let answer = await sendWithKey(client, key, sent)
      expect(answer.status).toBe(409)
      goOn()
      while (answer.status === 409) {
        await new Promise(soon => setTimeout(soon, 50))
        answer = await sendWithKey(client, key, sent)
      }
      expect(isReplay(answer)).toBe(true)
      expect(answer.data.changePassword).toMatchObject({ user: { login: user.login }, errors: [] })
      expect(await client.whoAmI()).toBe(user.login)
      expect(await held.mailsTo(user.login)).toHaveLength(1)
    } finally {
      await held.stop()
    }
  })

  it('repeats the same answer to a rejected password change, and counts one attempt', async () => {
    const strict = await TestServer.start({ THROTTLE_PER_LOGIN: '2' })
    try {
      const user = await strict.addUser()
      const client = await strict.signedIn(user)
      const key = randomUUID()
      const wrong = passwordChange('Wrong-One-123', newPassword)
      const first = await sendWithKey(client, key, wrong)
      expect(first.data.changePassword.errors[0].__typename).toBe('CurrentPasswordIncorrect')
      for (let attempt = 0; attempt < 5; attempt += 1) {
        expect((await sendWithKey(client, key, wrong)).text).toBe(first.text)
      }
      const { data } = await client.changePassword({
        currentPassword: goodPassword,
        newPassword,
      })
      expect(data.changePassword.errors).toEqual([])
    } finally {
      await strict.stop()
    }
  })

  it('executes a throttled password change when the waiting time has passed', async () => {
    const strict = await TestServer.start({ THROTTLE_PER_LOGIN: '1' })
    try {
      const client = await strict.signedIn(await strict.addUser())
      await client.changePassword({ currentPassword: 'Wrong-One-123', newPassword })
      const key = randomUUID()
      // Nothing in this answer shows that it asks the caller to wait.
      const sent = {
        ...passwordChange(goodPassword, newPassword),
        query: `mutation ($input: ChangePasswordInput!) {
          changePassword(input: $input) { errors { ... on UserError { message } } }
        }`,
      }
      const first = await sendWithKey(client, key, sent)
      expect(first.data.changePassword.errors).toHaveLength(1)
      later(60_000)
      const again = await sendWithKey(client, key, sent)
      expect(again.data.changePassword.errors).toEqual([])
      expect(isReplay(again)).toBe(false)
    } finally {
      await strict.stop()
    }
  })
})

describe('a mutation that was not completed', () => {
  it('executes a mutation when it is sent again after the server was too busy', async () => {
    const busy = await TestServer.start({
      HASH_QUEUE_LIMIT: '1',
      ARGON2_MEMORY_KIB: '131072',
      ARGON2_PASSES: '4',
    })
    try {
      const client = await busy.signedIn(await busy.addUser())
      const { hasher } = busy.services
      const hashing = Array.from({ length: 20 }, () =>
        hasher.hashPassword('busy').catch(() => null),
      )
      const key = randomUUID()
      const sent = passwordChange(goodPassword, newPassword)
      expect(refusalIn(await sendWithKey(client, key, sent))).toEqual([503, 'RATE_LIMITED'])
      await Promise.all(hashing)
      const again = await sendWithKey(client, key, sent)
      expect([again.data.changePassword.errors, isReplay(again)]).toEqual([[], false])
    } finally {
      await busy.stop()
    }
  })

  it('executes a mutation when it is sent again after a missing setting was added', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const client = await server.signedIn(owner)
    await server.database.write(async unit => {
      await unit.rows(UserEntity).update({ id: owner.id }, { mustChangePassword: true })
    })
    const key = randomUUID()
    const login = freshLogin()
    const refused = await sendWithKey(client, key, invitation(login))
    expect(refusalIn(refused)).toEqual([200, 'FORBIDDEN'])
    await server.database.write(async unit => {
      await unit.rows(UserEntity).update({ id: owner.id }, { mustChangePassword: false })
    })
    const again = await sendWithKey(client, key, invitation(login))
    expect(again.data.inviteUser.errors).toEqual([])
  })

  it('does not use up a key if the mutation did not fit the schema', async () => {
    const login = freshLogin()
    const key = randomUUID()
    const before = await countRecords()
    const { query, variables } = invitation(login)
    for (const wrong of [
      { query: query.replace('sentAt', 'nothing'), variables },
      { query, variables: { input: { login: 5 } } },
    ]) {
      expect(refusalIn(await sendWithKey(asAdmin, key, wrong))).toEqual([200, 'BAD_USER_INPUT'])
    }
    expect(await countRecords()).toBe(before)
    const { data } = await sendWithKey(asAdmin, key, invitation(login))
    expect(data.inviteUser.errors).toEqual([])
  })

  it('executes a repeat when the claim of a killed server has expired', async () => {
    const user = await server.addUser({ role: 'ADMIN' })
    const client = await server.signedIn(user)
    const login = freshLogin()
    const sent = invitation(login)
    const key = randomUUID()
    // Claims the key as the plugin does, and stops there.
    const killed = await server.services.idempotency.begin({
      key,
      credential: client.session?.split('=')[1] ?? '',
      body: JSON.stringify([sent.query, null, { input: { firstName: 'Nele', login } }]),
      userId: user.id,
      apiTokenId: null,
      ip: '127.0.0.1',
    })
    expect(killed.kind).toBe('claimed')
    expect((await sendWithKey(client, key, sent)).status).toBe(409)
    later(claimLastsMs + 1000)
    const first = await sendWithKey(client, key, sent)
    expect(first.data.inviteUser.errors).toEqual([])
    // If that server was only slow, it can no longer record an outcome.
    if (killed.kind !== 'claimed') throw new Error('It was not claimed.')
    await server.services.idempotency.release(killed.claim)
    await server.services.idempotency.settle(killed.claim, { body: { data: {} }, tokens: {} })
    expect((await sendWithKey(client, key, sent)).text).toBe(first.text)
  })
})

describe('several mutations in one request', () => {
  const both = (one: string, other: string): Sent => ({
    query: `mutation ($one: InviteUserInput!, $other: InviteUserInput!) {
      one: inviteUser(input: $one) { user { id } errors { ... on UserError { message } } }
      other: inviteUser(input: $other) { user { id } errors { ... on UserError { message } } }
    }`,
    variables: {
      one: { login: one, firstName: 'Nele' },
      other: { login: other, firstName: 'Nele' },
    },
  })

  it('executes several mutations of one request once and returns the same answer', async () => {
    const sent = both(freshLogin(), freshLogin())
    const key = randomUUID()
    const first = await sendWithKey(asAdmin, key, sent)
    expect([first.data.one.errors, first.data.other.errors]).toEqual([[], []])
    expect((await sendWithKey(asAdmin, key, sent)).text).toBe(first.text)
  })

  it('executes none of several mutations again if one succeeded and the next one failed', async () => {
    const user = await server.addUser({ role: 'OWNER' })
    const client = await server.signedIn(user)
    const login = freshLogin()
    const sent: Sent = {
      query: `mutation ($input: InviteUserInput!) {
        inviteUser(input: $input) { errors { ... on UserError { message } } }
        changeRoles(input: { userIds: [], role: MEMBER }) { errors { ... on UserError { message } } }
      }`,
      variables: { input: { login, firstName: 'Nele' } },
    }
    const key = randomUUID()
    const first = await sendWithKey(client, key, sent)
    expect(first.errors).toHaveLength(1)
    expect(first.data).toBeNull()
    const again = await sendWithKey(client, key, sent)
    expect([again.text, again.status, isReplay(again)]).toEqual([first.text, first.status, true])
    expect(await server.mailsTo(login)).toHaveLength(1)
  })
})

describe('the header', () => {
  it.each([
    ['an empty string', '""'],
    ['256 characters', 'k'.repeat(256)],
    ['with a space', 'two words'],
    ['with a tab', '"two\twords"'],
    ['with a letter beyond ASCII', 'schlüssel'],
    ['a string without a closing quote', '"open'],
    ['a string with parameters', '"key"; more=1'],
    ['a string with an invalid escape', '"\\k"'],
  ])('rejects a key in the header: %s', async (_what, key) => {
    const login = freshLogin()
    const answer = await sendWithKey(asAdmin, key, invitation(login))
    expect(refusalIn(answer)).toEqual([400, 'IDEMPOTENCY_KEY_INVALID'])
    expect(answer.errors?.[0].message).toContain('1 to 255 characters')
    expect(await server.mailsTo(login)).toEqual([])
  })

  it.each([
    ['one character', '1'],
    ['255 characters', 'k'.repeat(255)],
    ['255 characters in quotes', `"${'q'.repeat(255)}"`],
    ['with quotes inside', '"say \\"once\\" \\\\"'.replaceAll(' ', '_')],
  ])('accepts a key in the header: %s', async (_what, key) => {
    const login = freshLogin()
    const first = await sendWithKey(asAdmin, key, invitation(login))
    expect(first.data.inviteUser.errors).toEqual([])
    expect((await sendWithKey(asAdmin, key, invitation(login))).text).toBe(first.text)
  })

  it('ignores the header for a query', async () => {
    const before = await countRecords()
    for (const key of [randomUUID(), 'two words']) {
      const sent = { query: '{ viewer { login } }', variables: {} }
      const answer = await sendWithKey(asAdmin, key, sent)
      expect([answer.status, answer.errors, isReplay(answer)]).toEqual([200, undefined, false])
    }
    expect(await countRecords()).toBe(before)
  })

  it('requires a signed-in caller, so that a sign-in cannot use a key', async () => {
    const user = await server.addUser()
    const client = server.client()
    const answer = await sendWithKey(client, randomUUID(), {
      query: `mutation ($input: LogInInput!) { logIn(input: $input) { user { id } } }`,
      variables: { input: { login: user.login, password: goodPassword } },
    })
    expect(refusalIn(answer)).toEqual([400, 'IDEMPOTENCY_KEY_INVALID'])
    expect(client.session).toBeUndefined()
    expect(await operationsOn(user.id)).toEqual([])
  })

  it('treats an ended session like no session', async () => {
    const client = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    const ended = client.clone()
    await client.query('mutation { logOut { errors { message } } }')
    const answer = await sendWithKey(ended, randomUUID(), invitation(freshLogin()))
    expect(refusalIn(answer)).toEqual([200, 'UNAUTHENTICATED'])
  })
})

describe('an answer that is too long to store', () => {
  it('executes a mutation once even if its answer was too long to store', async () => {
    const random = () => randomBytes(75).toString('base64url').slice(0, 100)
    const added = await server.database.write(unit =>
      server.services.users.add(
        unit,
        Array.from({ length: 600 }, (_, number) => ({
          login: `long${number}@rekey.example`,
          firstName: random(),
          lastName: random(),
          phone: null,
          language: 'en',
          role: 'MEMBER' as const,
          status: 'ACTIVE' as const,
          passwordHash: null,
        })),
      ),
    )
    const ids = added.map(({ id }) => id)
    const blocks = Array.from({ length: 6 }, (_, index) => {
      const userIds = JSON.stringify(ids.slice(index * 100, (index + 1) * 100))
      return `b${index}: blockUsers(input: { userIds: ${userIds} }) { results { user { name } } }`
    })
    const sent: Sent = { query: `mutation { ${blocks.join(' ')} }`, variables: {} }
    const key = randomUUID()
    const first = await sendWithKey(asAdmin, key, sent)
    expect(first.errors).toBeUndefined()
    const operations = await operationsOn(ids[0] ?? '')
    const again = await sendWithKey(asAdmin, key, sent)
    expect(refusalIn(again)).toEqual([422, 'IDEMPOTENCY_ANSWER_NOT_KEPT'])
    expect(await operationsOn(ids[0] ?? '')).toEqual(operations)
  })
})

// One file has one server: several instances are for PostgreSQL.
const onPostgres = process.env.TEST_POSTGRES_URL ? describe : describe.skip

onPostgres('two instances on one database', () => {
  it('executes a request once for two instances, which return each other’s answers', async () => {
    const SECRETS_KEY = randomBytes(32).toString('base64')
    const one = await TestServer.start({ SECRETS_KEY })
    const { database } = one.config
    if (database.engine !== 'postgres') throw new Error('This is not PostgreSQL.')
    const other = await TestServer.start({ SECRETS_KEY, DATABASE_URL: database.url })
    try {
      const admin = await one.addUser({ role: 'ADMIN' })
      const client = await one.signedIn(admin)
      const there = other.client()
      there.take(client)
      for (let round = 0; round < 5; round += 1) {
        const login = freshLogin()
        const key = randomUUID()
        const answers = await Promise.all(
          Array.from({ length: 12 }, (_, index) =>
            sendWithKey(index % 2 === 0 ? client : there, key, invitation(login)),
          ),
        )
        const executed = answers.filter(answer => answer.status === 200 && !isReplay(answer))
        expect(executed).toHaveLength(1)
        expect(answers.every(({ status }) => [200, 409].includes(status))).toBe(true)
        for (const instance of [client, there]) {
          const again = await sendWithKey(instance, key, invitation(login))
          expect([again.text, isReplay(again)]).toEqual([executed[0]?.text, true])
        }
        const mails = [...(await one.mailsTo(login)), ...(await other.mailsTo(login))]
        expect(mails).toHaveLength(1)
      }
      // The other instance also returns the lost answer to a password change.
      const key = randomUUID()
      const sent = passwordChange(goodPassword, newPassword)
      const first = await sendWithKey(client, key, sent)
      const again = await sendWithKey(there, key, sent)
      expect([again.text, isReplay(again)]).toEqual([first.text, true])
      expect(await there.whoAmI()).toBe(admin.login)
    } finally {
      await other.stop()
      await one.stop()
    }
  })
})

describe('a mutation by an API token', () => {
  it('executes a mutation once for an API token, whatever cookie is sent with it', async () => {
    const user = await server.addUser()
    const { client } = await apiTokenOf(server, asCaller(user))
    const key = randomUUID()
    const change = passwordChange(goodPassword, newPassword)
    const first = await sendWithKey(client, key, change)
    expect(first.data.changePassword.errors).toEqual([])
    const again = client.clone()
    again.take(await server.signedIn(await server.addUser()))
    const replay = await sendWithKey(again, key, change)
    expect([replay.text, isReplay(replay)]).toEqual([first.text, true])
    expect(await operationsOn(user.id)).toContain('CHANGE_PASSWORD DONE')
  })

  it('returns no answer after the API token was revoked', async () => {
    const user = await server.addUser()
    const { client, row } = await apiTokenOf(server, asCaller(user))
    const key = randomUUID()
    const change = passwordChange(goodPassword, newPassword)
    await sendWithKey(client, key, change)
    await server.database.write(unit => unit.rows(ApiTokenEntity).delete({ id: row.id }))
    const replay = await sendWithKey(client, key, change)
    expect(replay.errors?.[0].extensions.code).toBe('UNAUTHENTICATED')
    expect(replay.data?.changePassword).toBeUndefined()
  })
})
