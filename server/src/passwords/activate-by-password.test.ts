import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import type { UserStatus } from '@rekey/shared/access'
import { OutboxMailEntity } from '../mail/outbox-mail.entity.js'
import { statusOf } from '../one-time-links/one-time-link.service.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { type TestClient, TestServer } from '../testing/test-server.js'
import type { UserEntity } from '../users/user.entity.js'
import { WebhookEventEntity } from '../webhooks/webhook-event.entity.js'

const adminPassword = 'Admin-Harbour-72'
const given = 'Given-Meadow-41'
const chosen = 'Chosen-Meadow-42'

let server: TestServer
let admin: UserEntity
let asAdmin: TestClient
let asOtherAdmin: TestClient
beforeAll(async () => {
  server = await TestServer.start({
    PUBLIC_URL: 'http://rekey.example',
    WEBHOOKS_ALLOW_PRIVATE: 'true',
  })
  const access = { role: 'ADMIN', password: adminPassword } as const
  admin = await server.addUser({ ...access, firstName: 'Ada', lastName: 'Nowak' })
  asAdmin = await server.signedIn(admin, adminPassword)
  asOtherAdmin = await server.signedIn(await server.addUser(access), adminPassword)
})
afterAll(() => server.stop())

let added = 0
/** Invites a user through the API. Returns their id, their login and the token that was mailed. */
const invite = async () => {
  added += 1
  const login = `invited${added}@rekey.example`
  const { data } = await asAdmin.query(
    `mutation ($input: InviteUserInput!) {
      inviteUser(input: $input) { user { id } errors { __typename } }
    }`,
    { input: { login, firstName: 'Nora' } },
  )
  const [mail] = await server.mailsTo(login)
  const [, token = ''] = /\/activate#token=([\w-]+)/.exec(mail?.text ?? '') ?? []
  expect(token).not.toBe('')
  return { id: String(data.inviteUser.user.id), login, token }
}

const setPassword = async (
  userId: string,
  input: Record<string, unknown> = {},
  client = asAdmin,
) => {
  const change = { userId, currentPassword: adminPassword, newPassword: given, ...input }
  return (await client.changePassword(change)).data.changePassword
}

const activate = async (token: string, client = server.client()) => {
  const { data } = await client.query(
    `mutation ($input: ActivateUserInput!) {
      activateUser(input: $input) {
        user { id }
        errors { __typename ... on LinkInvalid { status } }
      }
    }`,
    { input: { token, password: chosen } },
  )
  return data.activateUser
}

const signsIn = async (login: string, password: string): Promise<boolean> =>
  (await server.client().logIn(login, password)).data.logIn.user !== null

const profileOf = async (id: string) => {
  const { data } = await asAdmin.query(
    `query ($id: ID!) {
      user(id: $id) { status mustChangePassword lastSignInAt loginVerifiedAt invitation { status } }
    }`,
    { id },
  )
  return data.user
}

const operationsOn = async (id: string) => {
  const rows = await server.database.read(unit =>
    unit.rows(OperationEntity).find({ where: { subjectId: id }, order: { id: 'ASC' } }),
  )
  return rows.map(({ action, outcome, actorId }) => [action, outcome, actorId])
}

const invitationsOf = async (id: string) =>
  (await server.services.links.listOf(id))
    .filter(({ purpose }) => purpose === 'INVITATION')
    .map(statusOf)

/** Runs `meanwhile` when the next password is hashed, before the result is saved. */
const whileHashing = (meanwhile: () => Promise<unknown>) => {
  const { hasher } = server.services
  const hashPassword = hasher.hashPassword.bind(hasher)
  return jest.spyOn(hasher, 'hashPassword').mockImplementationOnce(async password => {
    await meanwhile()
    return hashPassword(password)
  })
}

