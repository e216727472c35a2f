import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { SessionEntity } from '../sessions/session.entity.js'
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
import { SoftwareAuthenticator } from '../testing/software-authenticator.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import type { UserEntity } from '../users/user.entity.js'

const errors = 'errors { __typename ... on UserError { message path } }'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(() => server.stop())

/** Makes the last proof of a user too old. */
const outdate = (user: UserEntity) =>
  server.database.write(async unit => {
    await unit.rows(SessionEntity).update({ userId: user.id }, { provedAt: new Date(0) })
  })

const reauthenticate = (client: TestClient, proof: Record<string, unknown>) =>
  mutate(client, 'reauthenticate', errors, { password: goodPassword, ...proof })

const passkeyOptions = async (client: TestClient) => {
  const { challenge } = await mutate(
    client,
    'beginReauthentication',
    'challenge { token methods passkeyOptions canTrustDevice }',
  )
  return challenge
}

describe('changing second factors', () => {
  it('requires a recent proof, to weaken as well as to add them', async () => {
    const user = await server.addUser({ role: 'ADMIN' })
    const client = await server.signedIn(user)
    const { factor } = await enrolTotp(client)
    await outdate(user)
    for (const query of [
      'mutation { beginTotpEnrolment { token } }',
      'mutation { beginPasskeyEnrolment { token } }',
      'mutation { beginSmsEnrolment { token } }',
      'mutation { regenerateRecoveryCodes { codes } }',
      `mutation { removeSecondFactor(input: { id: "${factor.id}" }) { removedId } }`,
      `mutation { resetSecondFactor(input: { userId: "${user.id}" }) { user { id } } }`,
    ]) {
      expect([query, codesOf(await client.query(query))]).toEqual([
        query,
        ['REAUTHENTICATION_REQUIRED'],
      ])
    }
  })
})

describe('a user with a second factor', () => {
  it('confirms their identity with the password and a code, which works once', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    const { secret, recoveryCodes } = await enrolTotp(client)
    await outdate(user)
    const code = totpCode(secret)
    expect(typesOf(await reauthenticate(client, {}))).toEqual(['SecondFactorIncorrect'])
    expect(typesOf(await reauthenticate(client, { code: '000000' }))).toEqual([
      'SecondFactorIncorrect',
    ])
    expect(typesOf(await reauthenticate(client, { code, password: 'Wrong-One-123' }))).toEqual([
      'CurrentPasswordIncorrect',
    ])
    expect((await reauthenticate(client, { code })).errors).toEqual([])
    const fresh = await client.query('mutation { beginTotpEnrolment { token } }')
    expect(fresh.errors).toBeUndefined()
    expect(typesOf(await reauthenticate(client, { code }))).toEqual(['SecondFactorIncorrect'])
    const [recovery] = recoveryCodes
    expect((await reauthenticate(client, { code: recovery })).errors).toEqual([])
    expect(typesOf(await reauthenticate(client, { code: recovery }))).toEqual([
      'SecondFactorIncorrect',
    ])
  })

  it('confirms their identity with the password and a passkey, for a challenge that works only here', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    const authenticator = new SoftwareAuthenticator(server.config.publicUrl.origin)
    await enrolPasskey(client, authenticator)
    const challenge = await passkeyOptions(client)
    expect(challenge).toMatchObject({
      methods: ['PASSKEY', 'RECOVERY_CODE'],
      canTrustDevice: false,
    })
    const passkeyResponse = authenticator.get(challenge.passkeyOptions)
    const input = { token: challenge.token, method: 'PASSKEY', passkeyResponse }
    expect(typesOf(await answer(server.client(), input))).toEqual(['ChallengeExpired'])
    expect((await reauthenticate(client, { passkeyResponse })).errors).toEqual([])
    const replayed = await reauthenticate(client, { passkeyResponse })
    expect(replayed.errors).toMatchObject([
      { __typename: 'SecondFactorIncorrect', path: ['passkeyResponse'] },
    ])
    // An assertion that was signed for a sign-in is invalid here.
    const signIn = (await beginLogIn(server.client(), user.login)).challenge
    await passkeyOptions(client)
    const other = authenticator.get(signIn.passkeyOptions)
    expect(typesOf(await reauthenticate(client, { passkeyResponse: other }))).toEqual([
      'SecondFactorIncorrect',
    ])
  })

  it('needs the second factor: changing their password is no proof, and does not let them set the password of another user', async () => {
    const user = await server.addUser({ role: 'ADMIN' })
    const other = await server.addUser()
    const client = await server.signedIn(user)
    const { secret } = await enrolTotp(client)
    await outdate(user)
    const newPassword = 'Brisk-Meadow-41'
    const ofOther = { currentPassword: goodPassword, newPassword, userId: other.id }
    expect(codesOf(await client.changePassword(ofOther))).toEqual(['REAUTHENTICATION_REQUIRED'])
    const own = await client.changePassword({ currentPassword: goodPassword, newPassword })
    expect(own.data.changePassword.errors).toEqual([])
    expect(codesOf(await client.query('mutation { regenerateRecoveryCodes { codes } }'))).toEqual([
      'REAUTHENTICATION_REQUIRED',
    ])
    const proof = { password: newPassword, code: totpCode(secret) }
    expect((await reauthenticate(client, proof)).errors).toEqual([])
    const changed = await client.changePassword({ ...ofOther, currentPassword: newPassword })
    expect(changed.data.changePassword.errors).toEqual([])
    const codes = await client.query('mutation { regenerateRecoveryCodes { codes } }')
    expect(codes.data.regenerateRecoveryCodes.codes).toHaveLength(10)
  })

  it('is throttled for wrong codes, even if correct passwords come between', async () => {
    const strict = await TestServer.start({ THROTTLE_PER_LOGIN: '4' })
    try {
      const user = await strict.addUser()
      const client = await strict.signedIn(user)
      const { secret } = await enrolTotp(client)
      const kinds: string[] = []
      for (const code of ['000001', '000002', '000003', '000004', '000005', totpCode(secret)]) {
        kinds.push(...typesOf(await reauthenticate(client, { code })))
        // A correct password here resets the count of wrong passwords.
        await client.changePassword({ currentPassword: goodPassword, newPassword: 'short' })
      }
      expect(kinds.slice(0, 4)).toEqual(Array(4).fill('SecondFactorIncorrect'))
      expect(kinds.slice(4)).toEqual(['TooManyAttempts', 'TooManyAttempts'])
    } finally {
      await strict.stop()
    }
  })
})

