import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { hash } from 'argon2'
import fc from 'fast-check'
import { apiTokenOf } from '../testing/api-token-client.js'
import { type Answer, goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import { UserEntity } from '../users/user.entity.js'
import type { PasswordAttempt } from './throttle.service.js'

const free = 4

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start({ THROTTLE_PER_LOGIN: String(free) })
})
afterAll(() => server.stop())

const times = <Result>(count: number, make: (index: number) => Result): Result[] =>
  Array.from({ length: count }, (_, index) => make(index))

const namesOf = (answers: readonly Answer[], field: string): string[] =>
  answers.map(({ data }) => data[field].errors[0]?.__typename ?? 'done').sort()

const changeFrom = (client: TestClient, currentPassword: string) =>
  client.changePassword({ currentPassword, newPassword: 'Brisk-Meadow-41' })

const reauthenticate = (client: TestClient, password: string) =>
  client.query(
    'mutation ($input: ReauthenticateInput!) { reauthenticate(input: $input) { errors { __typename } } }',
    { input: { password } },
  )

describe('a raised cost of hashes', () => {
  let dearer: TestServer
  beforeAll(async () => {
    dearer = await TestServer.start({ ARGON2_PASSES: '2' })
  })
  afterAll(() => dearer.stop())

  const addUserWithCheapHash = async () => {
    const user = await dearer.addUser()
    const passwordHash = await hash(goodPassword, { memoryCost: 64, timeCost: 1, parallelism: 1 })
    await dearer.database.write(unit =>
      unit.rows(UserEntity).update({ id: user.id }, { passwordHash }),
    )
    return user
  }

  it('allows 8 right sign-ins at once', async () => {
    const { login } = await addUserWithCheapHash()
    const answers = await Promise.all(times(8, () => dearer.client().logIn(login)))
    expect(namesOf(answers, 'logIn')).toEqual(times(8, () => 'done'))
  })

  it.each([
    [
      'a password change',
      'changePassword',
      (client: TestClient) => changeFrom(client, goodPassword),
    ],
    [
      'a confirmation of identity',
      'reauthenticate',
      (client: TestClient) => reauthenticate(client, goodPassword),
    ],
  ])('accepts %s while sign-ins save a more expensive hash', async (_name, field, prove) => {
    const user = await addUserWithCheapHash()
    const client = await dearer.signedIn(user)
    const passwordHash = await hash(goodPassword, { memoryCost: 64, timeCost: 1, parallelism: 1 })
    await dearer.database.write(unit =>
      unit.rows(UserEntity).update({ id: user.id }, { passwordHash }),
    )
    const [answer] = await Promise.all([
      prove(client),
      ...times(4, () => dearer.client().logIn(user.login)),
    ])
    expect(namesOf([answer as Answer], field)).toEqual(['done'])
  })
})

describe('15 right passwords at once', () => {
  it('changes the password once for 15 right attempts at once with one API token, and none must wait', async () => {
    const user = await server.addUser()
    const { client } = await apiTokenOf(server, user)
    const answers = await Promise.all(times(15, () => changeFrom(client, goodPassword)))
    // The others were verified against a password that the first one has replaced.
    expect(namesOf(answers, 'changePassword')).toEqual([
      ...times(14, () => 'CurrentPasswordIncorrect'),
      'done',
    ])
    // They do not count as wrong: as many attempts are free as before.
    const wrong = await Promise.all(times(free, () => changeFrom(client, 'Wrong-One-123')))
    expect(namesOf(wrong, 'changePassword')).toEqual(times(free, () => 'CurrentPasswordIncorrect'))
  })

  it('accepts 15 confirmations of identity at once', async () => {
    const client = await server.signedIn(await server.addUser())
    // Each one has the session token of the moment it was sent.
    const answers = await Promise.all(times(15, () => reauthenticate(client.clone(), goodPassword)))
    const known = answers.filter(({ errors }) => errors === undefined)
    expect(namesOf(known, 'reauthenticate')).toEqual(known.map(() => 'done'))
  })

  it('accepts 15 sign-ins at once', async () => {
    const { login } = await server.addUser()
    const answers = await Promise.all(times(15, () => server.client().logIn(login)))
    expect(namesOf(answers, 'logIn')).toEqual(times(15, () => 'done'))
  })
})