describe('setting the password of an invited user', () => {
  it('activates the account, and the password signs them in', async () => {
    const { id, login } = await invite()
    const payload = await setPassword(id, { requireChangeAtNextSignIn: false })
    expect(payload).toMatchObject({ user: { id, status: 'ACTIVE' }, activated: true, errors: [] })
    expect(await profileOf(id)).toEqual({
      status: 'ACTIVE',
      mustChangePassword: false,
      lastSignInAt: null,
      loginVerifiedAt: null,
      invitation: null,
    })
    expect(await signsIn(login, given)).toBe(true)
  })

  it('requires the user to choose another password by default', async () => {
    const { id, login } = await invite()
    expect((await setPassword(id)).user.mustChangePassword).toBe(true)
    const { data } = await server.client().logIn(login, given)
    expect(data.logIn.user).toMatchObject({ id, mustChangePassword: true })
  })

  it('revokes the invitation, so its link no longer works', async () => {
    const { id, token } = await invite()
    await setPassword(id)
    expect(await activate(token)).toEqual({
      user: null,
      errors: [{ __typename: 'LinkInvalid', status: 'REVOKED' }],
    })
    expect(await invitationsOf(id)).toEqual(['REVOKED'])
  })

  it('removes an invitation that the mail server has not accepted', async () => {
    const { id, login } = await invite()
    const failed = { state: 'FAILED', createdAt: new Date(1), recipient: login } as const
    await server.database.write(async unit => {
      await unit.rows(OutboxMailEntity).insert({
        id: `failed-${id}`,
        recipientHost: 'rekey.example',
        subject: 'You are invited to Rekey',
        reference: `invitation:${id}`,
        sealedBody: 'sealed',
        text: '',
        html: '',
        attempts: 1,
        nextAttemptAt: new Date(1),
        claimedUntil: null,
        giveUpAt: new Date(1),
        linkExpiresAt: null,
        failure: 'REFUSED',
        smtpCode: 550,
        endedAt: new Date(1),
        ...failed,
      })
    })
    await setPassword(id)
    const left = await server.services.mail.listUndelivered(login)
    expect(left.filter(({ subject }) => subject === 'You are invited to Rekey')).toEqual([])
  })

  it('records the change and the activation, both by the administrator', async () => {
    const { id } = await invite()
    await setPassword(id)
    expect(await operationsOn(id)).toEqual([
      ['INVITE_USER', 'DONE', admin.id],
      ['CHANGE_PASSWORD', 'DONE', admin.id],
      ['ACTIVATE_USER', 'DONE', admin.id],
    ])
  })

  it('notifies webhooks of the activation', async () => {
    const { data } = await asAdmin.query(
      `mutation ($input: CreateWebhookInput!) {
        createWebhook(input: $input) { webhook { id } errors { __typename } }
      }`,
      { input: { url: 'http://127.0.0.1:9/', events: ['user.activated'] } },
    )
    expect(data.createWebhook.errors).toEqual([])
    const { id, login } = await invite()
    await setPassword(id)
    const events = await server.database.read(unit =>
      unit.rows(WebhookEventEntity).findBy({ subjectId: id }),
    )
    expect(events).toMatchObject([{ type: 'user.activated', login }])
    expect(JSON.parse(events[0]?.data ?? '')).toMatchObject({
      actorId: admin.id,
      user: { id, status: 'ACTIVE' },
    })
  })

  it('sends a mail about the new account, not about a changed password', async () => {
    const { id, login } = await invite()
    await setPassword(id)
    const [, mail, ...more] = await server.mailsTo(login)
    expect(more).toEqual([])
    expect(mail?.subject).toBe('Your Rekey account is active')
    const words = mail?.text?.replace(/\s+/g, ' ') ?? ''
    expect(words).toContain('Ada Nowak set a password for your Rekey account.')
    expect(words).toContain('You must then choose a password that only you know.')
    expect(words).toContain(login)
    expect(words).not.toMatch(/changed|sessions have ended/)
    expect(`${mail?.text}${mail?.html}`).not.toContain(given)
  })

  it('rejects a password that breaks the policy, and the user stays invited', async () => {
    const { id, token } = await invite()
    const payload = await setPassword(id, { newPassword: 'short' })
    expect(payload).toMatchObject({ user: null, activated: false })
    expect(payload.errors).toMatchObject([{ __typename: 'PasswordPolicyViolated' }])
    expect(await profileOf(id)).toMatchObject({
      status: 'INVITED',
      invitation: { status: 'VALID' },
    })
    expect((await activate(token)).errors).toEqual([])
  })

  it('changes nothing if the current password of the administrator is wrong', async () => {
    const { id } = await invite()
    const payload = await setPassword(id, { currentPassword: 'Wrong-One-123' })
    expect(payload.errors).toMatchObject([{ __typename: 'CurrentPasswordIncorrect' }])
    expect(await profileOf(id)).toMatchObject({
      status: 'INVITED',
      invitation: { status: 'VALID' },
    })
  })

  it('rejects an invitation that is sent again afterwards', async () => {
    const { id } = await invite()
    await setPassword(id)
    const { data } = await asAdmin.query(
      `mutation ($input: ResendInvitationInput!) {
        resendInvitation(input: $input) { errors { ... on UserError { message } } }
      }`,
      { input: { userId: id } },
    )
    expect(data.resendInvitation.errors).toEqual([
      { message: 'The account of this user has been activated already.' },
    ])
  })
})

