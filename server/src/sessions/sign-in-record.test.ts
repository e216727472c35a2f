import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { OperationEntity } from '../operations/operation.entity.js'
import {
  answer,
  beginLogIn,
  beginPasskeySignIn,
  enrolPasskey,
  enrolTotp,
  logInWithPasskey,
  mutate,
  totpCode,
} from '../testing/second-factor-client.js'
import { SoftwareAuthenticator } from '../testing/software-authenticator.js'
import { TestServer } from '../testing/test-server.js'
import type { UserEntity } from '../users/user.entity.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start({ TRUST_PROXY: '1' })
  await server.setSecurity({ secondFactor: 'OPTIONAL', secondFactorMethods: ['TOTP', 'PASSKEY'] })
})
afterAll(() => server.stop())

const at = (ip: string) => server.client({ 'x-forwarded-for': ip })

const operationsOf = async (user: UserEntity, action: OperationEntity['action']) =>
  server.database.read(unit =>
    unit
      .rows(OperationEntity)
      .find({ where: { action, subjectId: user.id }, order: { id: 'ASC' } }),
  )

const withTotp = async () => {
  const user = await server.addUser()
  const client = at('203.0.113.7')
  await client.logIn(user.login)
  return { user, client, ...(await enrolTotp(client)) }
}

describe('a right password that stops at the second step', () => {
  it('is recorded with its address, and sends a notice if the browser and network are new', async () => {
    const { user } = await withTotp()
    const mailsBefore = (await server.mailsTo(user.login)).length
    const { challenge } = await beginLogIn(at('198.51.100.9'), user.login)
    expect(challenge).not.toBeNull()
    expect(await operationsOf(user, 'CHALLENGE_LOG_IN')).toMatchObject([
      { outcome: 'DONE', actorId: user.id, ip: '198.51.100.9' },
    ])
    const mails = (await server.mailsTo(user.login)).slice(mailsBefore)
    expect(mails.map(({ subject }) => subject)).toEqual(['Someone entered your password'])
    expect(mails[0]?.text).toContain('198.51.100.9')
  })

  it('sends no mail from a known network or browser', async () => {
    const { user, client } = await withTotp()
    const mailsBefore = (await server.mailsTo(user.login)).length
    await beginLogIn(at('203.0.113.99'), user.login)
    const elsewhere = at('198.51.100.9')
    elsewhere.take(client)
    await beginLogIn(elsewhere, user.login)
    expect(await operationsOf(user, 'CHALLENGE_LOG_IN')).toHaveLength(2)
    expect((await server.mailsTo(user.login)).slice(mailsBefore)).toEqual([])
  })

  it('sends at most three mails in a row', async () => {
    const { user } = await withTotp()
    const mailsBefore = (await server.mailsTo(user.login)).length
    for (let count = 0; count < 5; count += 1) await beginLogIn(at('198.51.100.9'), user.login)
    expect((await server.mailsTo(user.login)).slice(mailsBefore)).toHaveLength(3)
    expect(await operationsOf(user, 'CHALLENGE_LOG_IN')).toHaveLength(5)
  })
})

describe('the entry of a sign-in', () => {
  const methodsOf = async (user: UserEntity) =>
    (await operationsOf(user, 'LOG_IN')).map(({ changes }) => changes[0])
  const method = (text: string) => ({ name: 'method', from: text, to: text })

  it('names the password and then the second factor', async () => {
    const { user, secret, recoveryCodes } = await withTotp()
    const client = at('203.0.113.7')
    const first = await beginLogIn(client, user.login)
    await answer(client, { token: first.challenge.token, method: 'TOTP', code: totpCode(secret) })
    const second = await beginLogIn(client, user.login)
    const code = recoveryCodes[0]
    await answer(client, { token: second.challenge.token, method: 'RECOVERY_CODE', code })
    expect(await methodsOf(user)).toEqual([
      method('PASSWORD'),
      method('PASSWORD, TOTP'),
      method('PASSWORD, RECOVERY_CODE'),
    ])
  })

  it('names a passkey used as the only proof', async () => {
    const user = await server.addUser()
    const authenticator = new SoftwareAuthenticator(server.config.publicUrl.origin)
    await enrolPasskey(await server.signedIn(user), authenticator)
    const client = server.client()
    const { token, options } = await beginPasskeySignIn(client)
    const response = authenticator.get(options)
    const { errors } = await logInWithPasskey(client, { token, response })
    expect(errors).toEqual([])
    expect((await methodsOf(user)).at(-1)).toEqual(method('PASSKEY'))
  })
})

describe('a wrong code while a second factor is added', () => {
  it('is recorded', async () => {
    const user = await server.addUser()
    const client = await server.signedIn(user)
    const { token } = await mutate(client, 'beginTotpEnrolment', 'token errors { __typename }')
    await mutate(client, 'confirmTotpEnrolment', 'errors { __typename }', {
      token,
      code: '000000',
      name: 'Phone',
    })
    expect(await operationsOf(user, 'ENROL_SECOND_FACTOR')).toMatchObject([
      { outcome: 'REFUSED', reason: 'SECOND_FACTOR_INCORRECT', actorId: user.id },
    ])
  })
})
