import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { IsNull } from 'typeorm'
import { OperationEntity } from '../operations/operation.entity.js'
import { SecondFactorEntity } from '../second-factor/second-factor.entity.js'
import { SessionEntity } from '../sessions/session.entity.js'
import { apiTokenOf } from '../testing/api-token-client.js'
import { Mailbox } from '../testing/mailbox.js'
import {
  answer,
  beginLogIn,
  beginPasskeySignIn,
  enrolPasskey,
  enrolTotp,
  logInWithPasskey,
  mutate,
  typesOf,
} from '../testing/second-factor-client.js'
import { SoftwareAuthenticator } from '../testing/software-authenticator.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import type { Caller } from '../users/caller.js'
import { UserEntity } from '../users/user.entity.js'

const publicUrl = 'https://rekey.example'
const nextPassword = 'Brisk-Meadow-41'
const origin = { ip: '127.0.0.1', userAgent: 'Browser/1', requestId: 'test' }

let mailbox: Mailbox
let server: TestServer
let admin: Caller
let asAdmin: TestClient
beforeAll(async () => {
  const { mailbox: started, url } = await Mailbox.start()
  mailbox = started
  server = await TestServer.start({ SMTP_URL: url, PUBLIC_URL: publicUrl })
  await server.setSecurity({ trustedDevices: 'MONTH' })
  admin = await server.addUser({ role: 'ADMIN', firstName: 'Ada', lastName: 'Minister' })
  asAdmin = await server.signedIn(admin)
})
afterAll(async () => {
  await server.stop()
  await mailbox.stop()
})

const errors =
  'errors { __typename ... on UserError { message path } ... on AccessDenied { reason } }'
const secure = (input: Record<string, unknown>, client = asAdmin) =>
  mutate(
    client,
    'secureUser',
    `user { id status hasPassword } resetLinkSent resetLinkRefusal ${errors}`,
    input,
  )

const mailsTo = async ({ login }: Pick<UserEntity, 'login'>) => {
  await server.services.mail.idle()
  return mailbox.mails.filter(({ to }) => [to].flat().some(one => one?.text === login))
}
const tokenIn = (text: string | null | undefined) =>
  /https:\/\/rekey\.example\/reset-password#token=([\w-]{43})(?![\w-])/.exec(text ?? '')?.[1] ?? ''
const operationsOn = async (subjectId: string, actorId: string | null = admin.id) =>
  server.database.read(unit =>
    unit
      .rows(OperationEntity)
      .find({ where: { subjectId, actorId: actorId ?? IsNull() }, order: { id: 'ASC' } }),
  )
const trust = async (user: UserEntity) =>
  server.database.write(async unit => {
    const token = await server.services.trustedDevices.trust(unit, user, origin)
    if (token === null) throw new Error('The device is not trusted.')
    return token
  })

const lists = `hasPassword
  sessions(first: 1) { totalCount nodes { id ip userAgent lastSeenAt current } pageInfo { hasNextPage } }
  apiTokens { totalCount nodes { id prefix permissions lastUsedAt suspended } }
  trustedDevices { totalCount nodes { id userAgent current } }`
const read = async (id: string, client = asAdmin) => {
  const { data, errors } = await client.query(`query ($id: ID!) { user(id: $id) { ${lists} } }`, {
    id,
  })
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  return data.user
}
const nothing = { hasPassword: null, sessions: null, apiTokens: null, trustedDevices: null }

/** A member with two sessions, an API token and a trusted device. */
const withEverything = async () => {
  const user = await server.addUser({ loginVerifiedAt: new Date() })
  const clients = [await server.signedIn(user), await server.signedIn(user)] as const
  const apiToken = await apiTokenOf(server, user)
  const deviceToken = await trust(user)
  return { user, clients, apiToken, deviceToken }
}

