import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals'
import { uuidv7 } from 'uuidv7'
import { requirementsOf } from '../access/guards.js'
import { createSchemaToRead } from '../app/schema.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { ownClock } from '../testing/own-clock.js'
import {
  answer,
  beginLogIn,
  beginPasskeySignIn,
  codesOf,
  enrolPasskey,
  enrolTotp,
  logInWithPasskey,
  mutate,
  totpCode,
  typesOf,
} from '../testing/second-factor-client.js'
import { type Forgery, SoftwareAuthenticator } from '../testing/software-authenticator.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import type { Caller } from '../users/caller.js'
import type { UserEntity } from '../users/user.entity.js'
import { RecoveryCodeEntity } from './recovery-code.entity.js'
import { SecondFactorEntity } from './second-factor.entity.js'
import { recoveryCodeOf } from './second-factor-verifier.js'
import { SignInChallengeEntity } from './sign-in-challenge.entity.js'

const errors = 'errors { __typename ... on UserError { message path } }'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(() => server.stop())

// Codes depend on the time, so the tests set the clock, to the middle of a step.
beforeEach(() => {
  ownClock({ now: Math.ceil(Date.now() / 30_000) * 30_000 + 15_000 })
})
afterEach(async () => {
  jest.useRealTimers()
  await server.setSecurity({ secondFactor: 'OPTIONAL', secondFactorMethods: ['TOTP', 'PASSKEY'] })
})

const later = (seconds: number) => jest.setSystemTime(Date.now() + seconds * 1000)

/** A user with an authenticator app. */
const withTotp = async (role: 'MEMBER' | 'ADMIN' = 'MEMBER') => {
  const user = await server.addUser({ role })
  const client = await server.signedIn(user)
  return { user, client, ...(await enrolTotp(client)) }
}

/** A user with a passkey. */
const withPasskey = async (counts = true) => {
  const user = await server.addUser()
  const client = await server.signedIn(user)
  const authenticator = new SoftwareAuthenticator(server.config.publicUrl.origin, counts)
  const enrolled = await enrolPasskey(client, authenticator)
  expect(enrolled.errors).toEqual([])
  return { user, client, authenticator, enrolled }
}

const challengeOf = async (user: UserEntity, client: TestClient = server.client()) =>
  (await beginLogIn(client, user.login)).challenge

const refusalsOf = async (user: UserEntity) => {
  const operations = await server.database.read(unit =>
    unit.rows(OperationEntity).find({
      where: { subjectId: user.id, outcome: 'REFUSED' },
      order: { id: 'ASC' },
    }),
  )
  return operations.map(({ reason }) => reason)
}

describe('a code of an authenticator app', () => {
  it('is accepted in its own step, the one before and the one after', async () => {
    for (const steps of [-1, 0, 1]) {
      const { user, secret } = await withTotp()
      later(60)
      const { token } = await challengeOf(user)
      const result = await answer(server.client(), {
        token,
        method: 'TOTP',
        code: totpCode(secret, steps),
      })
      expect(result).toMatchObject({ user: { id: user.id }, errors: [] })
    }
  })

  it('is rejected two steps before and after its own', async () => {
    const { user, secret } = await withTotp()
    later(120)
    const { token } = await challengeOf(user)
    for (const steps of [-2, 2]) {
      const code = totpCode(secret, steps)
      const result = await answer(server.client(), { token, method: 'TOTP', code })
      expect(typesOf(result)).toEqual(['SecondFactorIncorrect'])
    }
  })

  it('works once, also in another challenge, and invalidates earlier codes', async () => {
    const { user, secret } = await withTotp()
    later(60)
    const code = totpCode(secret)
    const input = { method: 'TOTP', code }
    const first = await challengeOf(user)
    expect((await answer(server.client(), { ...input, token: first.token })).errors).toEqual([])
    const second = await challengeOf(user)
    const replayed = await answer(server.client(), { ...input, token: second.token })
    expect(typesOf(replayed)).toEqual(['SecondFactorIncorrect'])
    const earlier = { ...input, code: totpCode(secret, -1), token: second.token }
    expect(typesOf(await answer(server.client(), earlier))).toEqual(['SecondFactorIncorrect'])
    later(30)
    const next = { ...input, code: totpCode(secret), token: second.token }
    expect((await answer(server.client(), next)).errors).toEqual([])
  })

  it('works after a clock that was a day ahead was corrected', async () => {
    const { user, secret } = await withTotp()
    const day = 24 * 60 * 60
    const signIn = async () => {
      const { token } = await challengeOf(user)
      const code = totpCode(secret)
      return (await answer(server.client(), { token, method: 'TOTP', code })).errors
    }
    later(day)
    expect(await signIn()).toEqual([])
    later(-day + 60)
    expect(await signIn()).toEqual([])
  })

  it('works once even if the clock of another instance is a step behind', async () => {
    const { user, secret } = await withTotp()
    later(60)
    const ahead = { method: 'TOTP', code: totpCode(secret, 1) }
    const first = await challengeOf(user)
    expect((await answer(server.client(), { ...ahead, token: first.token })).errors).toEqual([])
    later(-30)
    const second = await challengeOf(user)
    const earlier = { method: 'TOTP', code: totpCode(secret), token: second.token }
    expect(typesOf(await answer(server.client(), earlier))).toEqual(['SecondFactorIncorrect'])
  })

  it('works once if it is sent several times at the same moment', async () => {
    const { user, secret } = await withTotp()
    later(60)
    const code = totpCode(secret)
    const challenges = await Promise.all([challengeOf(user), challengeOf(user), challengeOf(user)])
    const results = await Promise.all(
      challenges.map(({ token }) => answer(server.client(), { token, method: 'TOTP', code })),
    )
    expect(results.filter(result => result.errors.length === 0)).toHaveLength(1)
  })

  it('cannot be used to sign in if it completed the enrolment', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    const begun = await mutate(client, 'beginTotpEnrolment', 'secret token')
    const code = totpCode(begun.secret)
    await mutate(client, 'confirmTotpEnrolment', errors, { token: begun.token, code, name: 'App' })
    const { token } = await challengeOf(user)
    const result = await answer(server.client(), { token, method: 'TOTP', code })
    expect(typesOf(result)).toEqual(['SecondFactorIncorrect'])
  })

  it('does not work for another user', async () => {
    const maya = await withTotp()
    const boris = await withTotp()
    later(60)
    const { token } = await challengeOf(maya.user)
    const code = totpCode(boris.secret)
    const result = await answer(server.client(), { token, method: 'TOTP', code })
    expect(typesOf(result)).toEqual(['SecondFactorIncorrect'])
  })
})

