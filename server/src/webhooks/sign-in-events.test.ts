import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { Mailbox } from '../testing/mailbox.js'
import { answer, beginLogIn, enrolTotp, mutate, totpCode } from '../testing/second-factor-client.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import { WebhookReceiver } from '../testing/webhook-receiver.js'
import type { UserEntity } from '../users/user.entity.js'
import { eventTypes, eventTypesByGroup } from './event-types.js'
import { RefusedSignInService } from './refused-sign-in.service.js'
import { RefusedSignInSumEntity } from './refused-sign-in-sum.entity.js'
import { WebhookEntity } from './webhook.entity.js'
import { WebhookDeliveryEntity } from './webhook-delivery.entity.js'
import { WebhookEventEntity } from './webhook-event.entity.js'

const signInEvents = eventTypes.filter(
  type => !(eventTypesByGroup.USERS as readonly string[]).includes(type),
)
const nextPassword = 'Brisk-Meadow-41'

let mailbox: Mailbox
let server: TestServer
let receiver: WebhookReceiver
let admin: UserEntity
let asAdmin: TestClient
beforeAll(async () => {
  const { mailbox: started, url } = await Mailbox.start()
  mailbox = started
  server = await TestServer.start({ WEBHOOKS_ALLOW_PRIVATE: 'true', SMTP_URL: url })
})
afterAll(async () => {
  await server.stop()
  await mailbox.stop()
})
beforeEach(async () => {
  receiver = await WebhookReceiver.start()
  admin = await server.addUser({ role: 'ADMIN' })
  asAdmin = await server.signedIn(admin)
})
afterEach(async () => {
  await server.services.webhookOutbox.idle()
  await server.database.write(async unit => {
    await unit.rows(WebhookEntity).deleteAll()
    await unit.rows(WebhookEventEntity).deleteAll()
  })
  await receiver.stop()
})

const errors = 'errors { __typename }'
const addWebhook = async (events: readonly string[]) => {
  const made = await mutate(asAdmin, 'createWebhook', `webhook { id } ${errors}`, {
    url: receiver.url,
    events,
  })
  expect(made.errors).toEqual([])
}
/** Waits until everything is sent, and returns what the receiver got since the last call. */
const received = async () => {
  await server.services.webhookOutbox.idle()
  const bodies = receiver.received.splice(0).map(({ body }) => JSON.parse(body))
  return bodies.sort(
    (one, other) => signInEvents.indexOf(one.type) - signInEvents.indexOf(other.type),
  )
}
const eventsStored = () => server.database.read(unit => unit.rows(WebhookEventEntity).count())
const sumUp = async (service: RefusedSignInService = server.services.refusedSignIns) => {
  await server.services.operations.idle()
  await service.sumRefusedSignIns()
}
/** The token of the link in the last mail to a login. */
const lastLinkTo = async (login: string) => {
  await server.services.mail.idle()
  const mail = mailbox.mails.filter(({ to }) => [to].flat().some(one => one?.text === login)).at(-1)
  return /#token=([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? ''
}
/** What another instance of the server would do. */
const otherInstance = () => {
  const { users, operations, webhookOutbox } = server.services
  return new RefusedSignInService(server.database, users, operations, webhookOutbox)
}
const startAndStop = async (service: RefusedSignInService) => {
  await server.services.operations.idle()
  service.start(failure => {
    throw failure
  })
  await service.idle()
  await service.stop()
}
const lastSummedUp = (secondsAgo: number) =>
  server.database.write(async unit => {
    const summedAt = new Date(Date.now() - secondsAgo * 1000)
    await unit.rows(RefusedSignInSumEntity).updateAll({ summedAt })
  })
const failToSignIn = async (login: string, times = 1) => {
  for (let count = 0; count < times; count += 1) await server.client().logIn(login, 'Wrong-One-123')
}