describe('a user without a second factor', () => {
  it('confirms their identity with only the password', async () => {
    const client = await server.signedIn(await server.addUser())
    expect(await passkeyOptions(client)).toBeNull()
    expect((await reauthenticate(client, {})).errors).toEqual([])
  })

  it('confirms their identity even if they must enrol one first', async () => {
    const user = await server.addUser()
    await server.setSecurity({ secondFactor: 'REQUIRED' })
    try {
      const client = await server.signedIn(user)
      await outdate(user)
      expect(codesOf(await client.query('mutation { beginTotpEnrolment { token } }'))).toEqual([
        'REAUTHENTICATION_REQUIRED',
      ])
      const settings = await client.query('{ securitySettings { secondFactorMethods } }')
      expect(settings.data.securitySettings.secondFactorMethods).toEqual(['TOTP', 'PASSKEY'])
      expect((await reauthenticate(client, {})).errors).toEqual([])
      expect((await enrolTotp(client)).recoveryCodes).toHaveLength(10)
    } finally {
      await server.setSecurity({ secondFactor: 'OPTIONAL' })
    }
  })
})

describe('a caller at an address that is not allowed', () => {
  it('cannot sign in with a second step or a passkey', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    const { secret } = await enrolTotp(client)
    const authenticator = new SoftwareAuthenticator(server.config.publicUrl.origin)
    await enrolPasskey(client, authenticator)
    const { challenge } = await beginLogIn(server.client(), user.login)
    const begun = await beginPasskeySignIn(server.client())
    await server.setSecurity({ ipAuthorization: true })
    try {
      const browser = server.client()
      const code = totpCode(secret)
      const step = await answer(browser, { token: challenge.token, method: 'TOTP', code })
      expect(typesOf(step)).toEqual(['AddressNotAllowed'])
      const response = authenticator.get(begun.options)
      const withoutPassword = await logInWithPasskey(browser, { token: begun.token, response })
      expect(typesOf(withoutPassword)).toEqual(['AddressNotAllowed'])
      expect(browser.session).toBeUndefined()
    } finally {
      await server.setSecurity({ ipAuthorization: false })
    }
  })
})
