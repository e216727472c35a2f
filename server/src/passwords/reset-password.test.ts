import { request } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { createFeatures } from '../app/features.js'
import { OneTimeLinkEntity } from '../one-time-links/one-time-link.entity.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { Mailbox } from '../testing/mailbox.js'
import {
  answer,
  beginLogIn,
  enrolTotp,
  totpCode,
  typesOf,
} from '../testing/second-factor-client.js'
import { type Answer, goodPassword, TestServer } from '../testing/test-server.js'
import { UserEntity } from '../users/user.entity.js'
import { maxSaveTries } from './password.service.js'
import { PasswordHistoryEntity } from './password-history.entity.js'
import { PasswordResetRequestEntity } from './password-reset-request.entity.js'

const newPassword = 'Brisk-Meadow-41'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start({ PUBLIC_URL: 'http://rekey.example' })
})
afterAll(() => server.stop())

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const startServer = async (environment: Record<string, string> = {}) => {
  const started = await TestServer.start(environment)
  cleanups.push(() => started.stop())
  return started
}

const tokenIn = (text: string | undefined): string => {
  const [, token] = /\/reset-password#token=([\w-]{43})\b/.exec(text ?? '') ?? []
  if (token === undefined) throw new Error('There is no link in this mail.')
  return token
}

/** The token of the newest reset link of this login. */
const linkFor = async (login: string, at: TestServer = server): Promise<string> => {
  const answer = await at.client().requestPasswordReset(login)
  expect(answer.data.requestPasswordReset.errors).toEqual([])
  return tokenIn((await at.mailsTo(login)).at(-1)?.text)
}

const errorsOf = (answer: Answer) => answer.data.resetPassword.errors

const signsIn = async (login: string, password: string): Promise<boolean> => {
  const { data } = await server.client().logIn(login, password)
  return data.logIn.user !== null
}

const changeRow = (userId: string, columns: Partial<UserEntity>) =>
  server.database.write(async unit => {
    await unit.rows(UserEntity).update({ id: userId }, columns)
  })

const operationsOn = async (subjectId: string, action: OperationEntity['action']) =>
  server.database.read(unit =>
    unit.rows(OperationEntity).find({ where: { subjectId, action }, order: { id: 'ASC' } }),
  )

