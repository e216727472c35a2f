import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import {
  answer,
  beginLogIn,
  enrolPasskey,
  mutate,
  typesOf,
} from '../testing/second-factor-client.js'
import { SmsInbox } from '../testing/sms-inbox.js'
import { SoftwareAuthenticator } from '../testing/software-authenticator.js'
import { type TestClient, TestServer } from '../testing/test-server.js'
import { UserEntity } from '../users/user.entity.js'
import { SignInChallengeEntity } from './sign-in-challenge.entity.js'

const errors =
  'errors { __typename ... on UserError { message path } ... on TooManyAttempts { retryAfterSeconds } }'
const plainErrors = 'errors { __typename ... on UserError { message path } }'

let server: TestServer
let inbox: SmsInbox
beforeAll(async () => {
  const started = await SmsInbox.start()
  inbox = started.inbox
  server = await TestServer.start({
    SMS_GATEWAY_URL: `http://rekey:pass%20word@127.0.0.1:${started.port}/send?from=Rekey`,
  })
  await server.setSecurity({ secondFactorMethods: ['TOTP', 'PASSKEY', 'SMS'] })
})
afterAll(async () => {
  await server.stop()
  await inbox.stop()
})
afterEach(() => {
  inbox.status = 202
})

let numbers = 0
const newNumber = () => {
  numbers += 1
  return `+44207946${String(numbers).padStart(4, '0')}`
}

const enrolSms = async (client: TestClient, number: string) => {
  const begun = await mutate(client, 'beginSmsEnrolment', `token phoneHint ${errors}`)
  const input = { token: begun.token, code: inbox.codeTo(number), name: 'Phone' }
  return {
    begun,
    confirmed: await mutate(
      client,
      'confirmSmsEnrolment',
      `factor { id method } ${plainErrors}`,
      input,
    ),
  }
}

const withSms = async () => {
  const number = newNumber()
  const user = await server.addUser({ phone: number })
  const client = await server.signedIn(user)
  const enrolled = await enrolSms(client, number)
  expect(enrolled.confirmed.errors).toEqual([])
  return { user, client, number }
}

const send = (token: string) => mutate(server.client(), 'sendChallengeCode', errors, { token })

describe('the SMS gateway', () => {
  it('gets one POST request for each message, as documented', async () => {
    const number = '+442079460018'
    const user = await server.addUser({ phone: '+44 (20) 7946-0018' })
    const { begun } = await enrolSms(await server.signedIn(user), number)
    expect(begun.phoneHint).toBe('••• 18')
    const code = inbox.codeTo(number)
    expect(inbox.requests.at(-1)).toEqual({
      method: 'POST',
      path: '/send?from=Rekey',
      contentType: 'application/json',
      authorization: `Basic ${Buffer.from('rekey:pass word').toString('base64')}`,
      body: {
        to: number,
        text: `${code} is your Rekey code. It works for 10 minutes. Do not give it to anyone.\n\n@localhost #${code}`,
      },
    })
  })

  it('is reported to the user if it fails, and logged without number and code', async () => {
    const { user, number } = await withSms()
    inbox.status = 503
    const { challenge } = await beginLogIn(server.client(), user.login)
    expect(typesOf(await send(challenge.token))).toEqual(['CodeNotSent'])
    expect(server.log()).toContain('The SMS gateway answered 503.')
    expect(server.log()).not.toContain(number)
    expect(server.log()).not.toContain(inbox.codeTo(number))
    expect(server.log()).not.toContain('pass')
  })
})

