import crypto from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import argon2 from 'argon2'
import bcrypt from 'bcrypt'
import { OperationEntity } from '../operations/operation.entity.js'
import { foreignHashes } from '../testing/foreign-hashes.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import { UserEntity } from '../users/user.entity.js'
import { SessionEntity } from './session.entity.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(() => server.stop())

const typesOf = (answer: { data: { logIn: { errors: { __typename: string }[] } } }) =>
  answer.data.logIn.errors.map(error => error.__typename)

describe('a request for a certain user', () => {
  const whoAmI = async (client: { post: TestClient['post'] }, expected: string) => {
    const { data, errors } = await client.post(JSON.stringify({ query: '{ viewer { login } }' }), {
      'rekey-expected-user': expected,
    })
    return data?.viewer.login ?? errors?.[0]?.extensions?.code
  }

  it('is carried out in the session of this user only', async () => {
    const user = await server.addUser()
    const other = await server.addUser()
    const client = await server.signedIn(user)
    expect(await whoAmI(client, user.id)).toBe(user.login)
    expect(await whoAmI(client, other.id)).toBe('UNAUTHENTICATED')
    expect(await whoAmI(client, '')).toBe('UNAUTHENTICATED')
    expect(await client.whoAmI()).toBe(user.login)
  })

  it('changes nothing in the session of another user', async () => {
    const other = await server.addUser()
    const client = await server.signedIn(await server.addUser())
    const signOut = JSON.stringify({ query: 'mutation { logOut { errors { message } } }' })
    const answer = await client.post(signOut, { 'rekey-expected-user': other.id })
    expect(answer).toMatchObject({ status: 401, data: undefined })
    expect(await client.whoAmI()).not.toBeNull()
    await client.post(signOut)
    expect(await client.whoAmI()).toBeNull()
  })
})

describe('signing in', () => {
  it('ignores the case of the login', async () => {
    await server.addUser({ login: 'Zofia@rekey.example' })
    const client = server.client()
    const answer = await client.logIn('zofia@REKEY.example')
    expect(answer.data.logIn).toMatchObject({ user: { login: 'Zofia@rekey.example' }, errors: [] })
    expect(await client.whoAmI()).toBe('Zofia@rekey.example')
  })

  it('sets a session cookie that scripts cannot read and other sites cannot send', async () => {
    const user = await server.addUser()
    const answer = await server.client().logIn(user.login)
    const [cookie] = answer.headers.getSetCookie()
    expect(cookie).toMatch(
      /^rekey_session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
    )
  })

  it('stores the session token only as a hash', async () => {
    const client = await server.signedIn(await server.addUser())
    const token = client.session?.split('=')[1] ?? ''
    expect(token).toHaveLength(43)
    expect(await server.storedBytes()).not.toContain(token)
  })

  it('answers an unknown login and a wrong password in the same way', async () => {
    const user = await server.addUser()
    const known = await server.client().logIn(user.login, 'Wrong-One-123')
    const unknown = await server.client().logIn('nobody@rekey.example', 'Wrong-One-123')
    expect(unknown.data).toEqual(known.data)
    expect(typesOf(known)).toEqual(['InvalidCredentials'])
  })

  it('reveals that a user is blocked only after the right password', async () => {
    const user = await server.addUser({ status: 'BLOCKED' })
    expect(typesOf(await server.client().logIn(user.login))).toEqual(['AccountBlocked'])
    expect(typesOf(await server.client().logIn(user.login, 'Wrong-One-123'))).toEqual([
      'InvalidCredentials',
    ])
  })

  it('rejects users who have not accepted their invitation', async () => {
    const user = await server.addUser({ status: 'INVITED', password: null })
    expect(typesOf(await server.client().logIn(user.login, ''))).toEqual(['InvalidCredentials'])
  })

  it('ends the earlier session of the browser at sign-in (session fixation)', async () => {
    const attacker = await server.addUser()
    const victim = await server.addUser()
    const planted = await server.signedIn(attacker)
    const browser = planted.clone()
    await browser.logIn(victim.login)
    expect(browser.session).not.toBe(planted.session)
    expect(await browser.whoAmI()).toBe(victim.login)
    expect(await planted.whoAmI()).toBeNull()
  })

  it('does not record what was typed as a login', async () => {
    await server.client().logIn('Typed-In-The-Wrong-Field-1', 'x')
    const operations = await server.database.read(unit => unit.rows(OperationEntity).find())
    expect(JSON.stringify(operations)).not.toContain('Wrong-Field')
    expect(
      operations.some(
        ({ reason, actorId }) => reason === 'INVALID_CREDENTIALS' && actorId === null,
      ),
    ).toBe(true)
  })

  it('renews a hash that was made with another cost', async () => {
    const dearer = await TestServer.start({ ARGON2_PASSES: '2' })
    try {
      const user = await dearer.addUser()
      const cheap = await server.services.hasher.hashPassword(goodPassword)
      await dearer.database.write(unit =>
        dearer.services.users.rehashPassword(unit, user.id, cheap),
      )
      await dearer.signedIn(user)
      const renewed = await dearer.services.users.find(user.id)
      expect(renewed?.passwordHash).toContain('t=2')
      await dearer.signedIn(user)
    } finally {
      await dearer.stop()
    }
  })
})

