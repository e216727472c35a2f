import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import { apiTokenOf } from '../testing/api-token-client.js'
import { ownClock } from '../testing/own-clock.js'
import { repetitions } from '../testing/repetitions.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import { unknownOrigin } from './known-origin.service.js'
import type { PasswordAttempt } from './throttle.service.js'
import { type AttemptSubject, type RuleName, rulesOf, throttlePolicy } from './throttle-policy.js'

const perLogin = 4
const perAddress = 8
const newPassword = 'Brisk-Meadow-41'

const known = (id: string) => ({
  browser: { browser: `${id} some-browser`, network: `${id} 10.0.0.0/24` },
  network: { browser: null, network: `${id} 10.0.0.0/24` },
})

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start({
    THROTTLE_PER_LOGIN: String(perLogin),
    THROTTLE_PER_ADDRESS: String(perAddress),
    TRUST_PROXY: '1',
  })
})
afterAll(() => server.stop())

const policy = throttlePolicy({ perLogin, perAddress })

const begin = async (attempt: PasswordAttempt) =>
  (await server.services.throttle.begin(attempt))?.retryAfterSeconds ?? null

/** Counts the attempts that are allowed until one must wait. */
const freeOf = async (
  attempt: (index: number) => PasswordAttempt,
  limit = 100,
): Promise<number> => {
  for (let count = 0; count < limit; count += 1) {
    if ((await begin(attempt(count))) !== null) return count
  }
  return limit
}

interface Someone {
  readonly id: string
  readonly login: string
  /** The start of the addresses from which the attempts come. */
  readonly net: string
}

let made = 0
const someone = (): Someone => {
  made += 1
  return { id: `user ${made}`, login: `maya${made}`, net: `10.${made}` }
}

/** Attempts that only one rule can make wait, or that this rule makes wait first. */
type Attempts = (user: Someone, index: number) => PasswordAttempt

const fromOne =
  (subjectOf: (user: Someone) => AttemptSubject): Attempts =>
  user => ({ ip: `${user.net}.0.7`, of: subjectOf(user) })

const fromMany =
  (subjectOf: (user: Someone, index: number) => AttemptSubject): Attempts =>
  (user, index) => ({ ip: `${user.net}.${index}.7`, of: subjectOf(user, index) })

const rows: [RuleName, Attempts][] = [
  ['browser', fromOne(({ id, login }) => ({ login, known: known(id).browser }))],
  ['network', fromOne(({ id, login }) => ({ login, known: known(id).network }))],
  ['loginAtAddress', fromOne(({ login }) => ({ login, known: unknownOrigin }))],
  ['login', fromMany(({ login }) => ({ login, known: unknownOrigin }))],
  [
    'address',
    (user, index) => ({
      ip: `${user.net}.0.7`,
      of: { login: `${user.login} ${index}`, known: unknownOrigin },
    }),
  ],
  ['address', fromOne(() => ({ passkeyOf: null, known: unknownOrigin }))],
  ['session', fromOne(({ id }) => ({ callerId: id, sessionId: 'session' }))],
  ['tokens', fromOne(({ id }) => ({ callerId: id, sessionId: null }))],
  ['secondStepInBrowser', fromOne(({ id }) => ({ secondStepOf: id, known: known(id).browser }))],
  ['secondStepInNetwork', fromOne(({ id }) => ({ secondStepOf: id, known: known(id).network }))],
  ['secondStep', fromMany(({ id }) => ({ secondStepOf: id, known: unknownOrigin }))],
  ['smsInBrowser', fromOne(({ id }) => ({ smsTo: id, known: known(id).browser }))],
  ['smsInNetwork', fromOne(({ id }) => ({ smsTo: id, known: known(id).network }))],
  ['sms', fromMany(({ id }) => ({ smsTo: id, known: unknownOrigin }))],
  ['smsEnrolment', fromOne(({ id }) => ({ smsEnrolmentOf: id }))],
]

