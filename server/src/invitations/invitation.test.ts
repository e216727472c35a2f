import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Not } from 'typeorm'
import { OneTimeLinkEntity } from '../one-time-links/one-time-link.entity.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { type TestClient, TestServer } from '../testing/test-server.js'
import { UserEntity } from '../users/user.entity.js'

let server: TestServer
let asAdmin: TestClient
let asOwner: TestClient
beforeAll(async () => {
  server = await TestServer.start({ PUBLIC_URL: 'http://rekey.example' })
  const admin = await server.addUser({ role: 'ADMIN', firstName: 'Ada', lastName: '<b>Nowak</b>' })
  asAdmin = await server.signedIn(admin)
  asOwner = await server.signedIn(await server.addUser({ role: 'OWNER' }))
})
afterAll(() => server.stop())

const errorFields = `errors {
  __typename
  ... on UserError { message path }
  ... on AccessDenied { reason }
}`
const userFields = `user {
  id login name phone language role status grantedPermissions withdrawnPermissions
  invitation { status sentAt expiresAt }
}`

const invite = async (input: Record<string, unknown>, client = asAdmin) => {
  const answer = await client.query(
    `mutation ($input: InviteUserInput!) { inviteUser(input: $input) { ${userFields} ${errorFields} } }`,
    { input: { firstName: 'Nele', ...input } },
  )
  return { ...answer, payload: answer.data?.inviteUser }
}
const inviteMany = async (users: Record<string, unknown>[], dryRun?: boolean, client = asAdmin) => {
  const answer = await client.query(
    `mutation ($input: InviteUsersInput!) {
      inviteUsers(input: $input) { results { index ${userFields} ${errorFields} } errors { message } }
    }`,
    { input: { users, dryRun } },
  )
  return { ...answer, results: answer.data?.inviteUsers.results }
}
const manage = async (
  mutation: 'resendInvitation' | 'revokeInvitation',
  userId: string,
  client = asAdmin,
) => {
  const type = mutation === 'resendInvitation' ? 'ResendInvitationInput' : 'RevokeInvitationInput'
  const answer = await client.query(
    `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${userFields} ${errorFields} } }`,
    { input: { userId } },
  )
  return { ...answer, payload: answer.data?.[mutation] }
}
const resend = (userId: string, client = asAdmin) => manage('resendInvitation', userId, client)
const revoke = (userId: string, client = asAdmin) => manage('revokeInvitation', userId, client)

const tokensTo = async (login: string) =>
  (await server.mailsTo(login)).map(mail => {
    const [, token] = /\/activate#token=([\w-]+)/.exec(mail.text ?? '') ?? []
    if (token === undefined) throw new Error('There is no link in the mail.')
    return token
  })
const statusOfToken = async (token: string) => (await server.services.links.read(token)).status

const operationsOn = async (subjectId: string) => {
  const operations = await server.database.read(unit =>
    unit.rows(OperationEntity).find({ where: { subjectId }, order: { id: 'ASC' } }),
  )
  return operations.map(({ action, outcome }) => `${action} ${outcome}`)
}
const countUsers = () => server.database.read(unit => unit.rows(UserEntity).count())

let count = 0
const freshLogin = () => {
  count += 1
  return `new${count}@rekey.example`
}