describe('a sign-in challenge', () => {
  it('is not a session: it sets no cookie, and its token grants no access', async () => {
    const { user } = await withTotp()
    const client = server.client()
    const { user: nobody, challenge } = await beginLogIn(client, user.login)
    expect(nobody).toBeNull()
    expect(client.session).toBeUndefined()
    expect(client.device).toBeUndefined()
    const thief = server.client({ cookie: `rekey_session=${challenge.token}` })
    for (const client of [thief, server.client({ authorization: `Bearer ${challenge.token}` })]) {
      expect((await client.query('{ viewer { login } }')).data.viewer).toBeNull()
      const refused = [
        `{ user(id: "${user.id}") { login } }`,
        '{ users { totalCount } }',
        `{ operations(filter: { subjectId: "${user.id}" }) { totalCount } }`,
        '{ trustedDevices { totalCount } }',
        'mutation { beginTotpEnrolment { token } }',
        'mutation { beginReauthentication { challenge { token } } }',
        'mutation { regenerateRecoveryCodes { codes } }',
        'mutation { revokeAllTrustedDevices { count } }',
        `mutation { removeSecondFactor(input: { id: "x" }) { removedId } }`,
        `mutation { changePassword(input: { currentPassword: "${goodPassword}", newPassword: "Third-Meadow-41" }) { user { id } } }`,
      ]
      for (const query of refused) {
        expect([query, codesOf(await client.query(query))]).toEqual([query, ['UNAUTHENTICATED']])
      }
      expect((await client.get('/operations.csv')).status).toBe(401)
    }
  })

  it('is issued only after the correct password', async () => {
    const { user } = await withTotp()
    const plain = await server.addUser()
    const wrong = await beginLogIn(server.client(), user.login, 'Wrong-One-123')
    expect(wrong).toEqual(await beginLogIn(server.client(), plain.login, 'Wrong-One-123'))
    expect(wrong).toEqual(await beginLogIn(server.client(), 'no@rekey.example', 'Wrong-One-123'))
    expect(wrong.challenge).toBeNull()
  })

  it('leaves an earlier session of the browser until the sign-in ends it', async () => {
    const { user, secret } = await withTotp()
    const attacker = await server.addUser()
    const planted = await server.signedIn(attacker)
    const browser = planted.clone()
    later(60)
    const { token } = await challengeOf(user, browser)
    expect(await planted.whoAmI()).toBe(attacker.login)
    await answer(browser, { token, method: 'TOTP', code: totpCode(secret) })
    expect(await browser.whoAmI()).toBe(user.login)
    expect(await planted.whoAmI()).toBeNull()
  })

  it('can be answered only once', async () => {
    const { user, secret } = await withTotp()
    later(60)
    const { token } = await challengeOf(user)
    await answer(server.client(), { token, method: 'TOTP', code: totpCode(secret) })
    later(30)
    const again = await answer(server.client(), { token, method: 'TOTP', code: totpCode(secret) })
    expect(typesOf(again)).toEqual(['ChallengeExpired'])
  })

  it('expires after ten minutes', async () => {
    const { user, secret } = await withTotp()
    const { token, expiresAt } = await challengeOf(user)
    expect(new Date(expiresAt).getTime()).toBe(Date.now() + 10 * 60_000)
    later(10 * 60)
    const late = await answer(server.client(), { token, method: 'TOTP', code: totpCode(secret) })
    expect(typesOf(late)).toEqual(['ChallengeExpired'])
  })

  it('becomes invalid if the password changes or the user is blocked', async () => {
    const changing = await withTotp()
    later(60)
    const { token } = await challengeOf(changing.user)
    await changing.client.changePassword({
      currentPassword: goodPassword,
      newPassword: 'Third-Meadow-41',
    })
    const code = totpCode(changing.secret)
    const stale = await answer(server.client(), { token, method: 'TOTP', code })
    expect(typesOf(stale)).toEqual(['ChallengeExpired'])

    const blocked = await withTotp()
    later(60)
    const challenge = await challengeOf(blocked.user)
    await server.database.write(async unit => {
      const { UserEntity: users } = await import('../users/user.entity.js')
      await unit.rows(users).update({ id: blocked.user.id }, { status: 'BLOCKED' })
    })
    const result = await answer(server.client(), {
      token: challenge.token,
      method: 'TOTP',
      code: totpCode(blocked.secret),
    })
    expect(typesOf(result)).toEqual(['ChallengeExpired'])
  })

  it('becomes invalid if the last second factor is removed', async () => {
    const { user, client, factor, secret } = await withTotp()
    const { token } = await challengeOf(user)
    await mutate(client, 'removeSecondFactor', errors, { id: factor.id })
    later(60)
    const result = await answer(server.client(), { token, method: 'TOTP', code: totpCode(secret) })
    expect(typesOf(result)).toEqual(['ChallengeExpired'])
  })

  it('does not exist for invented tokens', async () => {
    for (const token of ['', 'x', 'A'.repeat(43), '\u{1F511}'.repeat(100)]) {
      const result = await answer(server.client(), { token, method: 'TOTP', code: '123456' })
      expect(typesOf(result)).toEqual(['ChallengeExpired'])
    }
  })
})