describe('signing out', () => {
  it('ends the session for every holder of its token at sign-out', async () => {
    const client = await server.signedIn(await server.addUser())
    const copy = client.clone()
    const answer = await client.query('mutation { logOut { errors { message } } }')
    expect(answer.data.logOut).toEqual({ errors: [] })
    expect(client.session).toBeUndefined()
    expect(await copy.whoAmI()).toBeNull()
  })

  it('accepts a sign-out without a session', async () => {
    const answer = await server.client().query('mutation { logOut { errors { message } } }')
    expect(answer.data.logOut).toEqual({ errors: [] })
  })
})

describe('a session', () => {
  const now = Date.now()
  afterEach(() => {
    jest.restoreAllMocks()
  })
  const ageSession = (userId: string, columns: Partial<SessionEntity>) =>
    server.database.write(async unit => {
      await unit.rows(SessionEntity).update({ userId }, columns)
    })

  it('expires after twelve hours without use', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    await ageSession(user.id, { lastSeenAt: new Date(now - 11.9 * 3_600_000) })
    expect(await client.whoAmI()).toBe(user.login)
    await server.services.seenSessions.idle()
    await ageSession(user.id, { lastSeenAt: new Date(now - 12.1 * 3_600_000) })
    expect(await client.whoAmI()).toBeNull()
  })

  it('is extended by use', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    await ageSession(user.id, { lastSeenAt: new Date(now - 11 * 3_600_000) })
    await client.whoAmI()
    await server.services.seenSessions.idle()
    const session = await server.database.read(unit =>
      unit.rows(SessionEntity).findOneByOrFail({ userId: user.id }),
    )
    expect(session.lastSeenAt.getTime()).toBeGreaterThan(now - 60_000)
  })

  it('slides on with use also when it may be unused for a minute only', async () => {
    const strict = await TestServer.start({ SESSION_IDLE_MINUTES: '1' })
    try {
      const user = await strict.addUser()
      const client = await strict.signedIn(user)
      const lastSeenAt = new Date(Date.now() - 30_000)
      await strict.database.write(unit =>
        unit.rows(SessionEntity).update({ userId: user.id }, { lastSeenAt }),
      )
      await client.whoAmI()
      await strict.services.seenSessions.idle()
      const session = await strict.database.read(unit =>
        unit.rows(SessionEntity).findOneByOrFail({ userId: user.id }),
      )
      expect(session.lastSeenAt.getTime()).toBeGreaterThan(lastSeenAt.getTime())
    } finally {
      await strict.stop()
    }
  })

  it('expires after its maximum lifetime, used or not', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    await ageSession(user.id, { expiresAt: new Date(now - 1) })
    expect(await client.whoAmI()).toBeNull()
  })

  it('is deleted after it has expired', async () => {
    const user = await server.addUser()
    await server.signedIn(user)
    await ageSession(user.id, { expiresAt: new Date(now - 1) })
    await server.services.sessions.sweep()
    const left = await server.database.read(unit =>
      unit.rows(SessionEntity).countBy({ userId: user.id }),
    )
    expect(left).toBe(0)
  })
})

