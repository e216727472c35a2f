import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { OneTimeLinkEntity } from '../one-time-links/one-time-link.entity.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { SessionEntity } from '../sessions/session.entity.js'
import { apiTokenOf } from '../testing/api-token-client.js'
import { Mailbox } from '../testing/mailbox.js'
import { answer, beginLogIn, enrolTotp, typesOf } from '../testing/second-factor-client.js'
import { type TestClient, TestServer } from '../testing/test-server.js'
import type { Caller } from '../users/caller.js'
import type { UserEntity } from '../users/user.entity.js'

let mailbox: Mailbox
let server: TestServer
let admin: Caller
let asAdmin: TestClient
beforeAll(async () => {
  const { mailbox: started, url } = await Mailbox.start()
  mailbox = started
  server = await TestServer.start({
    SMTP_URL: url,
    PUBLIC_URL: 'https://rekey.example',
  })
  admin = await server.addUser({ role: 'ADMIN', firstName: 'Ada', lastName: 'Minister' })
  asAdmin = await server.signedIn(admin)
})
afterAll(async () => {
  await server.stop()
  await mailbox.stop()
})

type Many =
  | 'sendPasswordResetLinks'
  | 'requirePasswordChange'
  | 'withdrawPasswordChangeRequirement'
  | 'signOutUsers'
const many: readonly [Many, string][] = [
  ['sendPasswordResetLinks', 'SEND_PASSWORD_RESET_LINK'],
  ['requirePasswordChange', 'REQUIRE_PASSWORD_CHANGE'],
  ['signOutUsers', 'SIGN_OUT_USER'],
]

const inputTypeOf = (mutation: string) =>
  `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`
const errorFields = `errors {
  __typename
  ... on UserError { message path }
  ... on AccessDenied { reason }
  ... on TooManyAttempts { retryAfterSeconds }
}`

/** Acts on users; returns the results and the errors of GraphQL. */
const act = async (mutation: Many, userIds: readonly string[], client = asAdmin) => {
  const { data, errors } = await client.query(
    `mutation ($input: ${inputTypeOf(mutation)}!) {
      ${mutation}(input: $input) {
        results { userId user { id mustChangePassword } ${errorFields} }
      }
    }`,
    { input: { userIds } },
  )
  return { results: data?.[mutation].results, errors }
}

type Link = 'createPasswordResetLink' | 'createInvitationLink'
const createLink = async (mutation: Link, userId: string, client = asAdmin) => {
  const { data, errors } = await client.query(
    `mutation ($input: ${inputTypeOf(mutation)}!) {
      ${mutation}(input: $input) { url expiresAt ${errorFields} }
    }`,
    { input: { userId } },
  )
  return { ...data?.[mutation], refused: errors }
}

const mailsTo = async ({ login }: Pick<UserEntity, 'login'>) => {
  await server.services.mail.idle()
  return mailbox.mails.filter(({ to }) => [to].flat().some(one => one?.text === login))
}
const tokenIn = (text: string | null | undefined) =>
  /https:\/\/rekey\.example\/(?:reset-password|activate)#token=([\w-]{43})(?![\w-])/.exec(
    text ?? '',
  )?.[1] ?? ''

const operationsOn = (subjectId: string) =>
  server.database.read(unit =>
    unit.rows(OperationEntity).find({ where: { subjectId }, order: { id: 'ASC' } }),
  )
const linksOf = (userId: string) =>
  server.database.read(unit =>
    unit.rows(OneTimeLinkEntity).find({ where: { userId }, order: { id: 'ASC' } }),
  )
const now = (user: UserEntity) => server.services.users.find(user.id)
const activate = async (token: string, password: string) => {
  const { data } = await server
    .client()
    .query(
      'mutation ($input: ActivateUserInput!) { activateUser(input: $input) { user { id } errors { __typename ... on LinkInvalid { status } } } }',
      { input: { token, password } },
    )
  return data.activateUser
}