describe('events about how users sign in', () => {
  it('contain what happened and ids, but no secret, address or name', async () => {
    const user = await server.addUser({ firstName: 'Nele' })
    const login = user.login
    const target = { id: user.id, login, status: 'ACTIVE', role: 'MEMBER' }
    const operationId = expect.any(String)
    const byThem = { operationId, actorId: user.id, user: target }
    const byAdmin = { operationId, actorId: admin.id, user: target }
    const expectEvents = async (...expected: [type: string, data: Record<string, unknown>][]) => {
      const found = await received()
      expect(found.map(({ type, data }) => [type, data])).toEqual(expected)
      all.push(...found)
    }
    const all: { type: string }[] = []
    await addWebhook(signInEvents)

    const client = await server.signedIn(user)
    await expectEvents(['session.created', { ...byThem, methods: ['PASSWORD'] }])
    await server.signedIn(user)
    await server.signedIn(user)
    const { data } = await client.query('{ sessions(first: 10) { nodes { id current } } }')
    const [session] = data.sessions.nodes.filter(({ current }: { current: boolean }) => !current)
    await received()
    await mutate(client, 'endSession', errors, { sessionId: session.id })
    await expectEvents(['session.ended', { ...byThem, sessions: 'ONE' }])
    await mutate(client, 'endOtherSessions', 'count')
    await expectEvents(['session.ended', { ...byThem, sessions: 'OTHERS' }])
    await mutate(client, 'endOtherSessions', 'count')
    await expectEvents()
    await mutate(await server.signedIn(user), 'logOut', errors)
    await expectEvents(
      ['session.created', { ...byThem, methods: ['PASSWORD'] }],
      ['session.ended', { ...byThem, sessions: 'ONE' }],
    )

    const { secret, factor, recoveryCodes } = await enrolTotp(client, 'Private phone')
    await expectEvents(['second_factor.added', { ...byThem, method: 'TOTP' }])
    const secondClient = server.client()
    const { challenge } = await beginLogIn(secondClient, login)
    await expectEvents()
    await answer(secondClient, { token: challenge.token, method: 'TOTP', code: totpCode(secret) })
    await expectEvents(['session.created', { ...byThem, methods: ['PASSWORD', 'TOTP'] }])
    const { codes } = await mutate(client, 'regenerateRecoveryCodes', 'codes')
    await expectEvents(['recovery_codes.regenerated', byThem])
    await mutate(client, 'removeSecondFactor', errors, { id: factor.id })
    await expectEvents(['second_factor.removed', { ...byThem, method: 'TOTP' }])
    await enrolTotp(client)
    await mutate(asAdmin, 'resetSecondFactor', errors, { userId: user.id })
    await expectEvents(
      ['second_factor.added', { ...byThem, method: 'TOTP' }],
      ['second_factor.reset', byAdmin],
    )

    const tokenInput = {
      name: 'Private token',
      permissions: [],
      expiresAt: new Date(Date.now() + 86_400_000),
    }
    const created = () =>
      mutate(client, 'createApiToken', `token apiToken { id prefix } ${errors}`, tokenInput)
    const { token, apiToken } = await created()
    const { id: apiTokenId, prefix } = apiToken
    await expectEvents(['api_token.created', { ...byThem, apiToken: { prefix, permissions: [] } }])
    await mutate(client, 'revokeApiToken', errors, { apiTokenId })
    await expectEvents(['api_token.revoked', { ...byThem, apiToken: { prefix } }])

    await client.changePassword({ currentPassword: goodPassword, newPassword: nextPassword })
    await expectEvents(
      ['password.changed', byThem],
      ['session.ended', { ...byThem, sessions: 'OTHERS' }],
    )
    for (const [mutation, type] of [
      ['requirePasswordChange', 'password.change_required'],
      ['withdrawPasswordChangeRequirement', 'password.change_requirement_withdrawn'],
      ['sendPasswordResetLinks', 'password.reset_link_created'],
    ] as const) {
      await mutate(asAdmin, mutation, `results { ${errors} }`, { userIds: [user.id] })
      await expectEvents([type, byAdmin])
    }
    const link = await lastLinkTo(login)
    await server.client().resetPassword(link, 'Quiet-Meadow-43')
    await expectEvents(
      ['password.reset', byThem],
      ['session.ended', { ...byThem, sessions: 'ALL' }],
    )
    await mutate(asAdmin, 'createPasswordResetLink', `url ${errors}`, { userId: user.id })
    await expectEvents(['password.reset_link_created', byAdmin])

    const again = await server.signedIn(user, 'Quiet-Meadow-43')
    const tokens = []
    for (let count = 0; count < 2; count += 1) {
      const made = await mutate(again, 'createApiToken', 'token apiToken { prefix }', tokenInput)
      tokens.push(made)
    }
    await failToSignIn(login, 2)
    await received()
    await mutate(asAdmin, 'signOutUsers', `results { ${errors} }`, { userIds: [user.id] })
    await expectEvents(['session.ended', { ...byAdmin, sessions: 'ALL' }])
    await mutate(asAdmin, 'secureUser', errors, { userId: user.id })
    const revoked = await received()
    expect(revoked.map(({ type }) => type)).toEqual([
      'password.removed',
      'session.ended',
      'api_token.revoked',
      'api_token.revoked',
    ])
    expect(revoked.flatMap(({ data }) => data.apiToken?.prefix ?? []).sort()).toEqual(
      tokens.map(made => made.apiToken.prefix).sort(),
    )
    await sumUp()
    all.push(...revoked, ...(await received()))
    await mutate(asAdmin, 'deleteUser', errors, { userId: user.id, login })
    await expectEvents([
      'session.ended',
      { operationId, actorId: admin.id, user: { id: user.id }, sessions: 'ALL' },
    ])

    expect(new Set(all.map(({ type }) => type))).toEqual(new Set(signInEvents))
    const text = JSON.stringify(all)
    const kept = [goodPassword, nextPassword, 'Meadow', secret, link, token, 'Private', 'Nele']
    for (const word of [...kept, ...recoveryCodes, ...codes, '127.0.0.1', '$argon2']) {
      expect(text).not.toContain(word)
    }
    for (const made of tokens) expect(text).not.toContain(made.token)
  })

  it('say that a session begins when invited users activate their account themselves', async () => {
    await addWebhook(['session.created', 'user.activated'])
    const invite = async (login: string) => {
      const input = { login, firstName: 'Nele', lastName: 'Vogt' }
      const { user } = await mutate(asAdmin, 'inviteUser', 'user { id }', input)
      return user.id as string
    }
    const id = await invite('nele@rekey.example')
    const token = await lastLinkTo('nele@rekey.example')
    await mutate(server.client(), 'activateUser', errors, { token, password: goodPassword })
    const [activated, created] = (await received()).sort((one, other) =>
      one.type < other.type ? 1 : -1,
    )
    expect(activated).toMatchObject({ type: 'user.activated', data: { user: { id } } })
    expect(created).toMatchObject({
      type: 'session.created',
      data: { operationId: activated.data.operationId, user: { id }, methods: [] },
    })

    const userId = await invite('noor@rekey.example')
    await asAdmin.changePassword({
      userId,
      newPassword: goodPassword,
      currentPassword: goodPassword,
    })
    expect((await received()).map(({ type }) => type)).toEqual(['user.activated'])
  })

  it('are sent only to webhooks that chose them', async () => {
    await addWebhook([...eventTypesByGroup.USERS])
    const user = await server.addUser()
    await server.signedIn(user)
    await failToSignIn(user.login)
    await sumUp()
    expect(await eventsStored()).toBe(0)
  })
})