describe('the lists of what lets a user sign in', () => {
  it('show an administrator the sessions, API tokens and trusted devices of a member', async () => {
    const { user, apiToken } = await withEverything()
    expect(await read(user.id)).toMatchObject({
      hasPassword: true,
      sessions: {
        totalCount: 2,
        nodes: [{ ip: '127.0.0.1', current: false }],
        pageInfo: { hasNextPage: true },
      },
      apiTokens: { totalCount: 1, nodes: [{ prefix: apiToken.row.prefix, suspended: false }] },
      trustedDevices: { totalCount: 1, nodes: [{ userAgent: 'Browser/1', current: false }] },
    })
  })

  it('are null for callers who may not act on the user, even with users.read', async () => {
    const { user } = await withEverything()
    const owner = await server.addUser({ role: 'OWNER' })
    const reader = await server.addUser({ grantedPermissions: ['users.read'] })
    expect(await read(owner.id)).toEqual(nothing)
    expect(await read(user.id, await server.signedIn(reader))).toEqual(nothing)
  })

  it('do not show an outranked manager the lists of a user with more permissions', async () => {
    const manager = await server.addUser({ grantedPermissions: ['users.read', 'users.manage'] })
    const { user } = await withEverything()
    const client = await server.signedIn(manager)
    expect((await read(user.id, client)).sessions.totalCount).toBe(2)
    expect(await read(admin.id, client)).toEqual(nothing)
  })

  it('show users their own in a session, but not to an API token', async () => {
    const { user, clients, apiToken } = await withEverything()
    const own = await read(user.id, clients[1])
    expect(own).toMatchObject({ hasPassword: true, apiTokens: { totalCount: 1 } })
    expect(own.sessions.nodes).toMatchObject([{ current: true }])
    expect(await read(user.id, apiToken.client)).toEqual(nothing)
  })

  it('are refused to a caller who must first change the password', async () => {
    const { user, clients } = await withEverything()
    await server.database.write(unit => server.services.users.requirePasswordChange(unit, [user]))
    const { data, errors } = await clients[0].query('{ viewer { id sessions { totalCount } } }')
    expect(data.viewer).toEqual({ id: user.id, sessions: null })
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  })

  it('are limited to ten users in one request', async () => {
    const users = await Promise.all(Array.from({ length: 11 }, () => server.addUser()))
    const fieldsOf = (some: readonly Caller[]) =>
      some
        .map(
          ({ id }, at) =>
            `u${at}: user(id: "${id}") { sessions { totalCount } apiTokens { totalCount } }`,
        )
        .join(' ')
    const few = await asAdmin.query(`{ ${fieldsOf(users.slice(1))} }`)
    expect(few.errors).toBeUndefined()
    const many = await asAdmin.query(`{ ${fieldsOf(users)} }`)
    expect(many.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } })
  })
})

const endings = [
  ['endUserSession', 'END_SESSION'],
  ['revokeUserApiToken', 'REVOKE_API_TOKEN'],
  ['revokeUserTrustedDevices', 'REVOKE_ALL_TRUSTED_DEVICES'],
] as const

/** The input of a mutation that ends something of a user, as `owner` has it. */
const inputOf = async (
  mutation: (typeof endings)[number][0],
  { user, apiToken }: Awaited<ReturnType<typeof withEverything>>,
  userId = user.id,
) => {
  if (mutation === 'endUserSession') {
    return { userId, sessionId: (await read(user.id)).sessions.nodes[0].id }
  }
  return mutation === 'revokeUserApiToken' ? { userId, apiTokenId: apiToken.row.id } : { userId }
}