describe('30 wrong passwords at once', () => {
  it.each<[string, string, (client: TestClient, index: number) => Promise<Answer>]>([
    [
      'changePassword',
      'CurrentPasswordIncorrect',
      (client, index) => changeFrom(client, `G-${index}`),
    ],
    [
      'reauthenticate',
      'CurrentPasswordIncorrect',
      (client, index) => reauthenticate(client, `G-${index}`),
    ],
  ])(
    'verifies 30 wrong passwords at once in %s only up to the limit',
    async (field, incorrect, guess) => {
      const client = await server.signedIn(await server.addUser())
      const answers = await Promise.all(times(30, index => guess(client, index)))
      expect(namesOf(answers, field)).toEqual([
        ...times(free, () => incorrect),
        ...times(30 - free, () => 'TooManyAttempts'),
      ])
    },
  )

  it('verifies 30 wrong passwords at once at sign-in only up to the limit', async () => {
    const { login } = await server.addUser()
    const answers = await Promise.all(
      times(30, index => server.client().logIn(login, `G-${index}`)),
    )
    expect(namesOf(answers, 'logIn')).toEqual([
      ...times(free, () => 'InvalidCredentials'),
      ...times(30 - free, () => 'TooManyAttempts'),
    ])
  })
})

describe('any mix of attempts at once', () => {
  let callers = 0

  /** Makes the attempts and returns the result of each. */
  const make = async (attempts: readonly { right: boolean; startMs: number; workMs: number }[]) => {
    callers += 1
    const attempt: PasswordAttempt = {
      ip: `10.${callers >> 8}.${callers & 255}.1`,
      of: { callerId: `caller ${callers}`, sessionId: null },
    }
    const { throttle } = server.services
    return Promise.all(
      attempts.map(async ({ right, startMs, workMs }) => {
        await sleep(startMs)
        return throttle.attempt(attempt, {
          verify: async () => {
            await sleep(workMs)
            if (right) await server.database.write(unit => throttle.succeed(unit, attempt))
            return { right, verified: true }
          },
          refuse: async () => ({ right, verified: false }),
        })
      }),
    )
  }
  const attempts = (right: fc.Arbitrary<boolean>) =>
    fc.array(
      fc.record({
        right,
        startMs: fc.integer({ min: 0, max: 8 }),
        workMs: fc.integer({ min: 0, max: 8 }),
      }),
      { minLength: 1, maxLength: 20 },
    )

  it('rejects no attempt while all are right', async () => {
    await fc.assert(
      fc.asyncProperty(attempts(fc.constant(true)), async given => {
        expect((await make(given)).every(({ verified }) => verified)).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  it('verifies no more wrong attempts than are free', async () => {
    await fc.assert(
      fc.asyncProperty(attempts(fc.constant(false)), async given => {
        const verified = (await make(given)).filter(one => one.verified)
        expect(verified).toHaveLength(Math.min(given.length, free))
      }),
      { numRuns: 30 },
    )
  })

  it('verifies after each right attempt no more wrong ones than are free', async () => {
    await fc.assert(
      fc.asyncProperty(attempts(fc.boolean()), async given => {
        const verified = (await make(given)).filter(one => one.verified)
        const rights = verified.filter(({ right }) => right).length
        expect(verified.length - rights).toBeLessThanOrEqual(free * (rights + 1))
      }),
      { numRuns: 30 },
    )
  })

  it('takes back the count of an attempt whose verification throws', async () => {
    const attempt: PasswordAttempt = {
      ip: '10.255.0.1',
      of: { callerId: 'busy', sessionId: null },
    }
    const { throttle } = server.services
    const busy = () =>
      throttle.attempt(attempt, {
        verify: () => Promise.reject(new Error('busy')),
        refuse: async () => 'refused',
      })
    const outcomes = await Promise.allSettled(times(3 * free, busy))
    expect(outcomes.map(({ status }) => status)).toEqual(times(3 * free, () => 'rejected'))
  })
})