describe('a forgotten password', () => {
  it('is replaced through the link in a mail that was delivered by SMTP', async () => {
    const { mailbox, url } = await Mailbox.start()
    cleanups.push(() => mailbox.stop())
    const real = await startServer({ SMTP_URL: url, PUBLIC_URL: 'https://rekey.example' })
    const member = await real.addUser({ firstName: 'Maya <b>', login: 'maya@rekey.example' })
    const client = real.client({ 'user-agent': 'Firefox <script>' })

    await client.requestPasswordReset(' MAYA@rekey.example ')
    await mailbox.until(1)
    const [mail] = mailbox.mails
    expect([mail?.to].flat()[0]?.text).toBe(member.login)
    expect(mail?.subject).toBe('Reset your password')
    expect(mail?.text).toContain('for 30 minutes')
    expect(mail?.text).toContain('From: 127.0.0.1')
    expect(mail?.html).toContain('Maya &lt;b&gt;')
    expect(mail?.html).not.toContain('<script>')
    const token = tokenIn(mail?.text)
    expect(mail?.text).toContain(`https://rekey.example/reset-password#token=${token}`)
    expect(mail?.html).toContain(`href="https://rekey.example/reset-password#token=${token}"`)

    const answer = await client.resetPassword(token, newPassword)
    expect(answer.data.resetPassword).toMatchObject({ user: { id: member.id }, errors: [] })
    await mailbox.until(2)
    expect(mailbox.mails[1]?.subject).toBe('Your password was changed')
    expect(mailbox.mails[1]?.text).toContain('reset with the link that Rekey sent you')
    expect(JSON.stringify(mailbox.mails)).not.toContain(newPassword)
    const signedIn = await real.client().logIn(member.login, newPassword)
    expect(signedIn.data.logIn.errors).toEqual([])
  })

  it('does not sign the user in when it is replaced, and ends every session', async () => {
    const member = await server.addUser()
    const elsewhere = await server.signedIn(member)
    const token = await linkFor(member.login)
    const client = server.client()
    const answer = await client.resetPassword(token, newPassword)
    expect(errorsOf(answer)).toEqual([])
    // Only the mark of a known browser.
    expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(/^rekey_device=/)])
    expect(await client.whoAmI()).toBeNull()
    expect(await elsewhere.whoAmI()).toBeNull()
    const { data } = await elsewhere.query('{ sessionEndReason }')
    expect(data.sessionEndReason).toBe('PASSWORD_RESET')
    expect(await signsIn(member.login, goodPassword)).toBe(false)
    expect(await signsIn(member.login, newPassword)).toBe(true)
  })

  it('clears “must change password”, and keeps the old password in the history', async () => {
    const member = await server.addUser()
    await changeRow(member.id, { mustChangePassword: true })
    const answer = await server.client().resetPassword(await linkFor(member.login), newPassword)
    expect(answer.data.resetPassword.user.mustChangePassword).toBe(false)
    const history = await server.database.read(unit =>
      unit.rows(PasswordHistoryEntity).findBy({ userId: member.id }),
    )
    expect(history.map(row => row.passwordHash)).toEqual([member.passwordHash])
  })

  it('records two operations: the request without an actor, the reset with one', async () => {
    const member = await server.addUser()
    await server.client().resetPassword(await linkFor(member.login), newPassword)
    expect(await operationsOn(member.id, 'REQUEST_PASSWORD_RESET')).toMatchObject([
      { outcome: 'DONE', reason: null, actorId: null, ip: '127.0.0.1' },
    ])
    expect(await operationsOn(member.id, 'RESET_PASSWORD')).toMatchObject([
      { outcome: 'DONE', reason: null, actorId: member.id },
    ])
  })

  it('lets the user sign in at once, however often they guessed before', async () => {
    const strict = await startServer({ THROTTLE_PER_LOGIN: '3' })
    const member = await strict.addUser()
    for (let guess = 0; guess < 4; guess += 1) {
      await strict.client().logIn(member.login, `Guess-${guess}`)
    }
    const waiting = await strict.client().logIn(member.login)
    expect(waiting.data.logIn.errors).toMatchObject([{ __typename: 'TooManyAttempts' }])
    await strict.client().resetPassword(await linkFor(member.login, strict), newPassword)
    const answer = await strict.client().logIn(member.login, newPassword)
    expect(answer.data.logIn.errors).toEqual([])
  })
})