describe('an external id and metadata', () => {
  const outcomeOf = (result: { user: object | null; errors: { message: string }[] }) =>
    result.user === null ? result.errors.map(({ message: _, ...error }) => error) : 'added'
  const stored = async (login: string) => {
    const { externalId, metadata } = await server.database.read(unit =>
      unit.rows(UserEntity).findOneByOrFail({ login }),
    )
    return { externalId, metadata }
  }
  const taken = [{ __typename: 'ExternalIdTaken', path: ['externalId'] }]

  it('are stored with each added user, and refuse only users with an id that is taken', async () => {
    const login = freshLogin()
    await invite({ login, externalId: ' N-1 ', metadata: { team: 'IT' } })
    expect(await stored(login)).toEqual({ externalId: 'N-1', metadata: '{"team":"IT"}' })
    const twice = freshLogin()
    const users = [
      { login: freshLogin(), firstName: 'A', externalId: 'N-1' },
      { login: twice, firstName: 'B', externalId: 'N-2' },
      { login: freshLogin(), firstName: 'C', externalId: 'N-2 ' },
      { login: freshLogin(), firstName: 'D', externalId: 'a\u0000', metadata: { a: '\ud800' } },
      { login: freshLogin(), firstName: 'E' },
      { login: freshLogin(), firstName: 'F', externalId: 'a\u2028b' },
    ]
    const expected = [
      taken,
      'added',
      taken,
      [
        { __typename: 'InvalidField', path: ['externalId'] },
        { __typename: 'InvalidField', path: ['metadata'] },
      ],
      'added',
      [{ __typename: 'InvalidField', path: ['externalId'] }],
    ]
    const dry = await inviteMany(users, true)
    expect(dry.results.map(({ errors }: { errors: object[] }) => errors.length)).toEqual([
      1, 0, 1, 2, 0, 1,
    ])
    expect((await inviteMany(users)).results.map(outcomeOf)).toEqual(expected)
    expect(await stored(twice)).toEqual({ externalId: 'N-2', metadata: null })
  })

  it('require users.manage, and do not reveal to others which ids are taken', async () => {
    await invite({ login: freshLogin(), externalId: 'N-3' })
    const inviter = await server.signedIn(
      await server.addUser({ grantedPermissions: ['users.invite'] }),
    )
    const { payload } = await invite(
      { login: freshLogin(), externalId: 'N-3', metadata: {} },
      inviter,
    )
    expect(outcomeOf(payload)).toEqual([
      { __typename: 'AccessDenied', reason: 'PERMISSION_MISSING', path: ['externalId'] },
      { __typename: 'AccessDenied', reason: 'PERMISSION_MISSING', path: ['metadata'] },
    ])
    const without = await invite({ login: freshLogin(), externalId: null, metadata: null }, inviter)
    expect(outcomeOf(without.payload)).toBe('added')
  })
})