describe('the time of a rejected sign-in', () => {
  const cheapHash =
    '$argon2id$v=19$m=19456,p=1,t=1$jevLCOmgUzWfVqwLf4ceJg$7zc8/mT/k4Ug1aarwmpvve0CeavN5x+UpyWdfEfbhoc'

  const costOf = (stored: string) => {
    const [, memoryCost, timeCost] = /m=(\d+),p=1,t=(\d+)/.exec(stored) ?? []
    return { memoryCost: Number(memoryCost), timeCost: Number(timeCost) }
  }
  /** The hashing work of these calls: memory times passes, which determines Argon2's time. */
  const workIn = (calls: { memoryCost?: number; timeCost?: number }[]) =>
    calls.reduce((sum, { memoryCost = 0, timeCost = 0 }) => sum + memoryCost * timeCost, 0)

  it.each([
    ['', 2, (hash: string | null) => hash],
    [', even if the user has no password yet', 2, () => null],
    // The hash of a user who has not signed in since the cost was raised.
    [', even if the password was hashed at a lower cost', 6, () => cheapHash],
  ])('does the same work for a known and an unknown login%s', async (_how, passes, hashOf) => {
    const real = await TestServer.start({
      ARGON2_MEMORY_KIB: '19456',
      ARGON2_PASSES: String(passes),
    })
    const verified = jest.spyOn(argon2, 'verify')
    const hashed = jest.spyOn(argon2, 'hash')
    try {
      const user = await real.addUser()
      await real.database.write(async unit => {
        const { passwordHash } = await unit.rows(UserEntity).findOneByOrFail({ id: user.id })
        await unit.rows(UserEntity).update({ id: user.id }, { passwordHash: hashOf(passwordHash) })
      })
      await real.stopJobs()
      const done: { work: number; statements: string[] }[] = []
      for (const login of ['warm.up@rekey.example', 'nobody@rekey.example', user.login]) {
        verified.mockClear()
        hashed.mockClear()
        const statements = await real.statementsDuring(() =>
          real.client().logIn(login, 'Wrong-One-123'),
        )
        const work = workIn([
          ...verified.mock.calls.map(([stored]) => costOf(stored)),
          ...hashed.mock.calls.map(([, options]) => options ?? {}),
        ])
        done.push({ work, statements: statements.map(({ text }) => text) })
      }
      const [, unknown, known] = done
      // Compares the work and not the time, which also depends on the machine.
      expect(known).toEqual(unknown)
      expect(known?.work).toBe(19_456 * passes)
    } finally {
      verified.mockRestore()
      hashed.mockRestore()
      await real.stop()
    }
  })
})

describe('the time of a rejected sign-in with imported users', () => {
  /** Adds the work of all calls by its kind, in the units of the algorithms. */
  const observeWork = () => {
    const spies = {
      argon2Verify: jest.spyOn(argon2, 'verify'),
      argon2Hash: jest.spyOn(argon2, 'hash'),
      bcryptCompare: jest.spyOn(bcrypt, 'compare'),
      bcryptHash: jest.spyOn(bcrypt, 'hash'),
      pbkdf2: jest.spyOn(crypto, 'pbkdf2'),
      scrypt: jest.spyOn(crypto, 'scrypt'),
    }
    const all = Object.values(spies)
    return {
      clear: () => {
        for (const spy of all) spy.mockClear()
      },
      restore: () => {
        for (const spy of all) spy.mockRestore()
      },
      read: () => {
        const work: Record<string, number> = {}
        const add = (kind: string, amount: number) => {
          work[kind] = (work[kind] ?? 0) + amount
        }
        for (const [stored] of spies.argon2Verify.mock.calls) {
          const [, m, t, p] =
            /m=(\d+),t=(\d+),p=(\d+)/.exec(stored.replace(/(p=\d+),(t=\d+)/, '$2,$1')) ?? []
          add(`argon2 with ${p} lanes`, Number(m) * Number(t))
        }
        for (const [, options] of spies.argon2Hash.mock.calls) {
          const { memoryCost = 0, timeCost = 0, parallelism } = options ?? {}
          add(`argon2 with ${parallelism} lanes`, memoryCost * timeCost)
        }
        for (const [, stored] of spies.bcryptCompare.mock.calls) {
          add('bcrypt', 2 ** Number(stored.slice(4, 6)))
        }
        for (const [, cost] of spies.bcryptHash.mock.calls) add('bcrypt', 2 ** Number(cost))
        for (const [, , iterations, , digest] of spies.pbkdf2.mock.calls) add(digest, iterations)
        for (const [, , , options] of spies.scrypt.mock.calls) {
          const { cost, blockSize, parallelization = 0 } = options as crypto.ScryptOptions
          add(`scrypt with ${cost} and ${blockSize}`, parallelization)
        }
        return work
      },
    }
  }

  // Two hashes of the same kind, of which the first costs less, and hashes of other kinds.
  const everyKind = [
    foreignHashes['bcrypt for Python: 2b'],
    foreignHashes['Django 5.2: bcrypt of SHA-256'],
    foreignHashes['Django 5.2: scrypt'],
    foreignHashes['argon2-cffi: argon2id with two lanes, as Django stores it'],
    foreignHashes['argon2-cffi: argon2i'],
    foreignHashes['passlib 1.7: PBKDF2 with SHA-256'],
  ]

  it.each([
    ['in one form', 1, everyKind, 'Wrong-One-123'],
    // In NFC, with plain spaces, and as typed.
    [
      'in three forms',
      3,
      everyKind.slice(0, 1),
      'Wrong-One-123 de\u0301compose\u0301d\u00a0and spaced',
    ],
  ] as const)(
    'does the same work for an unknown login, an own hash and every kind of imported hash, %s',
    async (_how, forms, imported, password) => {
      const real = await TestServer.start({
        ARGON2_MEMORY_KIB: '19456',
        ARGON2_PASSES: '2',
        THROTTLE_PER_IP: '1000',
      })
      const observed = observeWork()
      try {
        const users = await Promise.all([real.addUser(), ...imported.map(() => real.addUser())])
        await real.database.write(async unit => {
          for (const [index, text] of imported.entries()) {
            const hash = real.services.hasher.readImport(text)
            if (typeof hash === 'string') throw new Error(`${text} is ${hash}.`)
            await real.services.importedWork.add(unit, [hash.work])
            const id = users[index + 1]?.id ?? ''
            await unit.rows(UserEntity).update({ id }, { passwordHash: hash.stored })
          }
        })
        await real.stopJobs()
        const logins = ['nobody@rekey.example', ...users.map(({ login }) => login)]
        await real.client().logIn('warm.up@rekey.example', password)
        const done: unknown[] = []
        for (const login of logins) {
          observed.clear()
          const statements = await real.statementsDuring(() => real.client().logIn(login, password))
          done.push({ work: observed.read(), statements: statements.map(({ text }) => text) })
        }
        expect(done[0]).toMatchObject({
          work:
            forms === 1
              ? {
                  'argon2 with 1 lanes': 16_384 * 3,
                  'argon2 with 2 lanes': 16_384 * 3,
                  bcrypt: 2 ** 12,
                  'scrypt with 16384 and 8': 5,
                  sha256: 29_000,
                }
              : { 'argon2 with 1 lanes': forms * 19_456 * 2, bcrypt: forms * 2 ** 10 },
        })
        for (const one of done) expect(one).toEqual(done[0])
      } finally {
        observed.restore()
        await real.stop()
      }
    },
  )
})