describe.each(many)('%s', (mutation, action) => {
  it('refuses users who outrank the caller, the caller, and unknown users, and acts on the others', async () => {
    const owner = await server.addUser({ role: 'OWNER' })
    const member = await server.addUser()
    await server.signedIn(member)
    const { results } = await act(mutation, [owner.id, 'nobody', admin.id, member.id])
    expect(results).toMatchObject([
      { user: null, errors: [{ __typename: 'AccessDenied', reason: 'OUTRANKED' }] },
      { user: null, errors: [{ __typename: 'UserNotFound', path: ['userIds'] }] },
      { user: null, errors: [{ __typename: 'AccessDenied', reason: 'SELF' }] },
      { user: { id: member.id }, errors: [] },
    ])
    expect(await operationsOn(owner.id)).toMatchObject([
      { action, outcome: 'REFUSED', reason: 'OUTRANKED', actorId: admin.id },
    ])
    const done = (await operationsOn(member.id)).filter(({ actorId }) => actorId === admin.id)
    expect(done).toMatchObject([{ action, outcome: 'DONE' }])
    expect(await mailsTo(owner)).toEqual([])
    const [mail, ...others] = await mailsTo(member)
    expect(others).toEqual([])
    expect(mail?.text).toContain('Ada Minister')
  })

  it('rejects more than a hundred users', async () => {
    const { errors } = await act(
      mutation,
      Array.from({ length: 101 }, (_, index) => `user${index}`),
    )
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })

  it('accepts an API token, but never on a user with more permissions than the token', async () => {
    const { client } = await apiTokenOf(server, admin, ['users.manage'])
    const reader = await server.addUser({ grantedPermissions: ['users.read'] })
    const member = await server.addUser()
    const { results } = await act(mutation, [reader.id, member.id], client)
    expect(results).toMatchObject([
      { errors: [{ __typename: 'AccessDenied', reason: 'OUTRANKED' }] },
      { errors: [] },
    ])
  })
})