describe('inviting a user', () => {
  it('adds them, not active yet, and sends them a link that is valid for 72 hours', async () => {
    const login = freshLogin()
    const { payload } = await invite({
      login,
      firstName: ' Nele ',
      lastName: 'Vogt',
      phone: '+49 30 1234',
      language: 'de',
      grantedPermissions: ['users.read'],
    })
    expect(payload).toMatchObject({
      user: {
        login,
        name: 'Nele Vogt',
        phone: '+49301234',
        language: 'de',
        role: 'MEMBER',
        status: 'INVITED',
        grantedPermissions: ['users.read'],
        invitation: { status: 'VALID' },
      },
      errors: [],
    })
    const { sentAt, expiresAt } = payload.user.invitation
    expect(Date.parse(expiresAt) - Date.parse(sentAt)).toBeGreaterThan(72 * 3_600_000 - 5_000)
    expect(Date.parse(expiresAt) - Date.parse(sentAt)).toBeLessThanOrEqual(72 * 3_600_000)
    const [token = ''] = await tokensTo(login)
    expect(await statusOfToken(token)).toBe('VALID')
    expect(await operationsOn(payload.user.id)).toEqual(['INVITE_USER DONE'])
    const { data } = await server.client().logIn(login)
    expect(data.logIn.errors).toMatchObject([{ __typename: 'InvalidCredentials' }])
  })

  it('requires only a login and a first name', async () => {
    const { payload } = await invite({ login: freshLogin(), firstName: 'Nele' })
    expect(payload.user).toMatchObject({
      name: 'Nele',
      phone: null,
      language: 'en',
      role: 'MEMBER',
    })
  })

  it('sends a mail that names the inviting user, whatever their name is', async () => {
    const login = freshLogin()
    await invite({ login, firstName: '<img src=x>', lastName: '"&' })
    const [mail] = await server.mailsTo(login)
    expect(mail?.subject).toBe('You are invited to Rekey')
    expect(mail?.text).toContain('Ada <b>Nowak</b> has added you')
    expect(mail?.text).toContain(`Your login: ${login}`)
    expect(mail?.html).toContain('Ada &lt;b&gt;Nowak&lt;/b&gt;')
    expect(mail?.html).toContain('Hello &lt;img src=x&gt;,')
    expect(mail?.html).not.toMatch(/<img|<b>/)
    expect(mail?.html).toMatch(/href="http:\/\/rekey\.example\/activate#token=[\w-]{43}"/)
  })

  it('stores the token only in the mail', async () => {
    const own = await TestServer.start({ SMTP_URL: 'smtp://127.0.0.1:1' })
    try {
      const client = await own.signedIn(await own.addUser({ role: 'ADMIN' }))
      await invite({ login: 'kept@rekey.example' }, client)
      const links = await own.database.read(unit => unit.rows(OneTimeLinkEntity).find())
      expect(links).toMatchObject([{ tokenHash: expect.stringMatching(/^[0-9a-f]{64}$/) }])
      expect(own.log()).not.toContain('#token=')
    } finally {
      await own.stop()
    }
  })

  it('reports all errors at once, and adds nobody', async () => {
    const before = await countUsers()
    const { payload } = await invite({
      login: 'no address',
      firstName: ' ',
      phone: 'call me',
      language: '!!',
      grantedPermissions: ['users.rule'],
    })
    expect(payload.user).toBeNull()
    expect(payload.errors.map(({ path }: { path: string[] }) => path[0]).sort()).toEqual([
      'firstName',
      'grantedPermissions',
      'language',
      'login',
      'phone',
    ])
    expect(await countUsers()).toBe(before)
  })

  it.each([
    ['a list of addresses', 'one@rekey.example,two@rekey.example'],
    ['an address in brackets', 'x<someone@rekey.example>'],
    ['a group of addresses', 'friends:someone@rekey.example;'],
    ['a login with a comment', 'someone(else)@rekey.example'],
    ['a login with an invisible character', 'some\u200bone@rekey.example'],
    ['a login with text that runs backwards', 'some\u202eone@rekey.example'],
    ['a login with a line break', 'someone@rekey.example\nBcc: all@rekey.example'],
    ['a login with a mark that changes nothing', 'some\ufe0fone@rekey.example'],
    ['a login with a joiner of marks', 'some\u034fone@rekey.example'],
    ['a login with an invisible letter', 'some\u3164one@rekey.example'],
    ['a login with a Braille blank', 'some\u2800one@rekey.example'],
    ['a login with a quoted domain', 'someone@"rekey.example"'],
    ['another user’s mailbox with a dot at its end', 'someone@rekey.example.'],
  ])('rejects %s as a login', async (_what, login) => {
    const { payload } = await invite({ login })
    expect(payload.errors).toMatchObject([{ __typename: 'InvalidField', path: ['login'] }])
  })

  it.each(['\u200b', '\u3164', '\u2800', '\ufe0f', '\u0301', ' \u00ad '])(
    'rejects the invisible name %j',
    async firstName => {
      const { payload } = await invite({ login: freshLogin(), firstName })
      expect(payload.errors).toMatchObject([
        { __typename: 'InvalidField', message: 'First name is missing.', path: ['firstName'] },
      ])
    },
  )

  it.each([
    ['x@bücher.example', 'x@bücher.example'],
    ['y@BÜCHER.example', 'y@BÜCHER.example'],
    ['x@faß.example', 'x@faß.example'],
    ['z@xn--bcher-kva.example', 'z@bücher.example'],
    ['x@почта.example', 'x@почта.example'],
    ['Full@\uff52ekey.example', 'Full@rekey.example'],
    ['stop@rekey\u3002example', 'stop@rekey.example'],
    ['x@o\ufb03ce.example', 'x@office.example'],
    ['x@intranet', 'x@intranet'],
    ['x@127.0.0.1', 'x@127.0.0.1'],
  ])('accepts the login %s and shows it as %s', async (login, shown) => {
    const { payload } = await invite({ login })
    expect(payload.errors).toEqual([])
    expect(payload.user.login).toBe(shown)
  })

  it.each(['x@\uff11.\uff12', 'x@1.2', 'x@xn--\u00fc.example', 'x@b\u00fc/cher.example'])(
    'rejects the login %s, whose domain has no ASCII form',
    async login => {
      const { payload } = await invite({ login })
      expect(payload.errors).toMatchObject([{ __typename: 'InvalidField', path: ['login'] }])
    },
  )

  it.each([
    'ma\u200bya@demo.example',
    'maya@de\u00admo.example',
    'maya\u200d@demo.example',
    '\u2060maya@demo.example',
    'maya@demo.example\u200e',
  ])('names the invisible character in %j, and suggests the login without it', async login => {
    const { payload } = await invite({ login })
    expect(payload.errors).toMatchObject([
      {
        __typename: 'InvalidField',
        message: 'Login has an invisible character. Did you mean maya@demo.example?',
        path: ['login'],
      },
    ])
  })

  it('does not suggest a login that would be rejected as well', async () => {
    const { payload } = await invite({ login: 'ma\u200bya@' })
    expect(payload.errors).toMatchObject([{ message: 'Login requires an e-mail address.' }])
  })

  it.each([
    ['another case', 'ZOË@rekey.example'],
    ['separate accents', 'zoe\u0308@rekey.example'],
    ['spaces around it', '  zoë@rekey.example '],
  ])('rejects the login of another user, typed with %s', async (_what, login) => {
    await invite({ login: 'zoë@rekey.example' })
    const { payload } = await invite({ login })
    expect(payload.errors).toMatchObject([{ __typename: 'LoginTaken', path: ['login'] }])
  })

  it('adds another user for a login that only looks like an existing one', async () => {
    const login = freshLogin()
    const lookalike = login.replace('new', 'n\u0435w')
    await invite({ login })
    const { payload } = await invite({ login: lookalike })
    expect(payload.errors).toEqual([])
    const [token = ''] = await tokensTo(login)
    const [other = ''] = await tokensTo(lookalike)
    expect(await server.services.links.read(token)).toMatchObject({ user: { login } })
    expect(await server.services.links.read(other)).toMatchObject({ user: { login: lookalike } })
  })

  it('adds one user if the same login is invited twice at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const login = freshLogin()
      const shouted = login.replace('new', 'NEW')
      const answers = await Promise.all([
        invite({ login }),
        invite({ login: shouted }, asOwner),
        invite({ login }),
      ])
      const errors = answers.flatMap(({ payload }) => payload.errors)
      expect(errors).toMatchObject([{ __typename: 'LoginTaken' }, { __typename: 'LoginTaken' }])
      expect(answers.filter(({ payload }) => payload.user !== null)).toHaveLength(1)
      const mails = [...(await tokensTo(login)), ...(await tokensTo(shouted))]
      expect(mails).toHaveLength(1)
    }
  })

  it.each([
    ['a role above the caller’s own', { role: 'OWNER' }, 'role'],
    ['a role with permissions that the caller lacks', { role: 'ADMIN' }, 'role'],
    [
      'a permission that the caller lacks',
      { grantedPermissions: ['users.delete'] },
      'grantedPermissions',
    ],
  ])('does not grant %s', async (_what, given, path) => {
    const caller = await server.addUser({ grantedPermissions: ['users.invite', 'users.read'] })
    const client = await server.signedIn(caller)
    const login = freshLogin()
    const { payload } = await invite({ login, ...given }, client)
    expect(payload).toMatchObject({
      user: null,
      errors: [{ __typename: 'AccessDenied', reason: 'BEYOND_OWN_ACCESS', path: [path] }],
    })
    expect(await server.services.users.findByLogin(login)).toBeNull()
    const refusals = await server.database.read(unit =>
      unit.rows(OperationEntity).findBy({ actorId: caller.id, outcome: 'REFUSED' }),
    )
    expect(refusals).toMatchObject([{ action: 'INVITE_USER', reason: 'BEYOND_OWN_ACCESS' }])
  })
})