describe('guessing codes', () => {
  it('is throttled for the user across all challenges, also after a correct password', async () => {
    const strict = await TestServer.start({ THROTTLE_PER_LOGIN: '3' })
    try {
      const user = await strict.addUser()
      const owner = await strict.signedIn(user)
      const { secret } = await enrolTotp(owner)
      const guess = async (code: string, client = strict.client()) => {
        const { challenge } = await beginLogIn(client, user.login)
        return answer(client, { token: challenge.token, method: 'TOTP', code })
      }
      for (let attempt = 0; attempt < 3; attempt += 1) {
        expect(typesOf(await guess('000000'))).toEqual(['SecondFactorIncorrect'])
      }
      const waiting = await guess(totpCode(secret))
      expect(waiting.errors).toMatchObject([
        { __typename: 'TooManyAttempts', path: ['code'], retryAfterSeconds: 5 },
      ])
      // A browser that the user has signed in with before does not have to wait.
      const known = await guess(totpCode(secret), owner.clone())
      expect(known.errors).toEqual([])
      expect(typesOf(await guess('000000'))).toEqual(['TooManyAttempts'])

      later(6)
      expect(typesOf(await guess('000000'))).toEqual(['SecondFactorIncorrect'])
      expect((await guess('000000')).errors[0].retryAfterSeconds).toBe(10)
    } finally {
      await strict.stop()
    }
  })

  it('is not faster with many challenges at once', async () => {
    const strict = await TestServer.start({ THROTTLE_PER_LOGIN: '3' })
    try {
      const user = await strict.addUser()
      await enrolTotp(await strict.signedIn(user))
      const challenges = []
      for (let count = 0; count < 12; count += 1) {
        challenges.push((await beginLogIn(strict.client(), user.login)).challenge)
      }
      const results = await Promise.all(
        challenges.map(({ token }) =>
          answer(strict.client(), { token, method: 'TOTP', code: '000000' }),
        ),
      )
      const judged = results.filter(result => typesOf(result)[0] === 'SecondFactorIncorrect')
      expect(judged).toHaveLength(3)
    } finally {
      await strict.stop()
    }
  })

  it('ends a challenge after ten wrong answers', async () => {
    const { user, secret } = await withTotp()
    later(60)
    const { token } = await challengeOf(user)
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const wrong = await answer(server.client(), { token, method: 'TOTP', code: '000000' })
      expect(typesOf(wrong)).toEqual(['SecondFactorIncorrect'])
    }
    const right = await answer(server.client(), { token, method: 'TOTP', code: totpCode(secret) })
    expect(typesOf(right)).toEqual(['ChallengeExpired'])
    expect(await refusalsOf(user)).toEqual(Array(10).fill('SECOND_FACTOR_INCORRECT'))
  })

  it('fails with malformed codes', async () => {
    const { user } = await withTotp()
    const { token } = await challengeOf(user)
    for (const code of ['', '12345', '1234567', '-12345', '1e5000', 'null', null, '１'.repeat(7)]) {
      const result = await answer(server.client(), { token, method: 'TOTP', code })
      expect(typesOf(result)).toEqual(['SecondFactorIncorrect'])
    }
    const longest = await answer(server.client(), {
      token,
      method: 'RECOVERY_CODE',
      code: 'A'.repeat(64),
    })
    expect(typesOf(longest)).toEqual(['SecondFactorIncorrect'])
  })
})