describe('a code by SMS', () => {
  it('works once, for the challenge it was sent for', async () => {
    const { user, number } = await withSms()
    const first = (await beginLogIn(server.client(), user.login)).challenge
    const second = (await beginLogIn(server.client(), user.login)).challenge
    expect(first).toMatchObject({
      methods: ['SMS', 'RECOVERY_CODE'],
      phoneHint: `••• ${number.slice(-2)}`,
      passkeyOptions: null,
    })
    expect((await send(first.token)).errors).toEqual([])
    const code = inbox.codeTo(number)
    const kept = await server.database.read(unit =>
      unit.rows(SignInChallengeEntity).findBy({ userId: user.id }),
    )
    expect(kept.map(({ smsCodeHash }) => smsCodeHash?.length)).toEqual([43, undefined])
    const swapped = { token: second.token, method: 'SMS', code }
    expect(typesOf(await answer(server.client(), swapped))).toEqual(['SecondFactorIncorrect'])
    const input = { token: first.token, method: 'SMS', code }
    expect((await answer(server.client(), input)).errors).toEqual([])
    expect(typesOf(await answer(server.client(), input))).toEqual(['ChallengeExpired'])
  })

  it('stops working when a new one is sent', async () => {
    const { user, number } = await withSms()
    const { challenge } = await beginLogIn(server.client(), user.login)
    await send(challenge.token)
    const old = inbox.codeTo(number)
    await send(challenge.token)
    const fresh = inbox.codeTo(number)
    const input = { token: challenge.token, method: 'SMS' }
    if (old !== fresh) {
      const refused = await answer(server.client(), { ...input, code: old })
      expect(typesOf(refused)).toEqual(['SecondFactorIncorrect'])
    }
    expect((await answer(server.client(), { ...input, code: fresh })).errors).toEqual([])
  })

  it('goes to the confirmed number, even if the profile has another', async () => {
    const { user, number } = await withSms()
    const other = newNumber()
    await server.database.write(async unit => {
      await unit.rows(UserEntity).update({ id: user.id }, { phone: other })
    })
    const { challenge } = await beginLogIn(server.client(), user.login)
    expect(challenge.phoneHint).toBe(`••• ${number.slice(-2)}`)
    await send(challenge.token)
    expect(inbox.codeTo(other)).toBe('')
  })

  it('sent to a phone that was replaced since no longer works', async () => {
    const { user, client, number } = await withSms()
    const { challenge } = await beginLogIn(server.client(), user.login)
    await send(challenge.token)
    const code = inbox.codeTo(number)
    const fresh = newNumber()
    const begun = await mutate(client, 'beginSmsEnrolment', 'token', { phone: fresh })
    const input = { token: begun.token, code: inbox.codeTo(fresh), name: 'New phone' }
    expect((await mutate(client, 'confirmSmsEnrolment', plainErrors, input)).errors).toEqual([])
    const stale = { token: challenge.token, method: 'SMS', code }
    expect(typesOf(await answer(server.client(), stale))).toEqual(['SecondFactorIncorrect'])
  })

  it('is throttled for each user', async () => {
    const { user, number } = await withSms()
    const sent = () =>
      inbox.requests.filter(({ body }) => (body as { to: string }).to === number).length
    // Not counting the code of the enrolment.
    const results = []
    for (let count = 0; count < 4; count += 1) {
      const { challenge } = await beginLogIn(server.client(), user.login)
      results.push(await send(challenge.token))
    }
    expect(results.map(typesOf)).toEqual([[], [], [], ['TooManyAttempts']])
    expect(results[3].errors[0].retryAfterSeconds).toBeGreaterThan(0)
    expect(sent()).toBe(4)
  })

  it('requires a number with a country code', async () => {
    for (const phone of [null, '020 7946 0018', 'call me', '+1', `+${'1'.repeat(16)}`]) {
      const client = await server.signedIn(await server.addUser({ phone }))
      const refused = await mutate(client, 'beginSmsEnrolment', `token phoneHint ${errors}`)
      expect(refused).toMatchObject({ token: null, phoneHint: null })
      expect(typesOf(refused)).toEqual(['PhoneNumberMissing'])
    }
  })

  it('can be sent to a given number, which does not change the profile', async () => {
    const user = await server.addUser({ phone: null })
    const client = await server.signedIn(user)
    const begin = (phone: unknown) =>
      mutate(client, 'beginSmsEnrolment', `token phoneHint ${errors}`, { phone })
    for (const phone of ['', '020 7946 0018', 'call me', '+1', `+${'1'.repeat(16)}`]) {
      expect(await begin(phone)).toMatchObject({
        token: null,
        errors: [{ __typename: 'InvalidField', path: ['phone'] }],
      })
    }
    expect(typesOf(await begin(null))).toEqual(['PhoneNumberMissing'])
    const number = newNumber()
    const begun = await begin(`${number.slice(0, 3)} (20) ${number.slice(5)}`)
    expect(begun).toMatchObject({ phoneHint: `••• ${number.slice(-2)}`, errors: [] })
    const input = { token: begun.token, code: inbox.codeTo(number), name: 'Phone' }
    const confirmed = await mutate(client, 'confirmSmsEnrolment', plainErrors, input)
    expect(confirmed.errors).toEqual([])
    const { challenge } = await beginLogIn(server.client(), user.login)
    expect(challenge.phoneHint).toBe(`••• ${number.slice(-2)}`)
    const kept = await server.database.read(unit =>
      unit.rows(UserEntity).findOneByOrFail({ id: user.id }),
    )
    expect(kept.phone).toBeNull()
  })

  it('is throttled even if each request gives another number', async () => {
    const client = await server.signedIn(await server.addUser({ phone: newNumber() }))
    const before = inbox.requests.length
    const results = []
    for (let count = 0; count < 5; count += 1) {
      const input = { phone: newNumber() }
      results.push(await mutate(client, 'beginSmsEnrolment', errors, input))
    }
    expect(results.map(typesOf)).toEqual([[], [], [], ['TooManyAttempts'], ['TooManyAttempts']])
    expect(inbox.requests).toHaveLength(before + 3)
  })

  it('lets a user without a phone number enrol if SMS is the only allowed method', async () => {
    const user = await server.addUser({ phone: null })
    const client = await server.signedIn(user)
    await server.setSecurity({ secondFactor: 'REQUIRED', secondFactorMethods: ['SMS'] })
    try {
      const viewer = () => client.query('{ viewer { mustEnrolSecondFactor } }')
      expect((await viewer()).data.viewer.mustEnrolSecondFactor).toBe(true)
      const number = newNumber()
      const begun = await mutate(client, 'beginSmsEnrolment', 'token', { phone: number })
      const input = { token: begun.token, code: inbox.codeTo(number), name: 'Phone' }
      await mutate(client, 'confirmSmsEnrolment', plainErrors, input)
      expect((await viewer()).data.viewer.mustEnrolSecondFactor).toBe(false)
    } finally {
      await server.setSecurity({
        secondFactor: 'OPTIONAL',
        secondFactorMethods: ['TOTP', 'PASSKEY', 'SMS'],
      })
    }
  })

  it('is not sent to a user without SMS enrolled, or for an invented token', async () => {
    const user = await server.addUser({ phone: newNumber() })
    const authenticator = new SoftwareAuthenticator(server.config.publicUrl.origin)
    await enrolPasskey(await server.signedIn(user), authenticator)
    const before = inbox.requests.length
    const { challenge } = await beginLogIn(server.client(), user.login)
    expect(typesOf(await send(challenge.token))).toEqual(['CodeNotSent'])
    expect(typesOf(await send('A'.repeat(43)))).toEqual(['ChallengeExpired'])
    expect(inbox.requests).toHaveLength(before)
  })
})

describe('a server without an SMS gateway', () => {
  it('does not let users enrol SMS, even if the settings allow it', async () => {
    const plain = await TestServer.start()
    try {
      await plain.setSecurity({ secondFactorMethods: ['SMS'] })
      const client = await plain.signedIn(await plain.addUser({ phone: newNumber() }))
      const refused = await mutate(client, 'beginSmsEnrolment', `token ${errors}`)
      expect(typesOf(refused)).toEqual(['SecondFactorMethodOff'])
    } finally {
      await plain.stop()
    }
  })
})