describe('a reset link that an administrator sends', () => {
  it('resets the password, and proves that the login receives mail', async () => {
    const user = await server.addUser()
    const session = await server.signedIn(user)
    await act('sendPasswordResetLinks', [user.id])
    expect(await session.whoAmI()).toBe(user.login)
    const [mail] = await mailsTo(user)
    expect(mail?.subject).toBe('Choose a new password')
    const token = tokenIn(mail?.text)
    const { data } = await server.client().resetPassword(token, 'Brisk-Meadow-41')
    expect(data.resetPassword.errors).toEqual([])
    expect(await session.whoAmI()).toBeNull()
    expect(await now(user)).toMatchObject({ loginVerifiedAt: expect.any(Date) })
    const again = await server.client().resetPassword(token, 'Calm-Meadow-42')
    expect(again.data.resetPassword.errors).toMatchObject([{ status: 'USED' }])
  })

  it('is valid for 24 hours, and replaces earlier ones', async () => {
    const user = await server.addUser()
    await act('sendPasswordResetLinks', [user.id])
    await act('sendPasswordResetLinks', [user.id])
    const [first, second, ...others] = await linksOf(user.id)
    expect(others).toEqual([])
    expect(first).toMatchObject({ endReason: 'REVOKED' })
    expect(second).toMatchObject({ endReason: null, sentToLogin: true })
    const validMs = (second?.expiresAt.getTime() ?? 0) - (second?.createdAt.getTime() ?? 0)
    expect(Math.round(validMs / 1000)).toBe(24 * 60 * 60)
  })

  it('is refused to users who are invited or blocked', async () => {
    const invited = await server.addUser({ status: 'INVITED', password: null })
    const blocked = await server.addUser({ status: 'BLOCKED' })
    const { results } = await act('sendPasswordResetLinks', [invited.id, blocked.id])
    expect(results).toMatchObject([
      { user: null, errors: [{ __typename: 'UserStillInvited', path: ['userIds'] }] },
      { user: null, errors: [{ __typename: 'UserStillBlocked', path: ['userIds'] }] },
    ])
    expect(await linksOf(invited.id)).toEqual([])
    expect(await linksOf(blocked.id)).toEqual([])
  })

  it('is refused after too many to the same mailbox, without a limit on the user’s own requests', async () => {
    const user = await server.addUser()
    const other = await server.addUser()
    let last: Awaited<ReturnType<typeof act>> | undefined
    for (let count = 0; count < 6; count += 1) {
      last = await act('sendPasswordResetLinks', [user.id])
    }
    expect(last?.results).toMatchObject([
      { errors: [{ __typename: 'TooManyAttempts', retryAfterSeconds: expect.any(Number) }] },
    ])
    expect(await mailsTo(user)).toHaveLength(5)
    const { results } = await act('sendPasswordResetLinks', [user.id, other.id])
    expect(results).toMatchObject([{ errors: [{ __typename: 'TooManyAttempts' }] }, { errors: [] }])
    const refusals = (await operationsOn(user.id)).filter(({ outcome }) => outcome === 'REFUSED')
    expect(refusals).toMatchObject([{ reason: 'TOO_MANY_ATTEMPTS' }])
    const own = await server.client().requestPasswordReset(user.login)
    expect(own.data.requestPasswordReset.errors).toEqual([])
  })

  it('is refused if no mail server is configured', async () => {
    const withoutMail = await TestServer.start()
    try {
      const owner = await withoutMail.addUser({ role: 'OWNER' })
      const user = await withoutMail.addUser()
      const client = await withoutMail.signedIn(owner)
      const { results } = await act('sendPasswordResetLinks', [user.id], client)
      expect(results).toMatchObject([{ errors: [{ __typename: 'MailNotConfigured' }] }])
      expect(await withoutMail.mailsTo(user.login)).toEqual([])
      const { url } = await createLink('createPasswordResetLink', user.id, client)
      expect(url).toContain('/reset-password#token=')
    } finally {
      await withoutMail.stop()
    }
  })
})

describe('a required password change', () => {
  it('ends nothing, but open sessions and API tokens wait for the new password', async () => {
    const user = await server.addUser({ role: 'ADMIN' })
    const session = await server.signedIn(user)
    const { client: program } = await apiTokenOf(server, user, ['users.read'])
    const owner = await server.signedIn(await server.addUser({ role: 'OWNER' }))
    const { results } = await act('requirePasswordChange', [user.id], owner)
    expect(results).toMatchObject([{ user: { mustChangePassword: true }, errors: [] }])
    expect(await session.whoAmI()).toBe(user.login)
    const users = '{ users(first: 1) { nodes { id } } }'
    for (const client of [session, program]) {
      expect((await client.query(users)).errors).toMatchObject([
        { extensions: { code: 'FORBIDDEN', reason: 'PASSWORD_CHANGE_REQUIRED' } },
      ])
    }
    const change = {
      currentPassword: 'Quiet-Harbour-72',
      newPassword: 'Brisk-Meadow-41',
    }
    const { data } = await session.query(
      'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { errors { __typename } } }',
      { input: change },
    )
    expect(data.changePassword.errors).toEqual([])
    for (const client of [session, program]) {
      expect((await client.query(users)).errors).toBeUndefined()
    }
  })

  it('is a success without effect if it is required already', async () => {
    const user = await server.addUser()
    await act('requirePasswordChange', [user.id])
    const { results } = await act('requirePasswordChange', [user.id])
    expect(results).toMatchObject([{ errors: [] }])
    expect(await operationsOn(user.id)).toHaveLength(1)
    expect(await mailsTo(user)).toHaveLength(1)
  })

  it('is refused for a user without a password, and possible for a blocked one', async () => {
    const invited = await server.addUser({ status: 'INVITED', password: null })
    const blocked = await server.addUser({ status: 'BLOCKED' })
    const { results } = await act('requirePasswordChange', [invited.id, blocked.id])
    expect(results).toMatchObject([
      { user: null, errors: [{ __typename: 'PasswordMissing' }] },
      { user: { mustChangePassword: true }, errors: [] },
    ])
  })
})