describe('a new password', () => {
  it.each([
    ['the current password', goodPassword, ['SAME_AS_CURRENT']],
    ['one of the last passwords', 'Earlier-Harbour-71', ['REUSED']],
    ['a password that breaks rules', 'short', ['MIN_LENGTH', 'UPPERCASE', 'NUMBER', 'SPECIAL']],
    ['a password that contains the login', 'Petra.Novak-4711', ['CONTAINS_LOGIN']],
  ])('must not be %s', async (_what, candidate, rules) => {
    const login = `petra.novak@${rules[0]?.toLowerCase().replaceAll('_', '-')}.example`
    const member = await server.addUser({ login, password: 'Earlier-Harbour-71' })
    const client = await server.signedIn(member, 'Earlier-Harbour-71')
    await client.changePassword({
      currentPassword: 'Earlier-Harbour-71',
      newPassword: goodPassword,
    })
    const token = await linkFor(login)
    const [error, ...more] = errorsOf(await server.client().resetPassword(token, candidate))
    expect(more).toEqual([])
    expect(error).toMatchObject({ __typename: 'PasswordPolicyViolated', path: ['newPassword'] })
    expect(error.violations.map((violation: { rule: string }) => violation.rule)).toEqual(rules)
    expect(await signsIn(login, goodPassword)).toBe(true)
    expect(await operationsOn(member.id, 'RESET_PASSWORD')).toMatchObject([
      { outcome: 'REFUSED', reason: 'POLICY_VIOLATED' },
    ])
    // The link is still valid.
    expect(errorsOf(await server.client().resetPassword(token, newPassword))).toEqual([])
  })

  it('cannot be used with a link to guess earlier passwords without a limit', async () => {
    const strict = await startServer({ THROTTLE_PER_LOGIN: '3' })
    const member = await strict.addUser()
    const token = await linkFor(member.login, strict)
    for (let guess = 0; guess < 3; guess += 1) {
      const answer = await strict.client().resetPassword(token, goodPassword)
      expect(errorsOf(answer)).toMatchObject([{ violations: [{ rule: 'SAME_AS_CURRENT' }] }])
    }
    const answer = await strict.client().resetPassword(token, goodPassword)
    expect(answer.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }])
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

describe('a reset', () => {
  it('does not disable a second factor, and does not let the user sign in without it', async () => {
    await server.setSecurity({ trustedDevices: 'WEEK' })
    const member = await server.addUser()
    const { secret } = await enrolTotp(await server.signedIn(member))
    const trusted = server.client()
    const { challenge } = await beginLogIn(trusted, member.login)
    const code = totpCode(secret)
    const step = { token: challenge.token, method: 'TOTP', code, trustDevice: true }
    expect((await answer(trusted, step)).errors).toEqual([])
    const half = (await beginLogIn(server.client(), member.login)).challenge

    await trusted.resetPassword(await linkFor(member.login), newPassword)
    expect(await trusted.whoAmI()).toBeNull()
    const late = { token: half.token, method: 'TOTP', code: totpCode(secret, 1) }
    expect(typesOf(await answer(server.client(), late))).toEqual(['ChallengeExpired'])
    const again = await beginLogIn(trusted, member.login, newPassword)
    expect(again).toMatchObject({ user: null, challenge: { methods: ['TOTP', 'RECOVERY_CODE'] } })
  })

  it.each([
    ['succeeds', maxSaveTries - 1, undefined],
    ['gives up', maxSaveTries, 'RATE_LIMITED'],
  ])('%s if others save a password %d times in the meantime', async (_what, times, code) => {
    const member = await server.addUser()
    const token = await linkFor(member.login)
    const { hasher } = server.services
    const hashPassword = hasher.hashPassword.bind(hasher)
    const hashing = jest.spyOn(hasher, 'hashPassword')
    for (let time = 0; time < times; time += 1) {
      hashing.mockImplementationOnce(async password => {
        const passwordHash = await hashPassword(goodPassword)
        await changeRow(member.id, { passwordHash, passwordChangedAt: new Date(time) })
        return hashPassword(password)
      })
    }
    const answer = await server.client().resetPassword(token, newPassword)
    hashing.mockRestore()
    expect(answer.errors?.[0]?.extensions.code).toBe(code)
    expect(await signsIn(member.login, code === undefined ? newPassword : goodPassword)).toBe(true)
    // If the reset gave up, the link is still valid.
    const again = await server.client().resetPassword(token, 'Second-Meadow-42')
    expect(errorsOf(again)).toHaveLength(code === undefined ? 1 : 0)
  })

  it('succeeds in its first try while a sign-in renews the stored hash', async () => {
    const member = await server.addUser()
    const token = await linkFor(member.login)
    const { hasher } = server.services
    const hashPassword = hasher.hashPassword.bind(hasher)
    const hashing = jest.spyOn(hasher, 'hashPassword').mockImplementationOnce(async password => {
      await changeRow(member.id, { passwordHash: await hashPassword(goodPassword) })
      return hashPassword(password)
    })
    const answer = await server.client().resetPassword(token, newPassword)
    expect(hashing).toHaveBeenCalledTimes(1)
    hashing.mockRestore()
    expect(errorsOf(answer)).toEqual([])
    expect(await signsIn(member.login, newPassword)).toBe(true)
  })

  it('does nothing from an address that is not allowed, and the link stays valid', async () => {
    const member = await server.addUser()
    const token = await linkFor(member.login)
    await server.setSecurity({ ipAuthorization: true })
    try {
      const refused = await server.client().resetPassword(token, newPassword)
      expect(errorsOf(refused)).toMatchObject([{ __typename: 'AddressNotAllowed', path: [] }])
    } finally {
      await server.setSecurity({ ipAuthorization: false })
    }
    expect(errorsOf(await server.client().resetPassword(token, newPassword))).toEqual([])
  })
})

describe('a link', () => {
  const lookUp = async (token: string) => {
    const { data } = await server.client().query(
      `query ($token: String!) {
        oneTimeLink(token: $token) { status purpose login name expiresAt }
      }`,
      { token },
    )
    return data.oneTimeLink
  }
  const dead = (status: string) => ({
    status,
    purpose: null,
    login: null,
    name: null,
    expiresAt: null,
  })
  /** Expects that an invalid link does not reveal its user and changes nothing. */
  const expectDead = async (token: string, status: string, user: UserEntity, works: string) => {
    expect(await lookUp(token)).toEqual(dead(status))
    const answer = await server.client().resetPassword(token, 'Dead-Link-Meadow-7')
    expect(answer.data.resetPassword).toEqual({
      user: null,
      errors: [{ __typename: 'LinkInvalid', message: expect.any(String), path: ['token'], status }],
    })
    const { status: was } = (await server.services.users.find(user.id)) ?? {}
    await changeRow(user.id, { status: 'ACTIVE' })
    expect(await signsIn(user.login, works)).toBe(true)
    await changeRow(user.id, { status: was ?? 'ACTIVE' })
  }

  it('shows its page the user while it is valid, and stays valid afterwards', async () => {
    const member = await server.addUser({ firstName: 'Maya', lastName: 'Lind' })
    const token = await linkFor(member.login)
    for (let look = 0; look < 2; look += 1) {
      const link = await lookUp(token)
      expect(link).toEqual({
        status: 'VALID',
        purpose: 'PASSWORD_RESET',
        login: member.login,
        name: 'Maya Lind',
        expiresAt: expect.any(String),
      })
      const minutes = (Date.parse(link.expiresAt) - Date.now()) / 60_000
      expect(minutes).toBeGreaterThan(29)
      expect(minutes).toBeLessThanOrEqual(30)
    }
  })

  it('works once', async () => {
    const member = await server.addUser()
    const token = await linkFor(member.login)
    expect(errorsOf(await server.client().resetPassword(token, newPassword))).toEqual([])
    await expectDead(token, 'USED', member, newPassword)
  })

  it('works only once if it is used twice at the same instant', async () => {
    const member = await server.addUser()
    const token = await linkFor(member.login)
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        server.client().resetPassword(token, `Brisk-Meadow-4${index}`),
      ),
    )
    const won = answers.flatMap((answer, index) => (errorsOf(answer).length === 0 ? [index] : []))
    expect(won).toHaveLength(1)
    expect(answers.flatMap(errorsOf).map(error => error.status)).toEqual(Array(5).fill('USED'))
    expect(await signsIn(member.login, `Brisk-Meadow-4${won[0]}`)).toBe(true)
    expect(await operationsOn(member.id, 'RESET_PASSWORD')).toHaveLength(1)
  })

  it('expires after thirty minutes', async () => {
    const member = await server.addUser()
    const token = await linkFor(member.login)
    await server.database.write(async unit => {
      const links = unit.rows(OneTimeLinkEntity)
      await links.update({ userId: member.id }, { expiresAt: new Date(Date.now() - 1) })
    })
    await expectDead(token, 'EXPIRED', member, goodPassword)
  })

  it('ends when the password is changed in another way', async () => {
    const member = await server.addUser()
    const client = await server.signedIn(member)
    const token = await linkFor(member.login)
    await client.changePassword({ currentPassword: goodPassword, newPassword })
    await expectDead(token, 'REVOKED', member, newPassword)
  })

  it('ends when a newer one is sent', async () => {
    const member = await server.addUser()
    const token = await linkFor(member.login)
    const newer = await linkFor(member.login)
    expect(newer).not.toBe(token)
    await expectDead(token, 'REVOKED', member, goodPassword)
    expect(errorsOf(await server.client().resetPassword(newer, newPassword))).toEqual([])
  })

  it('ends when the login is changed, because it is in the mailbox of the old login', async () => {
    const member = await server.addUser({ role: 'ADMIN' })
    const client = await server.signedIn(member)
    const token = await linkFor(member.login)
    const login = 'elsewhere@rekey.example'
    const answer = await client.query(
      `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { login } errors { __typename } } }`,
      { input: { userId: member.id, login } },
    )
    expect(answer.data.updateUser.user).toEqual({ login })
    await expectDead(token, 'REVOKED', { ...member, login }, goodPassword)
  })

  it('does not work for a user who was blocked after it was sent', async () => {
    const member = await server.addUser()
    const token = await linkFor(member.login)
    await changeRow(member.id, { status: 'BLOCKED' })
    await expectDead(token, 'REVOKED', member, goodPassword)
  })

  it('is rejected if it was made up, or if it has another purpose', async () => {
    const member = await server.addUser()
    const setup = await server.services.setup.issueLink()
    const { token: invitation } = await server.database.write(unit =>
      server.services.links.issue(unit, 'INVITATION', member.id, 60),
    )
    expect(await lookUp(invitation)).toEqual(dead('REVOKED'))
    for (const token of ['', 'A'.repeat(43), setup, 'x'.repeat(200), '\0']) {
      await expectDead(token, 'UNKNOWN', member, goodPassword)
    }
    // The link of an invitation is valid, but does not reset a password.
    const invited = await server.addUser({ status: 'INVITED', password: null })
    const { token: theirs } = await server.database.write(unit =>
      server.services.links.issue(unit, 'INVITATION', invited.id, 60),
    )
    expect(await lookUp(theirs)).toMatchObject({ status: 'VALID', purpose: 'INVITATION' })
    expect(errorsOf(await server.client().resetPassword(theirs, newPassword))).toMatchObject([
      { __typename: 'LinkInvalid', status: 'UNKNOWN' },
    ])
  })

  it('leads to the configured address, regardless of the host that the request names', async () => {
    const member = await server.addUser()
    const body = JSON.stringify({
      query: `mutation { requestPasswordReset(input: {login: "${member.login}"}) { errors { __typename } } }`,
    })
    const answer = await new Promise<string>((done, failed) => {
      const sent = request(
        `${server.url}/graphql`,
        {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            host: 'evil.example',
            forwarded: 'host=evil.example;proto=https',
            'x-forwarded-host': 'evil.example',
            'x-forwarded-proto': 'https',
            'x-original-host': 'evil.example',
            referer: 'https://evil.example/',
          },
        },
        async response => done((await response.toArray()).join('')),
      )
      sent.on('error', failed)
      sent.end(body)
    })
    expect(JSON.parse(answer)).toEqual({ data: { requestPasswordReset: { errors: [] } } })
    const [mail] = await server.mailsTo(member.login)
    expect(mail?.text).toContain('http://rekey.example/reset-password#token=')
    expect(`${mail?.text}${mail?.html}`).not.toContain('evil')
  })

  it('is deleted a month after it expired, and not before', async () => {
    const old = await server.addUser()
    const fresh = await server.addUser()
    await linkFor(old.login)
    const working = await linkFor(fresh.login)
    await server.database.write(async unit => {
      const expiresAt = new Date(Date.now() - 31 * 24 * 3_600_000)
      await unit.rows(OneTimeLinkEntity).update({ userId: old.id }, { expiresAt })
    })
    await server.database.write(unit => server.services.links.sweep(unit))
    const left = await server.database.read(unit => unit.rows(OneTimeLinkEntity).find())
    const owners = left.map(link => link.userId)
    expect(owners).toContain(fresh.id)
    expect(owners).not.toContain(old.id)
    expect((await lookUp(working)).status).toBe('VALID')
  })
})