describe('a passkey assertion', () => {
  const tryOut = async (forgery: Forgery, made = withPasskey()) => {
    const { user, authenticator } = await made
    const challenge = await challengeOf(user)
    const passkeyResponse = authenticator.get(challenge.passkeyOptions, forgery)
    const input = { token: challenge.token, method: 'PASSKEY', passkeyResponse }
    return typesOf(await answer(server.client(), input))
  }

  it('works as a second factor, with or without user verification', async () => {
    expect(await tryOut({})).toEqual([])
    expect(await tryOut({ userVerified: false })).toEqual([])
  })

  it.each([
    ['made on another origin', { origin: 'https://rekey.example.attacker.example' }],
    ['made for another relying party', { rpId: 'attacker.example' }],
    ['of another challenge', { challenge: 'QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB' }],
    ['that is a registration', { type: 'webauthn.create' }],
    ['without anyone present', { userPresent: false, userVerified: false }],
    ['under the name of another credential', { id: 'QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB' }],
  ] as const)('%s is rejected', async (_, forgery) => {
    expect(await tryOut(forgery)).toEqual(['SecondFactorIncorrect'])
  })

  it('is rejected if its counter did not increase, as from a copied authenticator', async () => {
    const { user, authenticator } = await withPasskey()
    const copied = authenticator.signCount
    expect(
      await tryOut({ signCount: copied + 5 }, Promise.resolve({ user, authenticator } as never)),
    ).toEqual([])
    for (const signCount of [copied + 5, copied + 1, 0]) {
      const made = Promise.resolve({ user, authenticator } as never)
      expect(await tryOut({ signCount }, made)).toEqual(['SecondFactorIncorrect'])
    }
  })

  it('cannot be used again, in the same or another challenge', async () => {
    for (const counts of [true, false]) {
      const { user, authenticator } = await withPasskey(counts)
      const first = await challengeOf(user)
      const passkeyResponse = authenticator.get(first.passkeyOptions)
      const input = { method: 'PASSKEY', passkeyResponse }
      expect((await answer(server.client(), { ...input, token: first.token })).errors).toEqual([])
      const again = await answer(server.client(), { ...input, token: first.token })
      expect(typesOf(again)).toEqual(['ChallengeExpired'])
      const second = await challengeOf(user)
      const replayed = await answer(server.client(), { ...input, token: second.token })
      expect(typesOf(replayed)).toEqual(['SecondFactorIncorrect'])
    }
  })

  it('is rejected if it is by the passkey of another user', async () => {
    const maya = await withPasskey()
    const boris = await withPasskey()
    const challenge = await challengeOf(maya.user)
    const passkeyResponse = boris.authenticator.get(challenge.passkeyOptions)
    const input = { token: challenge.token, method: 'PASSKEY', passkeyResponse }
    expect(typesOf(await answer(server.client(), input))).toEqual(['SecondFactorIncorrect'])
  })

  it('is rejected if it is malformed', async () => {
    const { user, authenticator } = await withPasskey()
    const challenge = await challengeOf(user)
    const good = authenticator.get(challenge.passkeyOptions)
    const wrong: unknown[] = [
      null,
      [],
      'x',
      7,
      {},
      { ...good, id: { $ne: null } },
      { ...good, response: { ...good.response, signature: '' } },
      { ...good, response: { ...good.response, signature: 'AAAA' } },
      { ...good, response: { ...good.response, authenticatorData: 'AAAA' } },
      { ...good, response: { ...good.response, clientDataJSON: 'AAAA' } },
      { ...good, response: { ...good.response, clientDataJSON: 'bnVsbA' } },
      { ...good, response: undefined },
      { ...good, type: 'password' },
    ]
    for (const passkeyResponse of wrong.slice(0, 9)) {
      const input = { token: challenge.token, method: 'PASSKEY', passkeyResponse }
      expect(typesOf(await answer(server.client(), input))).toEqual(['SecondFactorIncorrect'])
    }
    const other = await challengeOf(user)
    for (const passkeyResponse of wrong.slice(9)) {
      const input = { token: other.token, method: 'PASSKEY', passkeyResponse }
      expect(typesOf(await answer(server.client(), input))).toEqual(['SecondFactorIncorrect'])
    }
  })
})

