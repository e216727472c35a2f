import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { UserStatus } from '@rekey/shared/access'
import { OneTimeLinkEntity } from '../one-time-links/one-time-link.entity.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { SessionEntity } from '../sessions/session.entity.js'
import { enrolTotp } from '../testing/second-factor-client.js'
import { goodPassword, TestServer } from '../testing/test-server.js'
import { UserEntity } from '../users/user.entity.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
})
afterAll(() => server.stop())

const activate = async (
  token: string,
  client = server.client(),
  password: string = goodPassword,
) => {
  const answer = await client.query(
    `mutation ($input: ActivateUserInput!) {
      activateUser(input: $input) {
        user { login status mustChangePassword passwordChangedAt }
        errors {
          __typename
          ... on UserError { message path }
          ... on LinkInvalid { status }
          ... on PasswordPolicyViolated { violations { rule } }
        }
      }
    }`,
    { input: { token, password } },
  )
  return { ...answer, payload: answer.data?.activateUser }
}

const invited = async () => {
  const user = await server.addUser({ status: 'INVITED', password: null })
  const { token } = await server.database.write(unit =>
    server.services.links.issue(unit, 'INVITATION', user.id, 60),
  )
  return { user, token }
}
const sessionsOf = (userId: string) =>
  server.database.read(unit => unit.rows(SessionEntity).findBy({ userId }))