describe.each(endings)('%s', (mutation, action) => {
  it('refuses a user who outranks the caller, the caller and an unknown user', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const everything = await withEverything()
    for (const [userId, refusal] of [
      [owner.id, { __typename: 'AccessDenied', reason: 'OUTRANKED' }],
      [admin.id, { __typename: 'AccessDenied', reason: 'SELF' }],
      ['nobody', { __typename: 'UserNotFound' }],
    ] as const) {
      const input = await inputOf(mutation, everything, userId)
      expect((await mutate(asAdmin, mutation, errors, input)).errors).toMatchObject([refusal])
    }
    expect(await operationsOn(owner.id)).toMatchObject([
      { action, outcome: 'REFUSED', reason: 'OUTRANKED' },
    ])
    expect(await mailsTo(owner)).toEqual([])
  })

  it('is recorded, and notifies the user by mail', async () => {
    const everything = await withEverything()
    const { user } = everything
    const input = await inputOf(mutation, everything)
    expect((await mutate(asAdmin, mutation, errors, input)).errors).toEqual([])
    expect(await operationsOn(user.id)).toMatchObject([{ action, outcome: 'DONE' }])
    expect((await mailsTo(user)).at(-1)?.text).toContain('Ada Minister')
  })

  it('requires a recent proof', async () => {
    const everything = await withEverything()
    const late = await server.addUser({ role: 'ADMIN' })
    const client = await server.signedIn(late)
    await server.database.write(unit =>
      unit.rows(SessionEntity).update({ userId: late.id }, { provedAt: new Date(0) }),
    )
    const input = await inputOf(mutation, everything)
    await expect(mutate(client, mutation, errors, input)).rejects.toThrow(
      'REAUTHENTICATION_REQUIRED',
    )
  })
})

describe('ending one thing of another user', () => {
  it('ends only that session, and its browser learns the reason', async () => {
    const { user, clients } = await withEverything()
    const own = '{ viewer { sessions { nodes { id current } } } }'
    const { data } = await clients[0].query(own)
    const current = data.viewer.sessions.nodes.find((one: { current: boolean }) => one.current)
    const input = { userId: user.id, sessionId: current.id }
    expect(await mutate(asAdmin, 'endUserSession', 'sessionId', input)).toEqual({
      sessionId: current.id,
    })
    expect(await clients[0].whoAmI()).toBeNull()
    const ended = await clients[0].query('{ sessionEndReason }')
    expect(ended.data.sessionEndReason).toBe('ENDED_BY_ADMINISTRATOR')
    expect(await clients[1].whoAmI()).toBe(user.login)
    expect(typesOf(await mutate(asAdmin, 'endUserSession', errors, input))).toEqual([
      'SessionNotFound',
    ])
  })

  it('does not end the session or API token of a user other than the named one', async () => {
    const { user } = await withEverything()
    const owner = await server.addUser({ role: 'OWNER' })
    const asOwner = await server.signedIn(owner)
    const apiToken = await apiTokenOf(server, owner)
    const session = await server.database.read(unit =>
      unit.rows(SessionEntity).findOneByOrFail({ userId: owner.id }),
    )
    const ended = { userId: user.id, sessionId: session.id }
    expect(typesOf(await mutate(asAdmin, 'endUserSession', errors, ended))).toEqual([
      'SessionNotFound',
    ])
    const revoked = { userId: user.id, apiTokenId: apiToken.row.id }
    expect(typesOf(await mutate(asAdmin, 'revokeUserApiToken', errors, revoked))).toEqual([
      'ApiTokenNotFound',
    ])
    expect(await asOwner.whoAmI()).toBe(owner.login)
    expect(await apiToken.client.whoAmI()).toBe(owner.login)
  })

  it('makes a revoked API token invalid at once, and records its prefix', async () => {
    const { user, apiToken } = await withEverything()
    const input = { userId: user.id, apiTokenId: apiToken.row.id }
    const { prefix, id } = apiToken.row
    expect(await mutate(asAdmin, 'revokeUserApiToken', 'revokedApiTokenId', input)).toEqual({
      revokedApiTokenId: id,
    })
    expect(await apiToken.client.whoAmI()).toBeNull()
    expect(await operationsOn(user.id)).toMatchObject([
      { changes: [{ name: 'apiTokenPrefix', from: prefix, to: null }] },
    ])
    expect((await mailsTo(user)).at(-1)?.text).toContain(prefix)
  })

  it('removes the trust in all devices, and records nothing if there are none', async () => {
    const { user } = await withEverything()
    const input = { userId: user.id }
    expect(await mutate(asAdmin, 'revokeUserTrustedDevices', 'count', input)).toEqual({ count: 1 })
    expect(await mutate(asAdmin, 'revokeUserTrustedDevices', 'count', input)).toEqual({ count: 0 })
    expect(await operationsOn(user.id)).toHaveLength(1)
    expect((await read(user.id)).trustedDevices.totalCount).toBe(0)
  })
})