describe('a sign-in with only a passkey', () => {
  it('signs in the owner of the passkey', async () => {
    const { user, authenticator } = await withPasskey()
    const client = server.client()
    const begun = await beginPasskeySignIn(client)
    expect(begun.options).toMatchObject({ userVerification: 'required' })
    expect(begun.options.allowCredentials).toBeUndefined()
    const response = authenticator.get(begun.options)
    const result = await logInWithPasskey(client, { token: begun.token, response })
    expect(result).toMatchObject({ user: { id: user.id }, errors: [] })
    expect(await client.whoAmI()).toBe(user.login)
  })

  it.each([
    ['without user verification', { userVerified: false }],
    ['made on another origin', { origin: 'https://attacker.example' }],
    ['made for another relying party', { rpId: 'attacker.example' }],
    ['with the user handle of another user', { userHandle: 'c29tZW9uZSBlbHNl' }],
    ['without a user handle', { userHandle: null }],
    ['of an unknown credential', { id: 'QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB' }],
  ] as const)('is rejected with an assertion %s', async (_, forgery) => {
    const { authenticator } = await withPasskey()
    const { token, options } = await beginPasskeySignIn(server.client())
    const response = authenticator.get(options, forgery)
    const result = await logInWithPasskey(server.client(), { token, response })
    expect(result).toMatchObject({ user: null, errors: [{ __typename: 'SecondFactorIncorrect' }] })
  })

  it('works once, also for simultaneous requests and authenticators without a counter', async () => {
    const { authenticator } = await withPasskey(false)
    const { token, options } = await beginPasskeySignIn(server.client())
    const input = { token, response: authenticator.get(options) }
    const results = await Promise.all([1, 2, 3].map(() => logInWithPasskey(server.client(), input)))
    expect(results.filter(result => result.errors.length === 0)).toHaveLength(1)
    const late = await logInWithPasskey(server.client(), input)
    expect(typesOf(late)).toEqual(['ChallengeExpired'])
  })

  it('rejects forged and expired tokens', async () => {
    const { authenticator } = await withPasskey()
    const { token, options } = await beginPasskeySignIn(server.client())
    const response = authenticator.get(options)
    const [challenge = '', expires = '', signature = ''] = token.split('.')
    const forged = [
      `${challenge}.${Number(expires) + 60_000}.${signature}`,
      `${Buffer.alloc(32).toString('base64url')}.${expires}.${signature}`,
      `${challenge}.${expires}.${'A'.repeat(signature.length)}`,
      `${challenge}.${expires}`,
      `${token}.x`,
      '',
    ]
    for (const text of forged) {
      const result = await logInWithPasskey(server.client(), { token: text, response })
      expect(typesOf(result)).toEqual(['ChallengeExpired'])
    }
    later(10 * 60)
    const late = await logInWithPasskey(server.client(), { token, response })
    expect(typesOf(late)).toEqual(['ChallengeExpired'])
  })

  it('stores nothing before it is answered', async () => {
    const count = () => server.database.read(unit => unit.rows(SignInChallengeEntity).count())
    const before = await count()
    await beginPasskeySignIn(server.client())
    expect(await count()).toBe(before)
  })

  it('is rejected if passkeys are turned off', async () => {
    const { authenticator } = await withPasskey()
    for (const changed of [
      { secondFactorMethods: ['TOTP'] },
      { secondFactor: 'OFF', secondFactorMethods: ['PASSKEY'] },
    ] as const) {
      await server.setSecurity(changed)
      const { token, options } = await beginPasskeySignIn(server.client())
      const response = authenticator.get(options)
      const result = await logInWithPasskey(server.client(), { token, response })
      expect(typesOf(result)).toEqual(['SecondFactorIncorrect'])
    }
  })

  it('reveals that a user is blocked only to the owner of the passkey', async () => {
    const { user, authenticator } = await withPasskey()
    await server.database.write(async unit => {
      const { UserEntity: users } = await import('../users/user.entity.js')
      await unit.rows(users).update({ id: user.id }, { status: 'BLOCKED' })
    })
    const first = await beginPasskeySignIn(server.client())
    const forged = authenticator.get(first.options, { rpId: 'attacker.example' })
    const refused = await logInWithPasskey(server.client(), {
      token: first.token,
      response: forged,
    })
    expect(typesOf(refused)).toEqual(['SecondFactorIncorrect'])
    const response = authenticator.get(first.options)
    const genuine = await logInWithPasskey(server.client(), { token: first.token, response })
    expect(typesOf(genuine)).toEqual(['AccountBlocked'])
  })
})