describe('setting the password of a user who is not invited', () => {
  it.each<UserStatus>(['ACTIVE', 'BLOCKED'])('keeps the status %s', async status => {
    const user = await server.addUser({ status })
    const payload = await setPassword(user.id)
    expect(payload).toMatchObject({ user: { status }, activated: false, errors: [] })
    expect(await operationsOn(user.id)).toEqual([['CHANGE_PASSWORD', 'DONE', admin.id]])
    expect((await server.mailsTo(user.login)).map(({ subject }) => subject)).toEqual([
      'Your password was changed',
    ])
  })

  it('lets a blocked user sign in only after they were unblocked', async () => {
    const user = await server.addUser({ status: 'BLOCKED' })
    await setPassword(user.id)
    const { data } = await server.client().logIn(user.login, given)
    expect(data.logIn.errors).toMatchObject([{ __typename: 'AccountBlocked' }])
    await asAdmin.query(
      'mutation ($input: UnblockUsersInput!) { unblockUsers(input: $input) { results { userId } } }',
      { input: { userIds: [user.id] } },
    )
    expect(await signsIn(user.login, given)).toBe(true)
  })
})

describe('an activation at the same time', () => {
  it('rejects the link if the administrator’s password was saved first', async () => {
    const { id, login, token } = await invite()
    const hashing = whileHashing(() => setPassword(id))
    const answer = await activate(token)
    hashing.mockRestore()
    expect(answer.errors).toEqual([{ __typename: 'LinkInvalid', status: 'REVOKED' }])
    expect(await signsIn(login, given)).toBe(true)
    expect(await signsIn(login, chosen)).toBe(false)
  })

  it('is a change of an active user’s password if the link was used first', async () => {
    const { id, login, token } = await invite()
    const theirs = server.client()
    const hashing = whileHashing(() => activate(token, theirs))
    const payload = await setPassword(id)
    hashing.mockRestore()
    expect(payload).toMatchObject({ user: { status: 'ACTIVE' }, activated: false, errors: [] })
    expect(await theirs.whoAmI()).toBeNull()
    expect((await profileOf(id)).loginVerifiedAt).not.toBeNull()
    expect(await operationsOn(id)).toEqual([
      ['INVITE_USER', 'DONE', admin.id],
      ['ACTIVATE_USER', 'DONE', id],
      ['CHANGE_PASSWORD', 'DONE', admin.id],
    ])
    const subjects = (await server.mailsTo(login)).map(({ subject }) => subject)
    expect(subjects).toEqual(['You are invited to Rekey', 'Your password was changed'])
    expect(await signsIn(login, given)).toBe(true)
  })

  it('happens once if two administrators and the user act at once', async () => {
    const { id, login, token } = await invite()
    const [one, two, byLink] = await Promise.all([
      setPassword(id),
      setPassword(id, { newPassword: 'Other-Meadow-43' }, asOtherAdmin),
      activate(token),
    ])
    const activations = [one.activated, two.activated, byLink.user !== null]
    expect(activations.filter(Boolean)).toHaveLength(1)
    const recorded = (await operationsOn(id)).filter(([action]) => action === 'ACTIVATE_USER')
    expect(recorded).toHaveLength(1)
    expect(await profileOf(id)).toMatchObject({ status: 'ACTIVE' })
    expect(await invitationsOf(id)).not.toContain('VALID')
    const working = [
      await signsIn(login, given),
      await signsIn(login, 'Other-Meadow-43'),
      await signsIn(login, chosen),
    ]
    expect(working.filter(Boolean)).toHaveLength(1)
  })
})