describe('inviting many users', () => {
  const lines = () => [
    { login: freshLogin(), firstName: 'Ben' },
    { login: 'no address', firstName: 'Cleo' },
    { login: `twice${count}@rekey.example`, firstName: 'Dora' },
    { login: `TWICE${count}@rekey.example`, firstName: 'Dora' },
    { login: freshLogin(), firstName: 'Eva', role: 'OWNER' },
    { login: freshLogin(), firstName: '' },
  ]
  const expected = (stored: boolean) => [
    { index: 0, user: stored ? { status: 'INVITED' } : null, errors: [] },
    { index: 1, user: null, errors: [{ __typename: 'InvalidField', path: ['login'] }] },
    { index: 2, user: stored ? { status: 'INVITED' } : null, errors: [] },
    { index: 3, user: null, errors: [{ __typename: 'LoginTaken' }] },
    { index: 4, user: null, errors: [{ __typename: 'AccessDenied' }] },
    { index: 5, user: null, errors: [{ __typename: 'InvalidField', path: ['firstName'] }] },
  ]

  it('adds the valid users and reports the errors of the others', async () => {
    const before = await countUsers()
    const users = lines()
    const { results } = await inviteMany(users)
    expect(results).toMatchObject(expected(true))
    expect(await countUsers()).toBe(before + 2)
    expect(results[0].user.login).toBe(users[0]?.login)
    expect(results[0].user.invitation.status).toBe('VALID')
    expect(await tokensTo(users[0]?.login ?? '')).toHaveLength(1)
    expect(await operationsOn(results[2].user.id)).toEqual(['INVITE_USER DONE'])
  })

  it('returns the same results in a dry run, and stores only a record of the dry run', async () => {
    const rows = () =>
      server.database.read(async unit => [
        await unit.rows(UserEntity).count(),
        await unit.rows(OneTimeLinkEntity).count(),
        await unit.rows(OperationEntity).countBy({ action: Not('PREVIEW_INVITATIONS') }),
      ])
    const asked = () =>
      server.database.read(unit =>
        unit.rows(OperationEntity).countBy({ action: 'PREVIEW_INVITATIONS' }),
      )
    const [before, askedBefore] = [await rows(), await asked()]
    const users = lines()
    const { results } = await inviteMany(users, true)
    expect(results).toMatchObject(expected(false))
    expect(await rows()).toEqual(before)
    expect(await asked()).toBe(askedBefore + 1)
    expect(await server.mailsTo(users[0]?.login ?? '')).toEqual([])
  })

  it.each([true, false])('returns each profile as it is stored (dry run: %s)', async dryRun => {
    const login = `Nele-${dryRun}@xn--mller-bau-q9a.example`
    const { data } = await asAdmin.query(
      `mutation ($input: InviteUsersInput!) {
        inviteUsers(input: $input) {
          results { profile { login firstName lastName phoneFormatted language } }
        }
      }`,
      {
        input: {
          dryRun,
          users: [
            { login: ` ${login} `, firstName: ' Nele ', phone: '+48601234567', language: 'de_DE' },
            { login: 'no address', firstName: 'Nele' },
          ],
        },
      },
    )
    expect(data.inviteUsers.results).toEqual([
      {
        profile: {
          login: `Nele-${dryRun}@müller-bau.example`,
          firstName: 'Nele',
          lastName: '',
          phoneFormatted: '+48 601 234 567',
          language: 'de-DE',
        },
      },
      { profile: null },
    ])
  })

  it('accepts at most a hundred users at once', async () => {
    const users = Array.from({ length: 101 }, () => ({ login: freshLogin(), firstName: 'Finn' }))
    for (const wrong of [[], users]) {
      const { errors } = await inviteMany(wrong)
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    }
    const { results } = await inviteMany(users.slice(1))
    expect(results.map(({ user }: { user: { login: string } }) => user.login)).toEqual(
      users.slice(1).map(({ login }) => login),
    )
    expect(await tokensTo(users[100]?.login ?? '')).toHaveLength(1)
  })
})