describe('an enrolment', () => {
  it('cannot be completed by another user with its token', async () => {
    const maya = await server.addUser()
    const boris = await server.addUser()
    const mayas = await server.signedIn(maya)
    const boriss = await server.signedIn(boris)
    const begun = await mutate(mayas, 'beginTotpEnrolment', 'secret token')
    const input = { token: begun.token, code: totpCode(begun.secret), name: 'App' }
    const stolen = await mutate(boriss, 'confirmTotpEnrolment', errors, input)
    expect(typesOf(stolen)).toEqual(['EnrolmentExpired'])
    const nobody = await server
      .client()
      .query(
        'mutation ($input: ConfirmTotpEnrolmentInput!) { confirmTotpEnrolment(input: $input) { factor { id } } }',
        { input },
      )
    expect(codesOf(nobody)).toEqual(['UNAUTHENTICATED'])
    const own = await mutate(mayas, 'confirmTotpEnrolment', errors, input)
    expect(own.errors).toEqual([])
    const again = await mutate(mayas, 'confirmTotpEnrolment', errors, input)
    expect(typesOf(again)).toEqual(['EnrolmentExpired'])
  })

  it('cannot be completed with another method', async () => {
    const client = await server.signedIn(await server.addUser())
    const begun = await mutate(client, 'beginPasskeyEnrolment', 'token')
    const input = { token: begun.token, code: '000000', name: 'App' }
    const result = await mutate(client, 'confirmTotpEnrolment', errors, input)
    expect(typesOf(result)).toEqual(['EnrolmentExpired'])
  })

  it('expires after ten minutes or ten wrong answers', async () => {
    const client = await server.signedIn(await server.addUser())
    const first = await mutate(client, 'beginTotpEnrolment', 'secret token')
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const wrong = { token: first.token, code: '000000', name: 'App' }
      await mutate(client, 'confirmTotpEnrolment', errors, wrong)
    }
    const right = { token: first.token, code: totpCode(first.secret), name: 'App' }
    const ended = await mutate(client, 'confirmTotpEnrolment', errors, right)
    expect(typesOf(ended)).toEqual(['EnrolmentExpired'])
    const second = await mutate(client, 'beginTotpEnrolment', 'secret token')
    later(10 * 60)
    const late = { token: second.token, code: totpCode(second.secret), name: 'App' }
    const expired = await mutate(client, 'confirmTotpEnrolment', errors, late)
    expect(typesOf(expired)).toEqual(['EnrolmentExpired'])
  })

  it.each([
    ['on another origin', { origin: 'https://attacker.example' }],
    ['for another relying party', { rpId: 'attacker.example' }],
    ['for another challenge', { challenge: 'QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB' }],
    ['without anyone present', { userPresent: false }],
    ['as an assertion', { type: 'webauthn.get' }],
  ] as const)('is rejected for a passkey made %s', async (_, forgery) => {
    const client = await server.signedIn(await server.addUser())
    const begun = await mutate(client, 'beginPasskeyEnrolment', 'options token')
    const authenticator = new SoftwareAuthenticator(server.config.publicUrl.origin)
    const response = authenticator.create(begun.options, forgery)
    const input = { token: begun.token, response, name: 'Key' }
    const result = await mutate(client, 'confirmPasskeyEnrolment', errors, input)
    expect(typesOf(result)).toEqual(['SecondFactorIncorrect'])
  })

  it('fetches no URLs from the certificates of a passkey', async () => {
    const fetched = jest.spyOn(globalThis, 'fetch')
    const client = await server.signedIn(await server.addUser())
    for (const format of ['packed', 'fido-u2f', 'tpm', 'android-key', 'apple', 'unknown']) {
      const begun = await mutate(client, 'beginPasskeyEnrolment', 'options token')
      const authenticator = new SoftwareAuthenticator(server.config.publicUrl.origin)
      const statement = { format, certificates: [new Uint8Array(64)] }
      const response = authenticator.create(begun.options, { statement })
      const input = { token: begun.token, response, name: 'Key' }
      const result = await mutate(client, 'confirmPasskeyEnrolment', errors, input)
      expect(typesOf(result)).toEqual(['SecondFactorIncorrect'])
    }
    const others = fetched.mock.calls.filter(([address]) => !String(address).startsWith(server.url))
    expect(others).toEqual([])
    fetched.mockRestore()
  })

  it('is rejected for a passkey that is already enrolled, also for its owner', async () => {
    const { authenticator, client } = await withPasskey()
    const other = await server.signedIn(await server.addUser())
    for (const again of [client, other]) {
      const result = await enrolPasskey(again, authenticator)
      expect(typesOf(result)).toEqual(['SecondFactorIncorrect'])
    }
  })
})

describe('a recent proof of identity', () => {
  it.each([
    'beginTotpEnrolment',
    'beginPasskeyEnrolment',
    'beginSmsEnrolment',
    'removeSecondFactor',
    'regenerateRecoveryCodes',
    'resetSecondFactor',
  ] as const)('is required by %s', mutation => {
    expect(requirementsOf(createSchemaToRead()).get(mutation)?.recentProof).toBe(true)
  })
})