describe('whether a login exists', () => {
  it('the answer does not reveal whether a login exists', async () => {
    const known = await server.addUser()
    const blocked = await server.addUser({ status: 'BLOCKED' })
    const invited = await server.addUser({ status: 'INVITED', password: null })
    const logins = [known, blocked, invited].map(({ login }) => login)
    const answers = await Promise.all(
      [...logins, 'nobody@rekey.example', 'no address', '', '\0', '\ud800'].map(login =>
        server.client().requestPasswordReset(login),
      ),
    )
    const responses = answers.map(({ status, text, headers }) => ({
      status,
      text,
      headers: [...headers].filter(([name]) => name !== 'date' && name !== 'x-request-id'),
    }))
    for (const each of responses) expect(each).toEqual(responses[0])
    expect(responses[0]?.text).toBe('{"data":{"requestPasswordReset":{"errors":[]}}}\n')
  })

  it('only active users get a mail', async () => {
    const blocked = await server.addUser({ status: 'BLOCKED' })
    const invited = await server.addUser({ status: 'INVITED', password: null })
    for (const { login } of [blocked, invited]) {
      await server.client().requestPasswordReset(login)
      expect(await server.mailsTo(login)).toEqual([])
    }
    const nobody = 'really.nobody@rekey.example'
    await server.client().requestPasswordReset(nobody)
    expect(await server.mailsTo(nobody)).toEqual([])
    const reasonsOf = async (id: string) =>
      (await operationsOn(id, 'REQUEST_PASSWORD_RESET')).map(({ reason }) => reason)
    expect(await reasonsOf(blocked.id)).toEqual(['BLOCKED'])
    expect(await reasonsOf(invited.id)).toEqual(['INVITED'])
    const operations = await server.database.read(unit => unit.rows(OperationEntity).find())
    expect(operations.some(({ reason }) => reason === 'UNKNOWN_LOGIN')).toBe(true)
    expect(JSON.stringify(operations)).not.toContain('really.nobody')
  })

  it('all logins that are too long are rejected alike, whether they exist or not', async () => {
    const longest = `${'a'.repeat(254 - '@rekey.example'.length)}@rekey.example`
    await server.addUser({ login: longest })
    expect((await server.client().requestPasswordReset(longest)).errors).toBeUndefined()
    const answers = await Promise.all(
      [`x${longest}`, 'x'.repeat(255)].map(login => server.client().requestPasswordReset(login)),
    )
    for (const answer of answers) {
      expect(answer.errors).toMatchObject([
        {
          message: 'input.login accepts at most 254 characters: this request has 255.',
          extensions: {
            code: 'BAD_USER_INPUT',
            tooLong: { path: ['input', 'login'], allowed: 254, found: 255 },
          },
        },
      ])
    }
  })

  it('the database does the same work for every login, so the time reveals nothing', async () => {
    const own = await startServer()
    const people = [
      await own.addUser(),
      await own.addUser({ status: 'BLOCKED' }),
      await own.addUser({ status: 'INVITED', password: null }),
    ]
    await own.stopJobs()
    const logins = ['nobody@rekey.example', ...people.map(({ login }) => login), 'no address']
    const done: string[][] = []
    for (const login of logins) {
      const statements = await own.statementsDuring(() => own.client().requestPasswordReset(login))
      done.push(statements.map(({ text }) => text))
    }
    expect(done[0]?.join()).toMatch(/INSERT INTO "?password_reset_request/)
    for (const each of done) expect(each).toEqual(done[0])
  })

  it('the user is looked up later, so the time of the next request reveals nothing', async () => {
    const own = await startServer()
    const user = await own.addUser()
    // Otherwise the job that runs at the start of the server could handle the request.
    await own.services.resetRequests.idle()
    const statements = await own.statementsDuring(async () => {
      await own.client().requestPasswordReset(user.login)
      expect(await own.mailsTo(user.login)).toHaveLength(1)
    })
    const firstAt = (pattern: RegExp) =>
      statements.find(({ text }) => pattern.test(text))?.at ?? Number.NaN
    const storedAt = firstAt(/INSERT INTO "?password_reset_request/)
    const lookedUp = firstAt(/FROM "?users?"?\b/)
    // The delay is at least this long on any machine. So a request that follows this answer at once
    // is answered before the look-up.
    expect(lookedUp - storedAt).toBeGreaterThan(450)
  })
})

describe('requesting a link repeatedly', () => {
  it('sends three mails to a login, then makes the caller wait, whether the login exists or not', async () => {
    const strict = await startServer()
    const member = await strict.addUser()
    const answersFor = async (login: string) => {
      const answers = []
      for (let time = 0; time < 5; time += 1) {
        answers.push((await strict.client().requestPasswordReset(login)).text)
      }
      return answers.map(text =>
        text.replace(/"retryAfterSeconds":[45]\b/, '"retryAfterSeconds":5'),
      )
    }
    const known = await answersFor(member.login)
    expect(known.map(text => text.includes('TooManyAttempts'))).toEqual([
      false,
      false,
      false,
      true,
      true,
    ])
    expect(known[3]).toContain('"path":["login"],"retryAfterSeconds":5')
    expect(await answersFor('nobody@rekey.example')).toEqual(known)
    expect(await strict.mailsTo(member.login)).toHaveLength(3)
    const refusals = await strict.database.read(unit =>
      unit.rows(OperationEntity).countBy({ reason: 'TOO_MANY_ATTEMPTS' }),
    )
    expect(refusals).toBe(2)
  })

  it('counts every spelling of a login as the same, and all simultaneous requests', async () => {
    const strict = await startServer()
    const spellings = ['maya@rekey.example', 'MAYA@rekey.example', ' Maya@Rekey.example']
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        strict.client().requestPasswordReset(spellings[index % 3] ?? ''),
      ),
    )
    const taken = answers.filter(({ data }) => data.requestPasswordReset.errors.length === 0)
    expect(taken).toHaveLength(3)
  })

  it('makes an address wait after requests for many logins', async () => {
    const strict = await startServer({ THROTTLE_PER_ADDRESS: '5' })
    const ask = async (number: number) => {
      const answer = await strict.client().requestPasswordReset(`target${number}@rekey.example`)
      return answer.data.requestPasswordReset.errors.length
    }
    const refused = []
    for (let number = 0; number < 7; number += 1) refused.push(await ask(number))
    expect(refused).toEqual([0, 0, 0, 0, 0, 1, 1])
  })

  it('does not delay the user’s sign-in', async () => {
    const strict = await startServer({ THROTTLE_PER_LOGIN: '3', THROTTLE_PER_ADDRESS: '5' })
    const member = await strict.addUser()
    for (let time = 0; time < 8; time += 1) {
      await strict.client().requestPasswordReset(member.login)
    }
    await strict.signedIn(member)
  })
})