describe('guessing', () => {
  it('limits guesses for each login, even if they come at once', async () => {
    const strict = await TestServer.start({ THROTTLE_PER_LOGIN: '5' })
    try {
      const user = await strict.addUser()
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          strict.client().logIn(user.login, `Guess-${index}`),
        ),
      )
      const verified = answers.filter(answer => typesOf(answer)[0] === 'InvalidCredentials')
      expect(verified).toHaveLength(5)
      const refused = await strict.client().logIn(user.login)
      expect(refused.data.logIn.errors).toMatchObject([{ __typename: 'TooManyAttempts' }])
      expect(refused.data.logIn.errors[0].retryAfterSeconds).toBeGreaterThan(0)
      const other = await strict.addUser()
      await strict.signedIn(other)
    } finally {
      await strict.stop()
    }
  })

  it('limits guesses for each address, and a successful sign-in does not clear that count', async () => {
    const strict = await TestServer.start({ THROTTLE_PER_ADDRESS: '5' })
    try {
      const own = await strict.addUser()
      for (let guess = 0; guess < 5; guess += 1) {
        await strict.client().logIn(`target${guess}@rekey.example`, 'Guess-1')
        if (guess < 4) await strict.signedIn(own)
      }
      expect(typesOf(await strict.client().logIn('more@rekey.example', 'Guess-1'))).toEqual([
        'TooManyAttempts',
      ])
    } finally {
      await strict.stop()
    }
  })

  it('counts wrong current passwords', async () => {
    const strict = await TestServer.start({ THROTTLE_PER_LOGIN: '3' })
    try {
      const client = await strict.signedIn(await strict.addUser())
      const change = (currentPassword: string) =>
        client.changePassword({ currentPassword, newPassword: 'Brisk-Meadow-41' })
      for (let guess = 0; guess < 3; guess += 1) await change(`Guess-${guess}`)
      const answer = await change(goodPassword)
      expect(answer.data.changePassword.errors).toMatchObject([
        { __typename: 'TooManyAttempts', path: ['currentPassword'] },
      ])
    } finally {
      await strict.stop()
    }
  })

  it('clears the count after the right password', async () => {
    const strict = await TestServer.start({ THROTTLE_PER_LOGIN: '3' })
    try {
      const user = await strict.addUser()
      for (let round = 0; round < 3; round += 1) {
        await strict.client().logIn(user.login, 'Guess-1')
        await strict.client().logIn(user.login, 'Guess-2')
        await strict.signedIn(user)
      }
    } finally {
      await strict.stop()
    }
  })
})
