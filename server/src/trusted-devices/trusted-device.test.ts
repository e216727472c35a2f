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
import { ownClock } from '../testing/own-clock.js'
import {
  answer,
  beginLogIn,
  enrolTotp,
  mutate,
  totpCode,
  typesOf,
} from '../testing/second-factor-client.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import type { UserEntity } from '../users/user.entity.js'

const errors = 'errors { __typename ... on UserError { message path } }'
const day = 24 * 60 * 60

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start({
    SESSION_IDLE_MINUTES: '525600',
    SESSION_ABSOLUTE_MINUTES: '525600',
  })
})
afterAll(() => server.stop())
beforeEach(async () => {
  ownClock()
  await server.setSecurity({ trustedDevices: 'WEEK' })
})
afterEach(() => {
  jest.useRealTimers()
})

const later = (seconds: number) => jest.setSystemTime(Date.now() + seconds * 1000)

const signIn = async (
  user: UserEntity,
  secret: string,
  client: TestClient = server.client({ 'user-agent': 'Browser/1' }),
  trustDevice = true,
) => {
  later(60)
  const { challenge } = await beginLogIn(client, user.login)
  const input = { token: challenge.token, method: 'TOTP', code: totpCode(secret), trustDevice }
  const result = await answer(client, input)
  expect(result.errors).toEqual([])
  return { client, challenge }
}

const withTrusted = async () => {
  const user = await server.addUser()
  const owner = await server.signedIn(user)
  const { secret } = await enrolTotp(owner)
  const { client } = await signIn(user, secret)
  return { user, owner, secret, browser: client }
}

const isChallenged = async (user: UserEntity, client: TestClient, password = goodPassword) => {
  const { challenge, user: signedIn } = await beginLogIn(client.clone(), user.login, password)
  expect(challenge === null).toBe(signedIn !== null)
  return challenge !== null
}

describe('a trusted device', () => {
  it('needs no second step, for its own user and as long as the account allows', async () => {
    const { user, browser } = await withTrusted()
    expect(await isChallenged(user, browser)).toBe(false)
    const other = await server.addUser()
    await enrolTotp(await server.signedIn(other))
    expect(await isChallenged(other, browser)).toBe(true)
    later(7 * day - 60)
    expect(await isChallenged(user, browser)).toBe(false)
    later(61)
    expect(await isChallenged(user, browser)).toBe(true)
  })

  it('still needs the password', async () => {
    const { user, browser } = await withTrusted()
    const wrong = await beginLogIn(browser.clone(), user.login, 'Wrong-One-123')
    expect(typesOf(wrong)).toEqual(['InvalidCredentials'])
  })

  it('requires the second factor for sensitive actions, also right after the sign-in', async () => {
    const { user, secret, browser } = await withTrusted()
    await beginLogIn(browser, user.login)
    const refused = await browser.query('mutation { beginTotpEnrolment { token } }')
    expect(refused.errors?.[0]?.extensions.code).toBe('REAUTHENTICATION_REQUIRED')
    const half = await mutate(browser, 'reauthenticate', errors, { password: goodPassword })
    expect(typesOf(half)).toEqual(['SecondFactorIncorrect'])
    later(60)
    const proof = { password: goodPassword, code: totpCode(secret) }
    expect((await mutate(browser, 'reauthenticate', errors, proof)).errors).toEqual([])
    const begun = await browser.query('mutation { beginTotpEnrolment { token } }')
    expect(begun.errors).toBeUndefined()
  })

  it('is trusted only if the user asks for it and the account allows it', async () => {
    const user = await server.addUser()
    const { secret } = await enrolTotp(await server.signedIn(user))
    const plain = await signIn(user, secret, server.client(), false)
    expect(plain.challenge.canTrustDevice).toBe(true)
    expect(plain.client.trustedDevice).toBeUndefined()
    await server.setSecurity({ trustedDevices: 'NEVER' })
    const { client, challenge } = await signIn(user, secret)
    expect(challenge.canTrustDevice).toBe(false)
    expect(client.trustedDevice).toBeUndefined()
  })

  it('is trusted for a shorter time as soon as the account’s setting is shorter', async () => {
    const { user, browser } = await withTrusted()
    await server.setSecurity({ trustedDevices: 'DAY' })
    expect(await isChallenged(user, browser)).toBe(false)
    later(day)
    expect(await isChallenged(user, browser)).toBe(true)
    await server.setSecurity({ trustedDevices: 'WEEK' })
    expect(await isChallenged(user, browser)).toBe(false)
    await server.setSecurity({ trustedDevices: 'NEVER' })
    expect(await isChallenged(user, browser)).toBe(true)
  })

  it('is no longer trusted if the password changes, no matter who changes it', async () => {
    const changes = [
      async ({ owner }: Awaited<ReturnType<typeof withTrusted>>) =>
        owner.changePassword({ currentPassword: goodPassword, newPassword: 'Third-Meadow-41' }),
      async ({ user }: Awaited<ReturnType<typeof withTrusted>>) => {
        const admin = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
        return admin.changePassword({
          userId: user.id,
          currentPassword: goodPassword,
          newPassword: 'Third-Meadow-41',
          requireChangeAtNextSignIn: false,
        })
      },
    ]
    for (const change of changes) {
      const made = await withTrusted()
      later(1)
      expect((await change(made)).data.changePassword.errors).toEqual([])
      expect(await isChallenged(made.user, made.browser, 'Third-Meadow-41')).toBe(true)
      later(60)
      const client = server.client()
      const { challenge } = await beginLogIn(client, made.user.login, 'Third-Meadow-41')
      await answer(client, { token: challenge.token, method: 'TOTP', code: totpCode(made.secret) })
      const { data } = await client.query('{ trustedDevices { totalCount nodes { id } } }')
      expect(data.trustedDevices).toEqual({ totalCount: 0, nodes: [] })
    }
  })

  it('has a cookie that scripts cannot read, and its token is stored only as a hash', async () => {
    const user = await server.addUser()
    const { secret } = await enrolTotp(await server.signedIn(user))
    later(60)
    const client = server.client()
    const { challenge } = await beginLogIn(client, user.login)
    const given = await client.query(
      'mutation ($input: AnswerChallengeInput!) { answerChallenge(input: $input) { user { id } } }',
      {
        input: {
          token: challenge.token,
          method: 'TOTP',
          code: totpCode(secret),
          trustDevice: true,
        },
      },
    )
    const cookie = given.headers.getSetCookie().find(it => it.startsWith('rekey_trusted_device='))
    expect(cookie).toMatch(
      /^rekey_trusted_device=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/,
    )
    expect(await server.storedBytes()).not.toContain(client.trustedDevice)
    expect(
      await server.client({ cookie: `rekey_session=${client.trustedDevice}` }).whoAmI(),
    ).toBeNull()
  })
})