describe('stored requests for a link', () => {
  const left = (at: TestServer) =>
    at.database.read(unit => unit.rows(PasswordResetRequestEntity).count())

  it('every request is handled once, however many servers share the database', async () => {
    const shared = await startServer()
    const people = await Promise.all(Array.from({ length: 8 }, () => shared.addUser()))
    // Two more servers use the same database. All three start at once.
    await shared.services.resetRequests.stop()
    const others = [1, 2].map(() => createFeatures(shared.config, shared.database).services)
    for (const { login } of people) await shared.client().requestPasswordReset(login)
    expect(await left(shared)).toBe(8)
    const failures: unknown[] = []
    const jobs = [shared.services, ...others].map(services => services.resetRequests)
    for (const job of jobs) job.start(failure => failures.push(failure))
    while ((await left(shared)) > 0) await new Promise(later => setTimeout(later, 20))
    await Promise.all(jobs.map(job => job.idle()))
    await Promise.all(others.map(services => services.resetRequests.stop()))
    expect(failures).toEqual([])
    const links = await shared.database.read(unit => unit.rows(OneTimeLinkEntity).find())
    expect(links.map(({ userId }) => userId).sort()).toEqual(people.map(({ id }) => id).sort())
    const done = await shared.database.read(unit =>
      unit.rows(OperationEntity).countBy({ action: 'REQUEST_PASSWORD_RESET', outcome: 'DONE' }),
    )
    expect(done).toBe(8)
  })

  it('a request that was accepted before a crash is handled after it', async () => {
    const crashing = await startServer()
    const member = await crashing.addUser()
    await crashing.services.resetRequests.stop()
    await crashing.client().requestPasswordReset(member.login)
    expect(await left(crashing)).toBe(1)
    crashing.services.resetRequests.start(() => undefined)
    expect(await crashing.mailsTo(member.login)).toHaveLength(1)
    expect(await left(crashing)).toBe(0)
  })

  it('a request stays stored if handling it fails', async () => {
    const failing = await startServer()
    const member = await failing.addUser()
    const { mail, resetRequests } = failing.services
    const send = mail.send.bind(mail)
    mail.send = async () => {
      throw new Error('The disk is full.')
    }
    await failing.client().requestPasswordReset(member.login)
    await resetRequests.idle()
    expect(await left(failing)).toBe(1)
    expect(failing.log()).toContain('The disk is full.')
    mail.send = send
    await failing.client().requestPasswordReset('another@rekey.example')
    expect(await failing.mailsTo(member.login)).toHaveLength(1)
    expect(await left(failing)).toBe(0)
  })
})