describe('withdrawing a required password change', () => {
  it('lets sessions and API tokens work again with the same password, and notifies the user', async () => {
    const user = await server.addUser({ role: 'ADMIN' })
    const session = await server.signedIn(user)
    const { client: program } = await apiTokenOf(server, user, ['users.read'])
    const owner = await server.signedIn(await server.addUser({ role: 'OWNER' }))
    await act('requirePasswordChange', [user.id], owner)
    const { results } = await act('withdrawPasswordChangeRequirement', [user.id], owner)
    expect(results).toMatchObject([{ user: { mustChangePassword: false }, errors: [] }])
    const users = '{ users(first: 1) { nodes { id } } }'
    for (const client of [session, program]) {
      expect((await client.query(users)).errors).toBeUndefined()
    }
    const mails = await mailsTo(user)
    expect(mails.map(({ subject }) => subject)).toContain('You can keep your password')
    expect(await operationsOn(user.id)).toContainEqual(
      expect.objectContaining({ action: 'WITHDRAW_PASSWORD_CHANGE_REQUIREMENT', outcome: 'DONE' }),
    )
  })

  it('does nothing for a user who need not choose a new password', async () => {
    const user = await server.addUser()
    const { results } = await act('withdrawPasswordChangeRequirement', [user.id])
    expect(results).toMatchObject([{ errors: [] }])
    expect(await operationsOn(user.id)).toHaveLength(0)
    expect(await mailsTo(user)).toHaveLength(0)
  })
})

describe('signing out a user', () => {
  it('ends every session and gives the reason, but not the API tokens', async () => {
    const user = await server.addUser()
    const clients = [await server.signedIn(user), await server.signedIn(user)]
    const { client: program } = await apiTokenOf(server, user)
    await act('signOutUsers', [user.id])
    for (const client of clients) {
      const { data } = await client.query('{ viewer { id } sessionEndReason }')
      expect(data).toEqual({ viewer: null, sessionEndReason: 'ENDED_BY_ADMINISTRATOR' })
    }
    expect(await program.whoAmI()).toBe(user.login)
    expect(await (await server.signedIn(user)).whoAmI()).toBe(user.login)
  })

  it('ends unfinished sign-ins, and the trust in devices', async () => {
    await server.setSecurity({ trustedDevices: 'WEEK' })
    const user = await server.addUser()
    const { recoveryCodes } = await enrolTotp(await server.signedIn(user))
    const trusted = server.client()
    const first = await beginLogIn(trusted, user.login)
    const codes = recoveryCodes.map((code: string) => ({ method: 'RECOVERY_CODE', code }))
    const trust = { ...codes[0], token: first.challenge.token, trustDevice: true }
    expect((await answer(trusted, trust)).errors).toEqual([])
    const { challenge } = await beginLogIn(server.client(), user.login)
    await act('signOutUsers', [user.id])
    const late = { ...codes[1], token: challenge.token }
    expect(typesOf(await answer(server.client(), late))).toEqual(['ChallengeExpired'])
    const again = await beginLogIn(trusted, user.login)
    expect(again.challenge).not.toBeNull()
  })

  it('sends no mail and records nothing if there is nothing to end', async () => {
    const user = await server.addUser()
    await server.signedIn(user)
    for (let count = 0; count < 3; count += 1) {
      expect((await act('signOutUsers', [user.id])).results).toMatchObject([{ errors: [] }])
    }
    expect(await mailsTo(user)).toHaveLength(1)
    const actions = (await operationsOn(user.id)).map(({ action }) => action)
    expect(actions.filter(action => action === 'SIGN_OUT_USER')).toHaveLength(1)
  })

  it('ends links that the user handed over, even without a session', async () => {
    const other = await server.addUser({ role: 'ADMIN' })
    const member = await server.addUser()
    const { url } = await createLink(
      'createPasswordResetLink',
      member.id,
      await server.signedIn(other),
    )
    await server.database.write(unit =>
      unit.rows(SessionEntity).update({ userId: other.id }, { endReason: 'ENDED_ELSEWHERE' }),
    )
    await act('signOutUsers', [other.id])
    const { data } = await server.client().resetPassword(tokenIn(url), 'Brisk-Meadow-41')
    expect(data.resetPassword.errors).toMatchObject([{ status: 'REVOKED' }])
  })

  it('does nothing for users who cannot be signed in', async () => {
    const blocked = await server.addUser({ status: 'BLOCKED' })
    const { results } = await act('signOutUsers', [blocked.id])
    expect(results).toMatchObject([{ errors: [] }])
    expect(await operationsOn(blocked.id)).toEqual([])
    expect(await mailsTo(blocked)).toEqual([])
  })
})