describe('the list of trusted devices', () => {
  it('shows only the caller’s own devices, newest first, paged, and marks the current one', async () => {
    const { user, secret, owner } = await withTrusted()
    const second = await signIn(user, secret, server.client({ 'user-agent': 'Browser/2' }))
    const query =
      'query ($after: String) { trustedDevices(first: 1, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { userAgent ip current } } }'
    const first = (await second.client.query(query)).data.trustedDevices
    expect(first).toMatchObject({
      totalCount: 2,
      pageInfo: { hasNextPage: true },
      nodes: [{ userAgent: 'Browser/2', ip: '127.0.0.1', current: true }],
    })
    const rest = await second.client.query(query, { after: first.pageInfo.endCursor })
    expect(rest.data.trustedDevices).toMatchObject({
      pageInfo: { hasNextPage: false },
      nodes: [{ userAgent: 'Browser/1', current: false }],
    })
    expect((await owner.query(query)).data.trustedDevices.nodes[0].current).toBe(false)
    const stranger = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    expect((await stranger.query(query)).data.trustedDevices.totalCount).toBe(0)
  })

  it('allows only its user to revoke one or all devices', async () => {
    const { user, secret, browser, owner } = await withTrusted()
    const second = (await signIn(user, secret)).client
    const third = (await signIn(user, secret)).client
    const { data } = await browser.query('{ trustedDevices { nodes { id current } } }')
    const { id } = data.trustedDevices.nodes.find((node: { current: boolean }) => node.current)
    const stranger = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    const refused = await mutate(stranger, 'revokeTrustedDevice', `revokedId ${errors}`, { id })
    expect(typesOf(refused)).toEqual(['TrustedDeviceNotFound'])
    expect(await isChallenged(user, browser)).toBe(false)
    const revoked = await mutate(owner, 'revokeTrustedDevice', `revokedId ${errors}`, { id })
    expect(revoked).toEqual({ revokedId: id, errors: [] })
    expect(await isChallenged(user, browser)).toBe(true)
    expect(await isChallenged(user, second)).toBe(false)
    expect(await mutate(owner, 'revokeAllTrustedDevices', 'count')).toEqual({ count: 2 })
    expect(await isChallenged(user, second)).toBe(true)
    expect(await isChallenged(user, third)).toBe(true)
  })

  it('keeps only the newest twenty devices', async () => {
    const { user, secret, owner, browser } = await withTrusted()
    for (let count = 0; count < 20; count += 1) await signIn(user, secret)
    const { data } = await owner.query('{ trustedDevices { totalCount } }')
    expect(data.trustedDevices.totalCount).toBe(20)
    expect(await isChallenged(user, browser)).toBe(true)
  })
})