describe('secrets', () => {
  it('no password or token appears in a log, the answer to a well-formed request or a stored link', async () => {
    const { mailbox, url } = await Mailbox.start()
    cleanups.push(() => mailbox.stop())
    const real = await startServer({ SMTP_URL: url })
    const member = await real.addUser()
    await real.client().requestPasswordReset(member.login)
    await mailbox.until(1)
    const token = tokenIn(mailbox.mails[0]?.text)
    await real.services.mail.idle()
    const client = real.client()
    const query = 'query ($token: String!) { oneTimeLink(token: $token) { status } }'
    // Only the answers to these requests may quote the input.
    await client.query(query, { token: [token] })
    await client.query(query, { token: { [token]: token } })
    await client.query(`{ oneTimeLink(token: "${token}", other: "${token}") { status } }`)
    await client.query(`{ oneTimeLink(token: "${token}`)
    const answers = [
      await client.query(query, { token }),
      await client.resetPassword(token, 'short'),
      await client.resetPassword(token, goodPassword),
      await client.resetPassword(token, newPassword),
      await client.resetPassword(token, newPassword),
    ]
    const get = await client.get(
      `/graphql?query=${encodeURIComponent(`{oneTimeLink(token:"${token}"){status}}`)}`,
    )
    const places = [real.log(), await get.text(), ...answers.map(({ text }) => text)]
    for (const place of places) {
      for (const secret of [token, newPassword, goodPassword]) {
        expect(place.includes(secret)).toBe(false)
      }
    }
    const rows = await real.database.read(unit => unit.rows(OneTimeLinkEntity).find())
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(real.log()).toContain('answered')
  })
})