describe('each rule of the policy', () => {
  afterEach(() => {
    jest.useRealTimers()
  })

  it.each(rows)('allows the free attempts of the rule %s, and no more', async (name, attempts) => {
    const user = someone()
    expect(await freeOf(index => attempts(user, index))).toBe(policy[name].free)
  })

  it.each(rows)(
    'clears the counts of the rule %s only after the events that it names',
    async (name, attempts) => {
      for (const event of ['PROOF', 'NEW_PASSWORD'] as const) {
        const user = someone()
        await freeOf(index => attempts(user, index))
        await server.database.write(unit => server.services.throttle.clear(unit, event, user))
        const isCleared = (await begin(attempts(user, 200))) === null
        expect([event, isCleared]).toEqual([
          event,
          policy[name].clearedBy.some(one => one === event),
        ])
      }
    },
  )

  it.each(rows)(
    'makes attempts of the rule %s wait no longer than its maximum',
    async (name, attempts) => {
      const user = someone()
      ownClock({ advanceTimers: true })
      await freeOf(index => attempts(user, index))
      const waits: number[] = []
      for (let index = 0; index < 14; index += 1) {
        const wait = (await begin(attempts(user, index))) ?? 0
        waits.push(wait)
        jest.setSystemTime(Date.now() + wait * 1000)
        expect(await begin(attempts(user, index))).toBeNull()
      }
      expect(Math.max(...waits)).toBe(policy[name].maxWaitSeconds)
    },
  )
})

const fillOffice = async (address: string) => {
  const stranger = server.client({ 'x-forwarded-for': address })
  for (let count = 0; count < perAddress; count += 1) {
    await stranger.logIn(`invented${count}@rekey.example`, 'Guess-1')
  }
  const refused = await stranger.logIn('another@rekey.example', 'Guess-1')
  expect(refused.data.logIn.errors[0]?.__typename).toBe('TooManyAttempts')
}

const errorsOf = (answer: { data: Record<string, { errors: unknown[] }> }, field: string) =>
  answer.data[field]?.errors

const reauthenticate = (client: TestClient) =>
  client.query(
    'mutation ($input: ReauthenticateInput!) { reauthenticate(input: $input) { errors { __typename } } }',
    { input: { password: goodPassword } },
  )

describe('a stranger who has used up the attempts of an address', () => {
  const office = '203.0.113.7'

  it('does not affect known browsers and networks, sessions or API tokens of users at the same address', async () => {
    const maya = await server.addUser()
    const boris = await server.addUser()
    const client = server.client({ 'x-forwarded-for': office })
    await client.logIn(maya.login)
    await server.client({ 'x-forwarded-for': office }).logIn(boris.login)
    const { client: api } = await apiTokenOf(server, maya)
    await fillOffice(office)

    expect(errorsOf(await reauthenticate(client), 'reauthenticate')).toEqual([])
    expect(errorsOf(await client.logIn(maya.login), 'logIn')).toEqual([])
    const inNewBrowser = server.client({ 'x-forwarded-for': office })
    expect(errorsOf(await inNewBrowser.logIn(boris.login), 'logIn')).toEqual([])
    const change = { currentPassword: goodPassword, newPassword }
    expect(errorsOf(await api.changePassword(change), 'changePassword')).toEqual([])
  })
})

describe('strangers who guess at one login from many networks', () => {
  const guessFromEverywhere = async (login: string) => {
    for (let count = 0; count < perLogin * 10; count += 1) {
      await server.services.throttle.begin({
        ip: `198.51.${count}.1`,
        of: { login, known: unknownOrigin },
      })
    }
  }

  it('makes the owner wait only in unknown browsers and networks, and not after a reset', async () => {
    const maya = await server.addUser()
    await server.client({ 'x-forwarded-for': '203.0.113.8' }).logIn(maya.login)
    await guessFromEverywhere(maya.loginKey)
    const atHome = server.client({ 'x-forwarded-for': '203.0.113.8' })
    expect(errorsOf(await atHome.logIn(maya.login), 'logIn')).toEqual([])
    const abroad = server.client({ 'x-forwarded-for': '192.0.2.9' })
    expect(errorsOf(await abroad.logIn(maya.login), 'logIn')).toMatchObject([
      { __typename: 'TooManyAttempts' },
    ])

    const { token } = await server.database.write(unit =>
      server.services.links.issue(unit, 'PASSWORD_RESET', maya.id, 600),
    )
    const reset = await abroad.resetPassword(token, newPassword)
    expect(errorsOf(reset, 'resetPassword')).toEqual([])
    // They continue immediately; the browser that reset the password has its own count.
    await guessFromEverywhere(maya.loginKey)
    expect(errorsOf(await abroad.logIn(maya.login, newPassword), 'logIn')).toEqual([])
  })

  it('no longer makes the owner wait after a confirmation of identity in a session', async () => {
    const maya = await server.addUser()
    const client = await server.signedIn(maya)
    await guessFromEverywhere(maya.loginKey)
    const abroad: PasswordAttempt = {
      ip: '192.0.2.9',
      of: { login: maya.loginKey, known: unknownOrigin },
    }
    expect(await begin(abroad)).not.toBeNull()
    await reauthenticate(client)
    expect(await begin(abroad)).toBeNull()
  })
})