describe('a reset link to hand over', () => {
  it('resets the password once, without a proof of the login, and notifies the user', async () => {
    const user = await server.addUser()
    const { url, errors } = await createLink('createPasswordResetLink', user.id)
    expect(errors).toEqual([])
    const token = tokenIn(url)
    const [notice] = await mailsTo(user)
    expect(notice?.text).toContain('Ada Minister created a link')
    expect(notice?.text).not.toContain(token)
    const { data } = await server.client().resetPassword(token, 'Brisk-Meadow-41')
    expect(data.resetPassword.errors).toEqual([])
    expect(await now(user)).toMatchObject({ loginVerifiedAt: null })
    const [, changed] = await mailsTo(user)
    expect(changed?.text).toContain('a link that an administrator created')
    expect(await server.client().logIn(user.login, 'Brisk-Meadow-41')).toMatchObject({
      data: { logIn: { errors: [] } },
    })
    expect(server.log()).not.toContain(token)
  })

  it('replaces a link that was sent, and ends with the next one', async () => {
    const user = await server.addUser()
    await act('sendPasswordResetLinks', [user.id])
    await createLink('createPasswordResetLink', user.id)
    await createLink('createPasswordResetLink', user.id)
    expect(await linksOf(user.id)).toMatchObject([
      { sentToLogin: true, endReason: 'REVOKED' },
      { sentToLogin: false, endReason: 'REVOKED' },
      { sentToLogin: false, endReason: null },
    ])
  })

  it('is refused for users who are invited, blocked or unknown, or outrank the caller', async () => {
    const users = [
      await server.addUser({ status: 'INVITED', password: null }),
      await server.addUser({ status: 'BLOCKED' }),
      await server.addUser({ role: 'OWNER' }),
      admin,
      { id: 'nobody' },
    ]
    const answers = []
    for (const { id } of users) answers.push(await createLink('createPasswordResetLink', id))
    expect(answers).toMatchObject([
      { url: null, errors: [{ __typename: 'UserStillInvited', path: ['userId'] }] },
      { url: null, errors: [{ __typename: 'UserStillBlocked' }] },
      { url: null, errors: [{ __typename: 'AccessDenied', reason: 'OUTRANKED' }] },
      { url: null, errors: [{ __typename: 'AccessDenied', reason: 'SELF' }] },
      { url: null, errors: [{ __typename: 'UserNotFound' }] },
    ])
  })
})