describe('a recovery code', () => {
  it('works once, in any spelling, and its owner is notified', async () => {
    const { user, recoveryCodes } = await withTotp()
    expect(recoveryCodes).toHaveLength(10)
    expect(new Set(recoveryCodes).size).toBe(10)
    const [code = ''] = recoveryCodes
    const first = await challengeOf(user)
    expect(first.methods).toEqual(['TOTP', 'RECOVERY_CODE'])
    const typed = ` ${code.toLowerCase().replaceAll('-', ' ')} `
    const input = { method: 'RECOVERY_CODE', code: typed }
    expect((await answer(server.client(), { ...input, token: first.token })).errors).toEqual([])
    const second = await challengeOf(user)
    const again = await answer(server.client(), { ...input, token: second.token })
    expect(typesOf(again)).toEqual(['SecondFactorIncorrect'])
    const mails = await server.mailsTo(user.login)
    const mail = mails.find(({ subject }) => subject === 'A recovery code was used')
    expect(mail?.text).toContain('9 codes are left')
    expect(mail?.text).not.toContain(code)
  })

  it('still works if an earlier version created it, with 60 bits', async () => {
    const { user } = await withTotp()
    const codeHash = await server.services.secrets.sign('7K2MQ9XD04TB', recoveryCodeOf(user.id))
    await server.database.write(async unit => {
      await unit
        .rows(RecoveryCodeEntity)
        .insert({ id: uuidv7(), userId: user.id, codeHash, usedAt: null })
    })
    const input = { method: 'RECOVERY_CODE', code: '7k2m-q9xd-o4tb' }
    const { token } = await challengeOf(user)
    expect((await answer(server.client(), { ...input, token })).errors).toEqual([])
    const again = await challengeOf(user)
    const second = await answer(server.client(), { ...input, token: again.token })
    expect(typesOf(second)).toEqual(['SecondFactorIncorrect'])
  })

  it('does not work without its second half', async () => {
    const { user, recoveryCodes } = await withTotp()
    const { token } = await challengeOf(user)
    const half = recoveryCodes[0]?.slice(0, 14)
    const result = await answer(server.client(), { token, method: 'RECOVERY_CODE', code: half })
    expect(typesOf(result)).toEqual(['SecondFactorIncorrect'])
  })

  it('works once if it is sent for several challenges at the same moment', async () => {
    const { user, recoveryCodes } = await withTotp()
    const challenges = await Promise.all([challengeOf(user), challengeOf(user), challengeOf(user)])
    const results = await Promise.all(
      challenges.map(({ token }) =>
        answer(server.client(), { token, method: 'RECOVERY_CODE', code: recoveryCodes[0] }),
      ),
    )
    expect(results.filter(result => result.errors.length === 0)).toHaveLength(1)
  })

  it('does not work for another user', async () => {
    const maya = await withTotp()
    const boris = await withTotp()
    const { token } = await challengeOf(maya.user)
    const input = { token, method: 'RECOVERY_CODE', code: boris.recoveryCodes[0] }
    expect(typesOf(await answer(server.client(), input))).toEqual(['SecondFactorIncorrect'])
  })

  it('stops working when new codes are made', async () => {
    const { user, client, recoveryCodes } = await withTotp()
    const { codes } = await mutate(client, 'regenerateRecoveryCodes', 'codes')
    expect(codes).toHaveLength(10)
    const { token } = await challengeOf(user)
    const old = await answer(server.client(), {
      token,
      method: 'RECOVERY_CODE',
      code: recoveryCodes[0],
    })
    expect(typesOf(old)).toEqual(['SecondFactorIncorrect'])
    const fresh = await answer(server.client(), { token, method: 'RECOVERY_CODE', code: codes[0] })
    expect(fresh.errors).toEqual([])
  })

  it('is not issued to a user without a second factor', async () => {
    const client = await server.signedIn(await server.addUser())
    const payload = await mutate(client, 'regenerateRecoveryCodes', `codes ${errors}`)
    expect(payload).toMatchObject({ codes: null, errors: [{ __typename: 'SecondFactorNotFound' }] })
  })
})