describe('secureUser', () => {
  it('ends sessions, links and API tokens, removes the password, and sends a link for a new one', async () => {
    const { user, clients, apiToken } = await withEverything()
    const { token: requested } = await server.database.write(unit =>
      server.services.links.issue(unit, 'PASSWORD_RESET', user.id, 600, true),
    )
    const secured = await secure({ userId: user.id, reason: 'Reported\nby phone' })
    expect(secured).toEqual({
      user: { id: user.id, status: 'ACTIVE', hasPassword: false },
      resetLinkSent: true,
      resetLinkRefusal: null,
      errors: [],
    })

    for (const client of clients) expect(await client.whoAmI()).toBeNull()
    expect(await apiToken.client.whoAmI()).toBeNull()
    const signIn = await server.client().logIn(user.login, goodPassword)
    expect(typesOf(signIn.data.logIn)).toEqual(['InvalidCredentials'])
    const reset = async (token: string, password: string) =>
      (await server.client().resetPassword(token, password)).data.resetPassword
    expect(typesOf(await reset(requested, nextPassword))).toEqual(['LinkInvalid'])
    expect(await read(user.id)).toMatchObject({
      hasPassword: false,
      sessions: { totalCount: 0 },
      apiTokens: { totalCount: 0 },
      trustedDevices: { totalCount: 0 },
    })

    expect(await operationsOn(user.id)).toMatchObject([
      {
        action: 'SECURE_USER',
        outcome: 'DONE',
        changes: [
          { name: 'reason', to: 'Reported by phone' },
          { name: 'apiTokensRevoked', from: apiToken.row.prefix, to: null },
        ],
      },
    ])
    const mail = (await mailsTo(user)).at(-1)
    expect(mail?.subject).toBe('Your account was secured')
    expect(mail?.text).toContain('Ada Minister')
    expect(mail?.text).not.toContain('Reported')
    const token = tokenIn(mail?.text)
    expect(await server.storedBytes()).not.toContain(token)
    expect(typesOf(await reset(token, nextPassword))).toEqual([])
    expect(await (await server.signedIn(user, nextPassword)).whoAmI()).toBe(user.login)
  })

  it('rejects the removed password as the current one, and as one of the last ones', async () => {
    const owner = await server.signedIn(await server.addUser({ role: 'OWNER' }))
    const setPolicy = (rules: readonly Record<string, unknown>[]) =>
      mutate(owner, 'updatePasswordPolicy', 'errors { __typename }', { rules })
    try {
      for (const [rules, violated] of [
        [[{ rule: 'REUSED', enabled: false }], 'SAME_AS_CURRENT'],
        [
          [
            { rule: 'SAME_AS_CURRENT', enabled: false },
            { rule: 'REUSED', enabled: true, bound: 1 },
          ],
          'REUSED',
        ],
      ] as const) {
        expect((await setPolicy(rules)).errors).toEqual([])
        const { user } = await withEverything()
        await secure({ userId: user.id })
        const token = tokenIn((await mailsTo(user)).at(-1)?.text)
        const { data } = await server.client().resetPassword(token, goodPassword)
        expect(data.resetPassword.errors).toMatchObject([{ violations: [{ rule: violated }] }])
      }
    } finally {
      await server.database.write(unit => server.services.settings.savePasswordPolicy(unit, {}))
    }
  })

  it('asks a formerly trusted device for the second step, and keeps the second factors', async () => {
    const user = await server.addUser({ loginVerifiedAt: new Date() })
    await enrolTotp(await server.signedIn(user))
    const deviceToken = await trust(user)
    const cookie = `__Host-rekey_trusted_device=${deviceToken}`
    const trusted = () => server.client({ cookie })
    expect((await beginLogIn(trusted(), user.login)).challenge).toBeNull()
    await secure({ userId: user.id })
    const token = tokenIn((await mailsTo(user)).at(-1)?.text)
    await server.client().resetPassword(token, nextPassword)
    const { challenge } = await beginLogIn(trusted(), user.login, nextPassword)
    expect(challenge).toMatchObject({ methods: expect.arrayContaining(['TOTP']) })
  })

  it('ends a sign-in that waits for its second step', async () => {
    const user = await server.addUser()
    const { recoveryCodes } = await enrolTotp(await server.signedIn(user))
    const client = server.client()
    const { challenge } = await beginLogIn(client, user.login)
    await secure({ userId: user.id })
    const code = recoveryCodes[0]
    const input = { token: challenge.token, method: 'RECOVERY_CODE', code }
    expect((await answer(client, input)).user).toBeNull()
    expect(await client.whoAmI()).toBeNull()
  })

  it('does not let a passkey sign in until there is a new password', async () => {
    const user = await server.addUser({ loginVerifiedAt: new Date() })
    const authenticator = new SoftwareAuthenticator(publicUrl)
    await enrolPasskey(await server.signedIn(user), authenticator)
    const signIn = async () => {
      const client = server.client()
      const { token, options } = await beginPasskeySignIn(client)
      return logInWithPasskey(client, { token, response: authenticator.get(options) })
    }
    expect((await signIn()).errors).toEqual([])
    await secure({ userId: user.id })
    expect(typesOf(await signIn())).toEqual(['SecondFactorIncorrect'])
    const token = tokenIn((await mailsTo(user)).at(-1)?.text)
    await server.client().resetPassword(token, nextPassword)
    expect((await signIn()).user).toMatchObject({ id: user.id })
    const factors = await server.database.read(unit =>
      unit.rows(SecondFactorEntity).countBy({ userId: user.id }),
    )
    expect(factors).toBe(1)
  })

  it('blocks the user if asked to, records the block too, and sends no link', async () => {
    const { user } = await withEverything()
    const secured = await secure({ userId: user.id, block: true, reason: 'Stolen laptop' })
    expect(secured).toMatchObject({ user: { status: 'BLOCKED' }, resetLinkSent: false, errors: [] })
    const reason = { name: 'reason', from: null, to: 'Stolen laptop' }
    expect(await operationsOn(user.id)).toMatchObject([
      { action: 'BLOCK_USER', changes: [reason] },
      { action: 'SECURE_USER', changes: [reason, { name: 'apiTokensRevoked' }] },
    ])
    const mail = (await mailsTo(user)).at(-1)
    expect(tokenIn(mail?.text)).toBe('')
    expect(mail?.text).toContain('blocked')
  })

  it('secures a blocked user, whose suspended API tokens cannot be restored', async () => {
    const { user, apiToken } = await withEverything()
    await server.services.userStatuses.block(admin, [user.id], origin)
    expect(await secure({ userId: user.id })).toMatchObject({
      user: { status: 'BLOCKED' },
      resetLinkSent: false,
      errors: [],
    })
    const restored = [apiToken.row.id]
    await server.services.userStatuses.unblock(admin, [user.id], origin, restored)
    expect(await apiToken.client.whoAmI()).toBeNull()
    const signIn = await server.client().logIn(user.login, goodPassword)
    expect(typesOf(signIn.data.logIn)).toEqual(['InvalidCredentials'])
  })

  it('refuses users who outrank the caller, the caller, unknown and invited users', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const invited = await server.addUser({ status: 'INVITED', password: null })
    for (const [userId, refusal] of [
      [owner.id, { __typename: 'AccessDenied', reason: 'OUTRANKED' }],
      [admin.id, { __typename: 'AccessDenied', reason: 'SELF' }],
      ['nobody', { __typename: 'UserNotFound' }],
      [invited.id, { __typename: 'UserStillInvited', path: ['userId'] }],
    ] as const) {
      const { user, resetLinkSent, errors } = await secure({ userId })
      expect({ user, resetLinkSent, errors }).toMatchObject({
        user: null,
        resetLinkSent: false,
        errors: [refusal],
      })
    }
    const signIn = await server.client().logIn(owner.login, goodPassword)
    expect(typesOf(signIn.data.logIn)).toEqual([])
    expect(await operationsOn(owner.id)).toMatchObject([
      { action: 'SECURE_USER', outcome: 'REFUSED', reason: 'OUTRANKED' },
    ])
  })

  it('lets an owner secure another owner, and an API token never one with more permissions', async () => {
    const [one, other] = [
      await server.addUser({ role: 'OWNER' }),
      await server.addUser({ role: 'OWNER' }),
    ]
    const { client } = await apiTokenOf(server, one, ['users.manage'])
    const refused = await secure({ userId: other.id }, client)
    expect(refused.errors).toMatchObject([{ __typename: 'AccessDenied', reason: 'OUTRANKED' }])
    const { user } = await withEverything()
    expect((await secure({ userId: user.id }, client)).errors).toEqual([])
    expect((await secure({ userId: other.id }, await server.signedIn(one))).errors).toEqual([])
  })

  it('sends nothing to a changed login, and tells the former login, until the user has a password', async () => {
    const user = await server.addUser({ loginVerifiedAt: new Date() })
    const changeLogin = async (login: string) => {
      const { data } = await asAdmin.query(
        'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { loginChangedAt } errors { __typename } } }',
        { input: { userId: user.id, login } },
      )
      expect(data.updateUser.errors).toEqual([])
      return data.updateUser.user.loginChangedAt
    }
    const stolen = { login: `stolen.${user.id}@rekey.example` }
    await changeLogin(`first.${user.id}@rekey.example`)
    expect(await changeLogin(stolen.login)).not.toBeNull()
    // Even if the attacker proves that they get the mail.
    await server.database.write(unit =>
      unit.rows(UserEntity).update({ id: user.id }, { loginVerifiedAt: new Date() }),
    )
    const { data } = await asAdmin.query(`{ user(id: "${user.id}") { resetLinkRefusal } }`)
    expect(data.user.resetLinkRefusal).toBe('LOGIN_CHANGED')
    expect(await secure({ userId: user.id })).toMatchObject({
      resetLinkSent: false,
      resetLinkRefusal: 'LOGIN_CHANGED',
      errors: [],
    })
    await server.client().requestPasswordReset(stolen.login)
    await server.services.resetRequests.idle()
    for (const to of [user, stolen]) {
      const texts = (await mailsTo(to)).map(({ text }) => tokenIn(text))
      expect(texts.filter(token => token !== '')).toEqual([])
      expect((await mailsTo(to)).at(-1)?.subject).toBe('Your account was secured')
    }
    const operations = await operationsOn(user.id, null)
    expect(operations).toMatchObject([{ outcome: 'REFUSED', reason: 'LOGIN_CHANGED' }])

    const { url } = await mutate(asAdmin, 'createPasswordResetLink', 'url', { userId: user.id })
    const reset = await server.client().resetPassword(tokenIn(url), nextPassword)
    expect(typesOf(reset.data.resetPassword)).toEqual([])
    await server.client().requestPasswordReset(stolen.login)
    await server.services.resetRequests.idle()
    expect(tokenIn((await mailsTo(stolen)).at(-1)?.text)).not.toBe('')
  })

  it('sends no link to a login that was never verified, and one long after a change', async () => {
    const never = await server.addUser()
    expect(await secure({ userId: never.id })).toMatchObject({
      resetLinkSent: false,
      resetLinkRefusal: 'LOGIN_NOT_VERIFIED',
    })
    const longAgo = await server.addUser({ loginVerifiedAt: new Date() })
    await server.database.write(unit =>
      unit.rows(UserEntity).update({ id: longAgo.id }, { loginChangedAt: new Date(0) }),
    )
    expect(await secure({ userId: longAgo.id })).toMatchObject({
      resetLinkSent: true,
      resetLinkRefusal: null,
    })
  })

  it('sends no further mail if there is nothing more to end and no link', async () => {
    const user = await server.addUser()
    await secure({ userId: user.id })
    await secure({ userId: user.id })
    expect(await mailsTo(user)).toHaveLength(1)
  })

  it('ends nothing of other users', async () => {
    const bystander = await withEverything()
    const { user } = await withEverything()
    await secure({ userId: user.id })
    expect(await bystander.apiToken.client.whoAmI()).toBe(bystander.user.login)
    expect(await read(bystander.user.id)).toMatchObject({
      hasPassword: true,
      sessions: { totalCount: 2 },
      trustedDevices: { totalCount: 1 },
    })
  })
})