describe('an invitation link to hand over', () => {
  it('activates the account without a proof of the login, and replaces the invitation', async () => {
    const login = 'hand.over@rekey.example'
    const { data } = await asAdmin.query(
      'mutation ($input: InviteUserInput!) { inviteUser(input: $input) { user { id } } }',
      { input: { login, firstName: 'Hanna' } },
    )
    const userId = data.inviteUser.user.id
    const [invitation] = await mailsTo({ login })
    const sent = tokenIn(invitation?.text)
    const { url, errors } = await createLink('createInvitationLink', userId)
    expect(errors).toEqual([])
    const token = tokenIn(url)
    const [, notice] = await mailsTo({ login })
    expect(notice?.text).toContain('Ada Minister created a link')
    expect(notice?.text).not.toContain(token)
    const shown = await asAdmin.query(
      '{ user(id: "'.concat(userId, '") { invitation { status sentToLogin } } }'),
    )
    expect(shown.data.user.invitation).toEqual({ status: 'VALID', sentToLogin: false })
    expect(await activate(sent, 'Brisk-Meadow-41')).toMatchObject({
      errors: [{ __typename: 'LinkInvalid', status: 'REVOKED' }],
    })
    expect(await activate(token, 'Brisk-Meadow-41')).toMatchObject({ errors: [] })
    expect(await server.services.users.find(userId)).toMatchObject({
      status: 'ACTIVE',
      loginVerifiedAt: null,
    })
  })

  it('is refused for users who are active, or outrank the caller', async () => {
    const active = await server.addUser()
    const owner = await server.addUser({ role: 'OWNER', status: 'INVITED', password: null })
    expect(await createLink('createInvitationLink', active.id)).toMatchObject({
      url: null,
      errors: [{ __typename: 'NotInvited' }],
    })
    expect(await createLink('createInvitationLink', owner.id)).toMatchObject({
      url: null,
      errors: [{ __typename: 'AccessDenied', reason: 'OUTRANKED' }],
    })
    expect(await linksOf(owner.id)).toEqual([])
  })

  it('is refused to a user who may invite, but not set passwords', async () => {
    const inviter = await server.addUser({ grantedPermissions: ['users.invite', 'users.read'] })
    const invited = await server.addUser({ status: 'INVITED', password: null })
    const client = await server.signedIn(inviter)
    const { refused } = await createLink('createInvitationLink', invited.id, client)
    expect(refused).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  })
})

describe.each(['createPasswordResetLink', 'createInvitationLink'] as const)('%s', mutation => {
  it('is refused after too many for the same user, who would get a mail each time', async () => {
    const user = await server.addUser(
      mutation === 'createInvitationLink' ? { status: 'INVITED', password: null } : {},
    )
    let created = 0
    let last = await createLink(mutation, user.id)
    // The first waits are short, and may be over on a slow machine.
    for (; last.errors.length === 0 && created < 20; created += 1) {
      last = await createLink(mutation, user.id)
    }
    expect(last).toMatchObject({ url: null, errors: [{ __typename: 'TooManyAttempts' }] })
    expect(await mailsTo(user)).toHaveLength(created)
    expect((await linksOf(user.id)).at(-1)).toMatchObject({ endReason: null })
  })

  it('refuses an API token, whatever its permissions are', async () => {
    const { client } = await apiTokenOf(server, admin, ['users.manage', 'users.invite'])
    const user = await server.addUser(
      mutation === 'createInvitationLink' ? { status: 'INVITED', password: null } : {},
    )
    const { refused } = await createLink(mutation, user.id, client)
    expect(refused).toMatchObject([{ extensions: { code: 'SESSION_REQUIRED' } }])
    expect(await linksOf(user.id)).toEqual([])
  })

  it('requires a recent proof of identity', async () => {
    const other = await server.addUser({ role: 'ADMIN' })
    const client = await server.signedIn(other)
    await server.database.write(unit =>
      unit.rows(SessionEntity).update({ userId: other.id }, { provedAt: new Date(0) }),
    )
    const user = await server.addUser()
    const { refused } = await createLink(mutation, user.id, client)
    expect(refused).toMatchObject([{ extensions: { code: 'REAUTHENTICATION_REQUIRED' } }])
  })
})