describe('an invitation', () => {
  it('has a new link when it is sent again, and the older link stops working', async () => {
    const login = freshLogin()
    const { payload: invited } = await invite({ login })
    const { payload } = await resend(invited.user.id, asOwner)
    expect(payload).toMatchObject({ user: { invitation: { status: 'VALID' } }, errors: [] })
    const [older = '', newer = ''] = await tokensTo(login)
    expect(await statusOfToken(older)).toBe('REVOKED')
    expect(await statusOfToken(newer)).toBe('VALID')
    const [, mail] = await server.mailsTo(login)
    expect(mail?.text).toContain('Some Person')
    expect(await operationsOn(invited.user.id)).toEqual([
      'INVITE_USER DONE',
      'RESEND_INVITATION DONE',
    ])
  })

  it('has one valid link if many send it again at once', async () => {
    const login = freshLogin()
    const { payload } = await invite({ login })
    await Promise.all([1, 2, 3, 4].map(() => resend(payload.user.id)))
    const statuses = await Promise.all((await tokensTo(login)).map(statusOfToken))
    expect(statuses.sort()).toEqual(['REVOKED', 'REVOKED', 'REVOKED', 'REVOKED', 'VALID'])
  })

  it('is sent to the same mailbox only a limited number of times', async () => {
    const login = freshLogin()
    const { payload } = await invite({ login })
    const { id } = payload.user
    for (let sent = 0; sent < 10; sent += 1) {
      expect((await resend(id)).payload.errors).toEqual([])
    }
    for (const _time of [1, 2]) {
      const { payload: refused } = await resend(id, asOwner)
      expect(refused).toMatchObject({
        user: null,
        errors: [{ __typename: 'TooManyAttempts', path: ['userId'] }],
      })
    }
    expect(await server.mailsTo(login)).toHaveLength(11)
    const statuses = await Promise.all((await tokensTo(login)).map(statusOfToken))
    expect(statuses.filter(status => status === 'VALID')).toHaveLength(1)
    const refusals = (await operationsOn(id)).filter(line => line.endsWith('REFUSED'))
    expect(refusals).toEqual(['RESEND_INVITATION REFUSED'])
    expect((await revoke(id)).payload.errors).toEqual([])
  })

  it('can be revoked once, and can be sent again afterwards', async () => {
    const login = freshLogin()
    const { payload } = await invite({ login })
    const { id } = payload.user
    for (const _time of [1, 2]) {
      const { payload: revoked } = await revoke(id)
      expect(revoked).toMatchObject({ user: { invitation: { status: 'REVOKED' } }, errors: [] })
    }
    const [token = ''] = await tokensTo(login)
    expect(await statusOfToken(token)).toBe('REVOKED')
    expect(await operationsOn(id)).toEqual(['INVITE_USER DONE', 'REVOKE_INVITATION DONE'])
    expect((await resend(id)).payload.user.invitation.status).toBe('VALID')
  })

  it('is shown as expired after its time, and can no longer be revoked', async () => {
    const { payload } = await invite({ login: freshLogin() })
    const { id } = payload.user
    await server.database.write(async unit => {
      await unit.rows(OneTimeLinkEntity).update({ userId: id }, { expiresAt: new Date(1) })
    })
    expect((await revoke(id)).payload.user.invitation.status).toBe('EXPIRED')
  })

  it('ends when the login changes, because it is in another mailbox', async () => {
    const login = freshLogin()
    const { payload } = await invite({ login })
    const update = (input: Record<string, unknown>) =>
      asAdmin.query(
        'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { invitation { status } } } }',
        { input: { userId: payload.user.id, ...input } },
      )
    const named = await update({ firstName: 'Other', login })
    expect(named.data.updateUser.user.invitation.status).toBe('VALID')
    const moved = await update({ login: freshLogin() })
    expect(moved.data.updateUser.user.invitation.status).toBe('REVOKED')
    const [token = ''] = await tokensTo(login)
    expect(await statusOfToken(token)).toBe('REVOKED')
  })

  it('cannot be sent or revoked for an active or an unknown user', async () => {
    const active = await server.addUser()
    for (const manageOne of [resend, revoke]) {
      expect((await manageOne(active.id)).payload.errors).toMatchObject([
        { __typename: 'NotInvited', path: ['userId'] },
      ])
      expect((await manageOne('nobody')).payload.errors).toMatchObject([
        { __typename: 'UserNotFound' },
      ])
    }
  })

  it('cannot be sent again or revoked by an admin if the invited user is an owner', async () => {
    const { payload } = await invite({ login: freshLogin(), role: 'OWNER' }, asOwner)
    for (const manageOne of [resend, revoke]) {
      const { payload: refused } = await manageOne(payload.user.id)
      expect(refused.errors).toMatchObject([{ __typename: 'AccessDenied', reason: 'OUTRANKED' }])
    }
    expect(await operationsOn(payload.user.id)).toEqual([
      'INVITE_USER DONE',
      'RESEND_INVITATION REFUSED',
      'REVOKE_INVITATION REFUSED',
    ])
  })

  it('is shown in the list of users, and is null for users who were never sent one', async () => {
    const never = await server.addUser({ status: 'INVITED', password: null, lastName: 'Uninvited' })
    const { payload } = await invite({ login: freshLogin(), lastName: 'Uninvited' })
    await resend(payload.user.id)
    const { data } = await asAdmin.query(
      '{ users(search: "uninvited") { nodes { id invitation { status } } } }',
    )
    const invitations = new Map(
      data.users.nodes.map(({ id, invitation }: { id: string; invitation: unknown }) => [
        id,
        invitation,
      ]),
    )
    expect(invitations.get(never.id)).toBeNull()
    expect(invitations.get(payload.user.id)).toEqual({ status: 'VALID' })
  })
})