describe('a sign-in to a secured account', () => {
  it('does the same work as for an unknown login, and for a user who never had a password', async () => {
    const server = await TestServer.start({ PUBLIC_URL: publicUrl })
    try {
      const never = await server.addUser({ password: null })
      const user = await server.addUser()
      const securing = { userId: user.id, block: false, reason: null }
      const owner = await server.addUser({ role: 'OWNER' })
      await server.services.userSecurity.secure(owner, securing, origin)
      await server.stopJobs()
      const statementsOf = async (login: string) => {
        const work = () => server.client().logIn(login, goodPassword)
        return (await server.statementsDuring(work)).map(({ text }) => text)
      }
      const secured = await statementsOf(user.login)
      expect(secured).not.toEqual([])
      expect(await statementsOf(never.login)).toEqual(secured)
      expect(await statementsOf('unknown@rekey.example')).toEqual(secured)
    } finally {
      await server.stop()
    }
  })
})

describe('secureUser without a mail server', () => {
  it('secures the account and answers that no link was sent', async () => {
    const server = await TestServer.start({ PUBLIC_URL: publicUrl })
    try {
      const owner = await server.addUser({ role: 'OWNER' })
      const client = await server.signedIn(owner)
      const user = await server.addUser()
      expect(await secure({ userId: user.id }, client)).toMatchObject({
        user: { hasPassword: false },
        resetLinkSent: false,
        errors: [],
      })
      const { url } = await mutate(client, 'createPasswordResetLink', 'url', { userId: user.id })
      const { data } = await server.client().resetPassword(tokenIn(url), nextPassword)
      expect(typesOf(data.resetPassword)).toEqual([])
    } finally {
      await server.stop()
    }
  })
})

describe('a pending reset link', () => {
  const linkOf = async (id: string, client = asAdmin) => {
    const { data } = await client.query(
      'query ($id: ID!) { user(id: $id) { passwordResetLink { expiresAt sentToLogin } } }',
      { id },
    )
    return data.user?.passwordResetLink
  }

  it('is shown to those who may act on the user, until it ends', async () => {
    const user = await server.addUser()
    expect(await linkOf(user.id)).toBeNull()
    const created = await mutate(asAdmin, 'createPasswordResetLink', 'expiresAt', {
      userId: user.id,
    })
    expect(await linkOf(user.id)).toEqual({ expiresAt: created.expiresAt, sentToLogin: false })
    const reader = await server.signedIn(
      await server.addUser({ grantedPermissions: ['users.read'] }),
    )
    expect(await linkOf(user.id, reader)).toBeNull()
    await secure({ userId: user.id, block: true })
    expect(await linkOf(user.id)).toBeNull()
  })
})