describe('activating an account', () => {
  it('sets the password, makes the user active and signs them in', async () => {
    const { user, token } = await invited()
    const client = server.client()
    const { payload } = await activate(token, client)
    expect(payload).toEqual({
      user: {
        login: user.login,
        status: 'ACTIVE',
        mustChangePassword: false,
        passwordChangedAt: expect.stringMatching(/Z$/),
      },
      errors: [],
    })
    expect(await client.whoAmI()).toBe(user.login)
    expect(await (await server.signedIn(user)).whoAmI()).toBe(user.login)
    const operations = await server.database.read(unit =>
      unit.rows(OperationEntity).findBy({ subjectId: user.id, action: 'ACTIVATE_USER' }),
    )
    expect(operations).toMatchObject([{ outcome: 'DONE', actorId: user.id }])
  })

  it('marks the browser as one in which the user has signed in', async () => {
    const { user, token } = await invited()
    const client = server.client()
    await activate(token, client)
    const { devices, users } = server.services
    const active = await users.find(user.id)
    expect(await devices.recognize(client.device, active)).not.toBeNull()
  })

  it('requires the user to enrol a second factor first, if the account requires one', async () => {
    await server.setSecurity({ secondFactor: 'REQUIRED' })
    try {
      const { token } = await invited()
      const client = server.client()
      await activate(token, client)
      const held = await client.query('{ viewer { mustEnrolSecondFactor } }')
      expect(held.data.viewer.mustEnrolSecondFactor).toBe(true)
      const answer = await client.query('{ sessions { totalCount } }')
      expect(answer.errors).toMatchObject([
        { extensions: { code: 'FORBIDDEN', reason: 'SECOND_FACTOR_ENROLMENT_REQUIRED' } },
      ])
      expect((await client.get('/my-data.json')).status).toBe(403)
      expect((await enrolTotp(client)).recoveryCodes).toHaveLength(10)
      expect((await client.query('{ sessions { totalCount } }')).errors).toBeUndefined()
    } finally {
      await server.setSecurity({ secondFactor: 'OPTIONAL' })
    }
  })

  it('does nothing from an address that is not allowed, and the link stays valid', async () => {
    const { user, token } = await invited()
    await server.setSecurity({ ipAuthorization: true })
    const client = server.client()
    try {
      const { payload } = await activate(token, client)
      expect(payload).toMatchObject({
        user: null,
        errors: [{ __typename: 'AddressNotAllowed', path: [] }],
      })
      expect(client.session).toBeUndefined()
      // For an invalid link, the answer reveals only that it is invalid.
      const unknown = await activate('x', client)
      expect(unknown.payload.errors).toMatchObject([{ __typename: 'LinkInvalid' }])
    } finally {
      await server.setSecurity({ ipAuthorization: false })
    }
    expect((await activate(token, client)).payload.errors).toEqual([])
    const operations = await server.database.read(unit =>
      unit.rows(OperationEntity).findBy({ subjectId: user.id, action: 'ACTIVATE_USER' }),
    )
    expect(operations.map(({ outcome, reason }) => [outcome, reason]).sort()).toEqual([
      ['DONE', null],
      ['REFUSED', 'ADDRESS_NOT_ALLOWED'],
    ])
  })

  it('judges the password by the policy, and the link stays valid for another password', async () => {
    const { user, token } = await invited()
    const [name = ''] = user.login.split('@')
    for (const [password, rule] of [
      ['short', 'MIN_LENGTH'],
      [`Xy-${name}-4711`, 'CONTAINS_LOGIN'],
    ] as const) {
      const { payload } = await activate(token, server.client(), password)
      expect(payload.user).toBeNull()
      expect(payload.errors).toMatchObject([
        { __typename: 'PasswordPolicyViolated', path: ['password'] },
      ])
      expect(payload.errors[0].violations).toContainEqual({ rule })
    }
    expect((await activate(token)).payload.errors).toEqual([])
  })

  it('remembers a password that an administrator set in an earlier version', async () => {
    const { user, token } = await invited()
    // Earlier versions left the user invited.
    const passwordHash = await server.services.hasher.hashPassword('Given-Meadow-41')
    await server.database.write(async unit => {
      const columns = { passwordHash, passwordChangedAt: new Date(1) }
      await unit.rows(UserEntity).update({ id: user.id }, columns)
    })
    const refused = await server.client().logIn(user.login, 'Given-Meadow-41')
    expect(refused.data.logIn.errors).toMatchObject([{ __typename: 'InvalidCredentials' }])
    const input = { currentPassword: goodPassword, newPassword: 'Given-Meadow-41' }
    const client = server.client()
    expect((await activate(token, client)).payload.errors).toEqual([])
    const { data } = await client.changePassword(input)
    expect(data.changePassword.errors).toMatchObject([{ violations: [{ rule: 'REUSED' }] }])
  })

  it('works once', async () => {
    const { user, token } = await invited()
    await activate(token)
    const { payload } = await activate(token, server.client(), 'Brisk-Meadow-41')
    expect(payload).toMatchObject({
      user: null,
      errors: [{ __typename: 'LinkInvalid', path: ['token'], status: 'USED' }],
    })
    expect((await server.client().logIn(user.login, 'Brisk-Meadow-41')).data.logIn.user).toBeNull()
  })

  it('starts only one session if many try at once', async () => {
    const { user, token } = await invited()
    const answers = await Promise.all(Array.from({ length: 8 }, () => activate(token)))
    expect(answers.filter(({ payload }) => payload.user !== null)).toHaveLength(1)
    expect(answers.flatMap(({ payload }) => payload.errors)).toEqual(
      Array(7).fill(expect.objectContaining({ __typename: 'LinkInvalid', status: 'USED' })),
    )
    expect(await sessionsOf(user.id)).toHaveLength(1)
  })

  it('does not work with an expired link', async () => {
    const { user, token } = await invited()
    await server.database.write(async unit => {
      await unit.rows(OneTimeLinkEntity).update({ userId: user.id }, { expiresAt: new Date(1) })
    })
    expect((await activate(token)).payload.errors).toMatchObject([{ status: 'EXPIRED' }])
  })

  it('does not work with a link that was revoked', async () => {
    const { user, token } = await invited()
    await server.database.write(unit => server.services.links.revoke(unit, 'INVITATION', user.id))
    expect((await activate(token)).payload.errors).toMatchObject([{ status: 'REVOKED' }])
  })

  it.each(['', 'guess', 'x'.repeat(43), '\u0000', 'é'.repeat(200)])(
    'does not work with the token %j',
    async token => {
      await invited()
      expect((await activate(token)).payload.errors).toMatchObject([{ status: 'UNKNOWN' }])
    },
  )

  it('does not work with a link for another purpose', async () => {
    const { user } = await invited()
    const setup = await server.services.setup.issueLink()
    const { token: reset } = await server.database.write(unit =>
      server.services.links.issue(unit, 'PASSWORD_RESET', user.id, 60),
    )
    for (const token of [setup, reset]) {
      expect((await activate(token)).payload.errors).toMatchObject([{ status: 'UNKNOWN' }])
    }
  })

  it.each<UserStatus>(['BLOCKED', 'ACTIVE'])('does nothing for a user who is %s', async status => {
    const { user, token } = await invited()
    await server.database.write(async unit => {
      await unit.rows(UserEntity).update({ id: user.id }, { status })
    })
    expect((await activate(token)).payload.errors).toMatchObject([{ status: 'REVOKED' }])
    expect(await server.services.users.find(user.id)).toMatchObject({ status, passwordHash: null })
  })

  it('does nothing for a user who was deleted', async () => {
    const { user, token } = await invited()
    await server.database.write(unit => server.services.users.remove(unit, user))
    expect((await activate(token)).payload.errors).toMatchObject([{ status: 'UNKNOWN' }])
  })

  it('ends the earlier session of the browser', async () => {
    const other = await server.addUser()
    const client = await server.signedIn(other)
    const before = client.clone()
    const { user, token } = await invited()
    await activate(token, client)
    expect(await client.whoAmI()).toBe(user.login)
    expect(await before.whoAmI()).toBeNull()
  })

  it('never puts the password into an answer or a log', async () => {
    const { token } = await invited()
    const { text } = await activate(token, server.client(), 'Secret-Harbour-1')
    expect(text).not.toContain('Secret-Harbour-1')
    expect(server.log()).not.toContain('Secret-Harbour-1')
    expect(server.log()).not.toContain(token)
  })
})