describe('weakening a second factor', () => {
  it('the last factor that counts cannot be removed if one is required, also not by two requests at once', async () => {
    const { client, factor } = await withTotp()
    const authenticator = new SoftwareAuthenticator(server.config.publicUrl.origin)
    const passkey = (await enrolPasskey(client, authenticator)).factor
    await server.setSecurity({ secondFactor: 'REQUIRED' })
    const removals = await Promise.all(
      [factor, passkey].map(({ id }) => mutate(client, 'removeSecondFactor', errors, { id })),
    )
    expect(removals.map(typesOf).sort()).toEqual([[], ['SecondFactorRequired']])
  })

  it('a factor that no longer counts can be removed', async () => {
    const { client, factor } = await withTotp()
    const authenticator = new SoftwareAuthenticator(server.config.publicUrl.origin)
    const passkey = (await enrolPasskey(client, authenticator)).factor
    await server.setSecurity({ secondFactor: 'REQUIRED', secondFactorMethods: ['PASSKEY'] })
    const kept = await mutate(client, 'removeSecondFactor', errors, { id: passkey.id })
    expect(typesOf(kept)).toEqual(['SecondFactorRequired'])
    const removed = await mutate(client, 'removeSecondFactor', errors, { id: factor.id })
    expect(removed.errors).toEqual([])
  })

  it('a method that was turned off still works if the user has no other', async () => {
    const { user, secret } = await withTotp()
    await server.setSecurity({ secondFactorMethods: ['PASSKEY'] })
    later(60)
    const challenge = await challengeOf(user)
    expect(challenge.methods).toEqual(['TOTP', 'RECOVERY_CODE'])
    const input = { token: challenge.token, method: 'TOTP', code: totpCode(secret) }
    expect((await answer(server.client(), input)).errors).toEqual([])
  })

  it('a method that was turned off is rejected if the user has another', async () => {
    const { user, client, secret } = await withTotp()
    await enrolPasskey(client, new SoftwareAuthenticator(server.config.publicUrl.origin))
    await server.setSecurity({ secondFactorMethods: ['PASSKEY'] })
    later(60)
    const challenge = await challengeOf(user)
    expect(challenge.methods).toEqual(['PASSKEY', 'RECOVERY_CODE'])
    const input = { token: challenge.token, method: 'TOTP', code: totpCode(secret) }
    expect(typesOf(await answer(server.client(), input))).toEqual(['SecondFactorIncorrect'])
  })

  it('an administrator cannot remove or rename the factors of another user', async () => {
    const { factor } = await withTotp()
    const admin = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    const removed = await mutate(admin, 'removeSecondFactor', errors, { id: factor.id })
    expect(typesOf(removed)).toEqual(['SecondFactorNotFound'])
    const renamed = await mutate(admin, 'renameSecondFactor', errors, { id: factor.id, name: 'X' })
    expect(typesOf(renamed)).toEqual(['SecondFactorNotFound'])
  })

  it('a new password does not remove the second step', async () => {
    const { user, client } = await withTotp()
    await client.changePassword({ currentPassword: goodPassword, newPassword: 'Third-Meadow-41' })
    const { challenge } = await beginLogIn(server.client(), user.login, 'Third-Meadow-41')
    expect(challenge.methods).toContain('TOTP')
  })
})

describe('secrets', () => {
  it('are never stored, logged or shown to others in plain text', async () => {
    const { user, client, secret, uri, recoveryCodes } = await withTotp()
    expect(uri).toContain(secret)
    later(60)
    const { token } = await challengeOf(user)
    const code = totpCode(secret)
    await answer(server.client(), { token, method: 'TOTP', code: '918273' })
    await answer(server.client(), { token, method: 'TOTP', code })
    const { factor } = await mutate(client, 'renameSecondFactor', 'factor { name }', {
      id: (await client.query('{ viewer { secondFactors { id } } }')).data.viewer.secondFactors[0]
        .id,
      name: 'Blue phone',
    })
    expect(factor.name).toBe('Blue phone')
    const [row] = await server.database.read(unit =>
      unit.rows(SecondFactorEntity).findBy({ userId: user.id }),
    )
    expect(row?.secret).toMatch(/^v1\./)
    const rows = await server.database.read(unit =>
      unit.rows(RecoveryCodeEntity).findBy({ userId: user.id }),
    )
    expect(rows).toHaveLength(10)
    const seenBy = async (reader: Caller) =>
      (await server.signedIn(reader)).query(
        `{ user(id: "${user.id}") { recoveryCodesLeft secondFactors { id method name } } }`,
      )
    const reader = await seenBy(await server.addUser({ grantedPermissions: ['users.read'] }))
    expect(reader.data.user.secondFactors).toMatchObject([{ method: 'TOTP', name: null }])
    const seen = await seenBy(await server.addUser({ role: 'ADMIN' }))
    expect(seen.data.user).toMatchObject({
      recoveryCodesLeft: null,
      secondFactors: [{ method: 'TOTP', name: 'Blue phone' }],
    })
    const everything = JSON.stringify([row, rows])
    const places = [server.log(), await server.storedBytes(), seen.text, everything]
    const plain = recoveryCodes.map(it => it.replaceAll('-', ''))
    for (const place of places) {
      for (const text of [secret, token, ...recoveryCodes, ...plain]) {
        expect(place.includes(text)).toBe(false)
      }
    }
    for (const place of [server.log(), everything]) {
      expect(place).not.toContain(code)
      expect(place).not.toContain('918273')
    }
  })

  it('cannot be opened in the row of another user', async () => {
    const maya = await withTotp()
    const boris = await withTotp()
    await server.database.write(async unit => {
      const [row] = await unit.rows(SecondFactorEntity).findBy({ userId: maya.user.id })
      await unit
        .rows(SecondFactorEntity)
        .update({ userId: boris.user.id }, { secret: row?.secret ?? '' })
    })
    later(60)
    const { token } = await challengeOf(boris.user)
    const given = await server
      .client()
      .query(
        `mutation ($input: AnswerChallengeInput!) { answerChallenge(input: $input) { user { id } } }`,
        { input: { token, method: 'TOTP', code: totpCode(maya.secret) } },
      )
    expect(codesOf(given)).toEqual(['INTERNAL_SERVER_ERROR'])
  })
})