describe('API tokens of one person', () => {
  it('counts the wrong current passwords of all API tokens of a user together', async () => {
    const maya = await server.addUser()
    const clients = await Promise.all(
      Array.from({ length: 3 }, async () => (await apiTokenOf(server, maya)).client),
    )
    const answers = []
    for (let count = 0; count < perLogin + 2; count += 1) {
      const client = clients[count % clients.length]
      answers.push(await client?.changePassword({ currentPassword: 'Wrong-One-1', newPassword }))
    }
    const names = answers.map(answer => answer?.data.changePassword.errors[0]?.__typename)
    expect(names.slice(0, perLogin)).toEqual(Array(perLogin).fill('CurrentPasswordIncorrect'))
    expect(names.slice(perLogin)).toEqual(['TooManyAttempts', 'TooManyAttempts'])
  })
})

describe('the counts of an attempt', () => {
  it('uses only the separate count of a known browser or network', () => {
    for (const origin of [known('u1').browser, known('u1').network]) {
      const subjects: AttemptSubject[] = [
        { login: 'maya', known: origin },
        { secondStepOf: 'u1', known: origin },
        { smsTo: 'u1', known: origin },
        { passkeyOf: 'u1', known: origin },
      ]
      for (const subject of subjects) {
        expect(rulesOf('10.0.0.7', subject)).toHaveLength(1)
        expect(rulesOf('10.0.0.7', subject)[0]?.[1]).toMatch(/^u1 /)
      }
    }
  })
})

describe('an office behind one address, with a guesser', () => {
  const members = [0, 1, 2]
  const visit = fc.record({
    member: fc.constantFrom(...members),
    way: fc.constantFrom('browser', 'network', 'session', 'tokens'),
  })
  const guess = fc.record({ guessAt: fc.constantFrom<'invented' | number>('invented', ...members) })

  it('makes no one else wait, except the user whose login is guessed in a new browser', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(visit, guess), { maxLength: 60 }), async steps => {
        const office = someone()
        const ip = `${office.net}.0.7`
        const idOf = (member: number) => `${office.id} ${member}`
        const guessed = new Set<number>()
        for (const [index, step] of steps.entries()) {
          if ('guessAt' in step) {
            const { guessAt } = step
            if (guessAt === 'invented') {
              const login = `${office.login} ${index}`
              await begin({ ip, of: { login, known: unknownOrigin } })
            } else {
              guessed.add(guessAt)
              await begin({ ip, of: { login: idOf(guessAt), known: known(idOf(guessAt)).network } })
            }
            continue
          }
          const { member, way } = step
          if (way === 'network' && guessed.has(member)) continue
          const id = idOf(member)
          const subjects: Record<typeof way, AttemptSubject> = {
            browser: { login: id, known: known(id).browser },
            network: { login: id, known: known(id).network },
            session: { callerId: id, sessionId: 'session' },
            tokens: { callerId: id, sessionId: null },
          }
          const attempt = { ip, of: subjects[way] }
          expect(await begin(attempt)).toBeNull()
          await server.database.write(unit => server.services.throttle.succeed(unit, attempt))
        }
      }),
      { numRuns: repetitions(15, 200) },
    )
  })
})

describe('a guesser with many networks', () => {
  afterEach(() => {
    jest.useRealTimers()
  })

  it.each(repetitions(1, 3) === 1 ? [5] : [1, 5, 15])(
    'allows an attacker with %i networks no more guesses at one login a day than the policy states',
    async networks => {
      ownClock({ advanceTimers: true })
      const { login, net } = someone()
      const end = Date.now() + 24 * 60 * 60 * 1000
      let guesses = 0
      let network = 0
      while (Date.now() < end) {
        let shortest = Number.POSITIVE_INFINITY
        for (let tries = 0; tries < networks && shortest > 0; tries += 1) {
          network = (network + 1) % networks
          const wait = await begin({
            ip: `${net}.${network}.7`,
            of: { login, known: unknownOrigin },
          })
          if (wait === null) guesses += 1
          shortest = Math.min(shortest, wait ?? 0)
        }
        jest.setSystemTime(Date.now() + shortest * 1000)
      }
      // The free ones, four while the wait grows to a minute, and then one a minute.
      expect(guesses).toBeLessThanOrEqual(policy.login.free + 4 + 24 * 60)
      expect(guesses).toBeGreaterThan(100)
    },
  )
})