describe('refused sign-ins', () => {
  it('are summed up for each user, without those of unknown logins', async () => {
    await addWebhook(['sign_in.refused'])
    await sumUp()
    const one = await server.addUser()
    const other = await server.addUser({ status: 'BLOCKED' })
    const from = Date.now()
    await failToSignIn(one.login, 3)
    await server.client().logIn(other.login)
    await failToSignIn(other.login)
    await failToSignIn('nobody@rekey.example', 4)
    await server.signedIn(one)
    expect(await eventsStored()).toBe(0)
    await sumUp()
    const events = await received()
    const ofOne = events.find(({ data }) => data.user.id === one.id)
    const ofOther = events.find(({ data }) => data.user.id === other.id)
    expect(events).toHaveLength(2)
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    expect(ofOne).toEqual({
      type: 'sign_in.refused',
      timestamp: time,
      data: {
        user: { id: one.id, login: one.login, status: 'ACTIVE', role: 'MEMBER' },
        count: 3,
        firstAt: time,
        lastAt: time,
        reasons: { INVALID_CREDENTIALS: 3 },
      },
    })
    expect(ofOther.data).toMatchObject({
      count: 2,
      reasons: { BLOCKED: 1, INVALID_CREDENTIALS: 1 },
    })
    const times = [from, Date.parse(ofOne.data.firstAt), Date.parse(ofOne.data.lastAt), Date.now()]
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(JSON.stringify(events)).not.toContain('127.0.0.1')

    // Each refusal is counted once.
    await sumUp()
    expect(await received()).toEqual([])
    await failToSignIn(one.login)
    await sumUp()
    expect(await received()).toMatchObject([{ data: { count: 1 } }])
  })

  it('are counted exactly once if several instances sum them up at the same time', async () => {
    await addWebhook(['sign_in.refused'])
    await sumUp()
    const user = await server.addUser()
    for (let round = 1; round <= 5; round += 1) {
      await failToSignIn(user.login, round)
      await server.services.operations.idle()
      const instances = [server.services.refusedSignIns, otherInstance(), otherInstance()]
      await Promise.all(instances.map(instance => instance.sumRefusedSignIns()))
      expect((await received()).map(({ data }) => data.count)).toEqual([round])
    }
  })

  it('are summed up by the next start if the server stopped before', async () => {
    await addWebhook(['sign_in.refused'])
    await sumUp()
    const user = await server.addUser()
    await failToSignIn(user.login, 2)
    await server.services.operations.idle()
    const { users, operations, webhookOutbox } = server.services
    const stopping: typeof webhookOutbox = Object.assign(Object.create(webhookOutbox), {
      queueEvents: () => Promise.reject(new Error('The server stops.')),
    })
    const failing = new RefusedSignInService(server.database, users, operations, stopping)
    await expect(failing.sumRefusedSignIns()).rejects.toThrow('The server stops.')
    expect(await eventsStored()).toBe(0)
    await lastSummedUp(61)
    await startAndStop(otherInstance())
    expect(await received()).toMatchObject([{ data: { count: 2 } }])
  })

  it('are summed up at most once a minute, also by several instances', async () => {
    await addWebhook(['sign_in.refused'])
    await sumUp()
    const user = await server.addUser()
    await failToSignIn(user.login, 2)
    await startAndStop(otherInstance())
    expect(await received()).toEqual([])
    await lastSummedUp(61)
    await startAndStop(otherInstance())
    expect(await received()).toMatchObject([{ data: { count: 2 } }])
    // A clock that was ahead does not stop it.
    await failToSignIn(user.login)
    await lastSummedUp(-3_600)
    await startAndStop(otherInstance())
    expect(await received()).toMatchObject([{ data: { count: 1 } }])
  })

  it('before a webhook chose them are not reported later', async () => {
    await sumUp()
    const user = await server.addUser()
    await failToSignIn(user.login, 2)
    await sumUp()
    await addWebhook(['sign_in.refused'])
    await sumUp()
    expect(await received()).toEqual([])
  })

  it('of a user who is deleted in the meantime are not reported', async () => {
    await addWebhook(['sign_in.refused'])
    await sumUp()
    const user = await server.addUser()
    await failToSignIn(user.login)
    await mutate(asAdmin, 'deleteUser', errors, { userId: user.id, login: user.login })
    await sumUp()
    expect(await received()).toEqual([])
  })

  it('of thousands of attempts on many users cause at most 101 events', async () => {
    await addWebhook(['sign_in.refused'])
    await sumUp()
    const people: UserEntity[] = []
    for (let count = 0; count < 120; count += 1) people.push(await server.addUser())
    const [most] = people
    // As sign-ins record them, but without the time for the hashes.
    const origin = { ip: '127.0.0.1', userAgent: '', requestId: 'x' }
    const refusalsOf = (user: UserEntity, count: number) =>
      Array.from({ length: count }, () => ({
        action: 'LOG_IN' as const,
        outcome: 'REFUSED' as const,
        reason: 'INVALID_CREDENTIALS',
        actorId: null,
        subjectId: user.id,
      }))
    await server.database.write(async unit => {
      const refusals = people.flatMap(user => refusalsOf(user, user === most ? 2_000 : 30))
      await server.services.operations.recordAll(unit, origin, refusals)
    })
    expect(await eventsStored()).toBe(0)
    await sumUp()
    const events = await received()
    expect(events).toHaveLength(101)
    expect(await server.database.read(unit => unit.rows(WebhookDeliveryEntity).count())).toBe(101)
    const others = events.filter(({ data }) => data.user === undefined)
    expect(others).toMatchObject([
      { data: { users: 20, count: 600, reasons: { INVALID_CREDENTIALS: 600 } } },
    ])
    const total = events.reduce((sum, { data }) => sum + data.count, 0)
    expect(total).toBe(2_000 + 119 * 30)
    expect(events.find(({ data }) => data.user?.id === most?.id)?.data.count).toBe(2_000)
  })
})
