import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { Webhook as Verifier } from 'standardwebhooks'
import { OperationEntity } from '../operations/operation.entity.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import { WebhookReceiver } from '../testing/webhook-receiver.js'
import type { UserEntity } from '../users/user.entity.js'
import { eventTypesByGroup } from './event-types.js'
import { WebhookEntity } from './webhook.entity.js'
import { WebhookAttemptEntity } from './webhook-attempt.entity.js'
import { WebhookDeliveryEntity } from './webhook-delivery.entity.js'
import { WebhookEventEntity } from './webhook-event.entity.js'
import { WebhookOutbox } from './webhook-outbox.service.js'
import { WebhookSender } from './webhook-sender.js'

/** The events of a user's profile, which this file tests. `sign-in-events.test.ts` tests the others. */
const profileEvents = [...eventTypesByGroup.USERS, 'password.changed', 'password.reset']

let server: TestServer
let receiver: WebhookReceiver
let admin: UserEntity
let asAdmin: TestClient
beforeAll(async () => {
  server = await TestServer.start({
    WEBHOOKS_ALLOW_PRIVATE: 'true',
    // Long, so that no retry or timeout happens by itself: each test makes deliveries due.
    WEBHOOKS_RETRY_SECONDS: '60',
    WEBHOOKS_TIMEOUT_SECONDS: '60',
    PUBLIC_URL: 'http://rekey.example',
  })
})
afterAll(() => server.stop())
beforeEach(async () => {
  await server.services.webhookOutbox.idle()
  await server.database.write(unit => unit.rows(WebhookEntity).deleteAll())
  await server.database.write(unit => unit.rows(WebhookEventEntity).deleteAll())
  await receiver?.stop()
  receiver = await WebhookReceiver.start()
  admin = await server.addUser({ role: 'ADMIN', firstName: 'Ada', lastName: 'Nowak' })
  asAdmin = await server.signedIn(admin)
})
afterAll(() => receiver.stop())

const addWebhook = async (
  events: readonly string[] = profileEvents,
  url = receiver.url,
): Promise<{ id: string; secret: string }> => {
  const { data } = await asAdmin.query(
    `mutation ($input: CreateWebhookInput!) {
      createWebhook(input: $input) { secret webhook { id } errors { __typename } }
    }`,
    { input: { url, events } },
  )
  const { secret, webhook } = data.createWebhook
  return { id: webhook.id, secret }
}
const block = (...users: UserEntity[]) =>
  asAdmin.query(
    'mutation ($input: BlockUsersInput!) { blockUsers(input: $input) { errors { __typename } } }',
    { input: { userIds: users.map(({ id }) => id) } },
  )
const run = (name: string, input: Record<string, unknown>, client = asAdmin) => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
  return client.query(
    `mutation ($input: ${type}!) { ${name}(input: $input) { errors { __typename } } }`,
    { input },
  )
}
/** Makes the job look at once for rows that the test changed directly. */
const wakeJob = () =>
  server.services.webhookOutbox.start(failure => {
    throw failure
  })
const idle = () => server.services.webhookOutbox.idle()

const receivedEvents = () => receiver.received.map(({ body }) => JSON.parse(body))
const deliveries = () =>
  server.database.read(unit => unit.rows(WebhookDeliveryEntity).find({ order: { id: 'ASC' } }))
const attempts = () =>
  server.database.read(unit => unit.rows(WebhookAttemptEntity).find({ order: { id: 'ASC' } }))
const webhook = async () => {
  const [found] = await server.database.read(unit => unit.rows(WebhookEntity).find())
  if (found === undefined) throw new Error('There is no webhook.')
  return found
}
const change = (changes: Partial<WebhookEntity>) =>
  server.database.write(async unit => {
    await unit.rows(WebhookEntity).updateAll(changes)
  })
const changeDelivery = (changes: Partial<WebhookDeliveryEntity>) =>
  server.database.write(async unit => {
    await unit.rows(WebhookDeliveryEntity).updateAll(changes)
  })

/** Makes every pending delivery due now. */
const retryNow = async () => {
  await changeDelivery({ nextAttemptAt: new Date() })
  wakeJob()
}

const linkTo = async (login: string) => {
  const [mail] = (await server.mailsTo(login)).reverse()
  const [, token] = /#token=([\w-]+)/.exec(mail?.text ?? '') ?? []
  return token ?? ''
}

describe('an operation on a user', () => {
  it('sends an event with ids, the login and the access, and no other personal data', async () => {
    const { secret } = await addWebhook()
    const login = 'nele@rekey.example'
    const invited = await asAdmin.query(
      'mutation ($input: InviteUserInput!) { inviteUser(input: $input) { user { id } } }',
      { input: { login, firstName: 'Nele', lastName: 'Vogt', phone: '+49 30 1234' } },
    )
    const { id } = invited.data.inviteUser.user
    await run('resendInvitation', { userId: id })
    await run('revokeInvitation', { userId: id })
    await run('resendInvitation', { userId: id })
    await run(
      'activateUser',
      { token: await linkTo(login), password: goodPassword },
      server.client(),
    )
    await run('updateUser', { userId: id, lastName: 'Lind' })
    await run('changeAccess', {
      userId: id,
      role: 'MEMBER',
      grantedPermissions: ['users.read'],
      withdrawnPermissions: [],
    })
    const asThem = server.client()
    await asThem.logIn(login)
    await asThem.changePassword({
      currentPassword: goodPassword,
      newPassword: 'Brisk-Meadow-41',
    })
    await server.client().requestPasswordReset(login)
    await server.services.resetRequests.idle()
    await server.client().resetPassword(await linkTo(login), 'Quiet-Meadow-43')
    await run('updateOwnDeletion', { allowed: true })
    await asThem.logIn(login, 'Quiet-Meadow-43')
    await asThem.query('mutation { requestOwnDeletion { errors { __typename } } }')
    await asThem.query('mutation { cancelOwnDeletion { errors { __typename } } }')
    await run('blockUsers', { userIds: [id] })
    await run('unblockUsers', { userIds: [id] })
    await run('deleteUser', { userId: id, login })
    await idle()

    const member = { id, login, status: 'ACTIVE', role: 'MEMBER' }
    const atFirst = { ...member, status: 'INVITED' }
    const byAdmin = { operationId: expect.any(String), actorId: admin.id }
    const byThem = { operationId: expect.any(String), actorId: id }
    const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    const event = (type: string, data: Record<string, unknown>) => ({ type, timestamp, data })
    const expected = [
      event('user.created', { ...byAdmin, user: atFirst }),
      event('invitation.resent', { ...byAdmin, user: atFirst }),
      event('invitation.revoked', { ...byAdmin, user: atFirst }),
      event('invitation.resent', { ...byAdmin, user: atFirst }),
      event('user.activated', { ...byThem, user: member }),
      event('user.updated', { ...byAdmin, user: member }),
      event('user.access_changed', {
        ...byAdmin,
        user: { ...member, permissions: ['users.read'] },
      }),
      event('password.changed', { ...byThem, user: member }),
      event('password.reset', { ...byThem, user: member }),
      event('user.deletion_requested', { ...byThem, user: member }),
      event('user.deletion_cancelled', { ...byThem, user: member }),
      event('user.blocked', { ...byAdmin, user: { ...member, status: 'BLOCKED' } }),
      event('user.unblocked', { ...byAdmin, user: member }),
      event('user.deleted', { ...byAdmin, user: { id } }),
    ]
    const inOrder = receivedEvents().sort((one, other) =>
      one.timestamp < other.timestamp ? -1 : 1,
    )
    expect(inOrder).toEqual(expected)
    expect(new Set(inOrder.map(({ type }) => type))).toEqual(new Set(profileEvents))

    for (const { body, headers } of receiver.received) {
      expect(() => new Verifier(secret).verify(body, headers)).not.toThrow()
      const day = Math.abs(Number(headers['webhook-timestamp']) * 1000 - Date.now())
      expect(day).toBeLessThan(60_000)
    }
    const all = JSON.stringify(receiver.received)
    for (const word of [
      goodPassword,
      'Meadow',
      'Nele',
      'Vogt',
      'Lind',
      '+49',
      '$argon2',
      'rekey_session',
    ]) {
      expect(all).not.toContain(word)
    }
    const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
    expect(new Set(ids).size).toBe(expected.length)
    const operations = await server.database.read(unit => unit.rows(OperationEntity).find())
    const operationIds = new Set(operations.map(operation => operation.id))
    for (const { data } of inOrder) expect(operationIds.has(data.operationId)).toBe(true)
  })

  it('sends an event only to webhooks that subscribe to it, one for each user', async () => {
    const other = await WebhookReceiver.start()
    await addWebhook(['user.blocked'])
    await addWebhook(['user.unblocked'], other.url)
    const people = [await server.addUser(), await server.addUser(), await server.addUser()]
    await block(...people)
    await idle()
    expect(
      receivedEvents()
        .map(({ data }) => data.user.id)
        .sort(),
    ).toEqual(people.map(({ id }) => id).sort())
    expect(other.received).toEqual([])
    await other.stop()
  })

  it('sends no event if it was rejected or rolled back', async () => {
    await addWebhook()
    const member = await server.addUser()
    const client = await server.signedIn(member)
    await run('blockUsers', { userIds: [admin.id] }, client)
    await client.changePassword({
      currentPassword: 'Wrong-One-123',
      newPassword: 'Brisk-Meadow-41',
    })
    const failing = server.database.write(async unit => {
      const origin = { ip: '127.0.0.1', userAgent: '', requestId: 'x' }
      await server.services.operations.record(unit, origin, {
        action: 'BLOCK_USER',
        outcome: 'DONE',
        actorId: admin.id,
        subjectId: member.id,
      })
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    await idle()
    expect(receiver.received).toEqual([])
    expect(await deliveries()).toEqual([])
  })

  it('stores no event if no webhook subscribes to it', async () => {
    await addWebhook(['user.deleted'])
    await block(await server.addUser())
    expect(await server.database.read(unit => unit.rows(WebhookEventEntity).count())).toBe(0)
  })
})

describe('a failed delivery', () => {
  it.each([
    ['an error', 500],
    ['a refusal', 404],
    ['a redirect', 302],
  ])('is retried under the same id until it succeeds: %s', async (_name, status) => {
    await addWebhook()
    receiver.answerNext(response =>
      response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end('Not now.'),
    )
    await block(await server.addUser())
    await receiver.until(1)
    await idle()
    const [first] = await deliveries()
    expect(first).toMatchObject({ status: 'PENDING', failedAttempts: 1 })
    expect((await webhook()).failingSince).not.toBeNull()
    await retryNow()
    await receiver.until(2)
    await idle()
    const [one, two] = receiver.received
    expect(two?.headers['webhook-id']).toBe(one?.headers['webhook-id'])
    expect(two?.body).toBe(one?.body)
    expect(await deliveries()).toMatchObject([{ status: 'DELIVERED', nextAttemptAt: null }])
    expect(await attempts()).toMatchObject([
      { status, failure: null, excerpt: 'Not now.' },
      { status: 204, failure: null, excerpt: '' },
    ])
    expect((await webhook()).failingSince).toBeNull()
  })

  it('is retried if the connection was refused', async () => {
    await addWebhook(profileEvents, 'http://127.0.0.1:1/')
    await block(await server.addUser())
    await idle()
    expect(await attempts()).toMatchObject([{ status: null, failure: 'CONNECTION_FAILED' }])
    expect(await deliveries()).toMatchObject([{ status: 'PENDING', failedAttempts: 1 }])
  })

  it('is sent at once if it was planned while the clock was days ahead', async () => {
    await addWebhook()
    receiver.answer(response => response.writeHead(500).end())
    await block(await server.addUser())
    await receiver.until(1)
    await idle()
    await changeDelivery({ nextAttemptAt: new Date(Date.now() + 2 * 24 * 60 * 60 * 1000) })
    wakeJob()
    await receiver.until(2)
    await idle()
    expect(await deliveries()).toMatchObject([{ failedAttempts: 2 }])
  })

  it('does not count as an attempt if the server stopped during it, and is sent after the next start', async () => {
    await addWebhook()
    // The receiver never answers.
    receiver.answer(() => undefined)
    await block(await server.addUser())
    await receiver.until(1)
    await server.services.webhookOutbox.stop()
    expect(await attempts()).toEqual([])
    expect(await deliveries()).toMatchObject([{ status: 'PENDING', failedAttempts: 0 }])
    receiver.answer(response => response.writeHead(200).end())
    wakeJob()
    await receiver.until(2)
    await idle()
    expect(await deliveries()).toMatchObject([{ status: 'DELIVERED' }])
  }, 20_000)

  it('reports an unreadable secret, and is retried', async () => {
    const { id } = await addWebhook()
    const reported: unknown[] = []
    server.services.webhookOutbox.start(failure => reported.push(failure))
    await server.database.write(unit =>
      unit.rows(WebhookEntity).update({ id }, { secret: 'v1.sealed with a key that is lost' }),
    )
    await block(await server.addUser())
    await idle()
    expect(reported).toHaveLength(1)
    expect(await attempts()).toMatchObject([{ status: null, failure: 'SECRET_UNREADABLE' }])
    expect(await deliveries()).toMatchObject([{ status: 'PENDING', failedAttempts: 1 }])
  })

  it.each([
    [1, 240],
    [4, 15_360],
    [9, 43_200],
  ])(
    'waits after %i earlier failures for %i seconds, give or take a fifth',
    async (failedAttempts, seconds) => {
      await addWebhook()
      receiver.answer(response => response.writeHead(500).end())
      await block(await server.addUser())
      await receiver.until(1)
      await idle()
      await changeDelivery({ failedAttempts, nextAttemptAt: new Date() })
      wakeJob()
      await receiver.until(2)
      await idle()
      const [delivery] = await deliveries()
      const [, last] = await attempts()
      expect(delivery?.failedAttempts).toBe(failedAttempts + 1)
      const wait = (delivery?.nextAttemptAt?.getTime() ?? 0) - (last?.at.getTime() ?? 0)
      expect(wait).toBeGreaterThanOrEqual(seconds * 800)
      expect(wait).toBeLessThanOrEqual(seconds * 1_200)
    },
  )

  it('waits as long as Retry-After asks, but at most 12 hours', async () => {
    await addWebhook()
    receiver.answer(response => response.writeHead(503, { 'retry-after': '600' }).end())
    const begun = Date.now()
    await block(await server.addUser())
    await receiver.until(1)
    await idle()
    const [delivery] = await deliveries()
    expect(delivery?.nextAttemptAt?.getTime()).toBeGreaterThanOrEqual(begun + 600_000)

    receiver.answer(response => response.writeHead(503, { 'retry-after': '999999' }).end())
    await block(await server.addUser())
    await receiver.until(2)
    await idle()
    const [, second] = await deliveries()
    expect(second?.nextAttemptAt?.getTime()).toBeLessThanOrEqual(Date.now() + 12 * 3_600_000)
  })

  it('is given up after 11 attempts, and its webhook stays enabled', async () => {
    await addWebhook()
    receiver.answer(response => response.writeHead(500).end())
    await block(await server.addUser())
    await receiver.until(1)
    await idle()
    await changeDelivery({ failedAttempts: 10, nextAttemptAt: new Date() })
    wakeJob()
    await receiver.until(2)
    await idle()
    const [delivery] = await deliveries()
    expect(delivery).toMatchObject({ status: 'FAILED', failedAttempts: 11, nextAttemptAt: null })
    expect((await webhook()).disabledAt).toBeNull()
  })
})

describe('a receiver that no longer accepts events', () => {
  it('disables its webhook by answering 410, and the user who added it gets a mail', async () => {
    await addWebhook()
    receiver.answer(response => response.writeHead(410).end())
    await block(await server.addUser())
    await receiver.until(1)
    await idle()
    expect(await webhook()).toMatchObject({ disabledReason: 'GONE' })
    expect(await deliveries()).toMatchObject([{ status: 'FAILED', nextAttemptAt: null }])
    const [mail, ...more] = await server.mailsTo(admin.login)
    expect(more).toEqual([])
    expect(mail?.subject).toBe('A webhook was disabled')
    expect(mail?.text).toContain(
      `http://rekey.example/account/settings/webhooks/${(await webhook()).id}`,
    )
    expect(mail?.text).toContain(`Receiver: 127.0.0.1:${receiver.port}`)
    const operations = await server.database.read(unit =>
      unit.rows(OperationEntity).findBy({ action: 'DISABLE_WEBHOOK' }),
    )
    const { origin } = new URL(receiver.url)
    expect(operations).toMatchObject([
      {
        actorId: null,
        ip: 'server',
        changes: [
          { name: 'url', from: origin, to: origin },
          { name: 'cause', from: 'GONE', to: 'GONE' },
        ],
      },
    ])
    await block(await server.addUser())
    await idle()
    expect(receiver.received).toHaveLength(1)
  })

  const giveUpAfter = async (days: number) => {
    await addWebhook()
    receiver.answer(response => response.writeHead(500).end())
    // Both deliveries exist before the first one is given up, even on a slow machine.
    await block(await server.addUser())
    await block(await server.addUser())
    await receiver.until(2)
    await idle()
    await change({ failingSince: new Date(Date.now() - days * 24 * 3_600_000) })
    const [first] = await deliveries()
    await server.database.write(unit =>
      unit
        .rows(WebhookDeliveryEntity)
        .update({ id: first?.id ?? '' }, { failedAttempts: 10, nextAttemptAt: new Date() }),
    )
    wakeJob()
    await receiver.until(3)
    await idle()
    expect((await deliveries())[0]?.status).toBe('FAILED')
  }

  it('disables its webhook after failing for three days, and pending deliveries are held until it is enabled', async () => {
    await giveUpAfter(3.01)
    expect(await webhook()).toMatchObject({ disabledReason: 'FAILING' })
    expect(await deliveries()).toMatchObject([
      { status: 'FAILED' },
      { status: 'PENDING', nextAttemptAt: null },
    ])
    const [mail] = await server.mailsTo(admin.login)
    expect(mail?.subject).toBe('A webhook was disabled')

    receiver.answer(response => response.writeHead(200).end())
    const { id } = await webhook()
    const before = receiver.received.length
    await run('updateWebhook', { webhookId: id, enabled: true })
    await receiver.until(before + 1)
    await idle()
    expect((await deliveries())[1]).toMatchObject({ status: 'DELIVERED' })
    expect(await webhook()).toMatchObject({ disabledReason: null, failingSince: null })
  })

  it('does not disable its webhook if it failed for less than three days', async () => {
    await giveUpAfter(2.9)
    expect(await webhook()).toMatchObject({ disabledReason: null })
    expect(await server.mailsTo(admin.login)).toEqual([])
  })

  it('causes no mail to a user who lost the permission to see webhooks', async () => {
    await addWebhook()
    receiver.answer(response => response.writeHead(410).end())
    const owner = await server.addUser({ role: 'OWNER' })
    const asOwner = await server.signedIn(owner)
    await run('changeRoles', { userIds: [admin.id], role: 'MEMBER' }, asOwner)
    await receiver.until(1)
    await idle()
    expect(await webhook()).toMatchObject({ disabledReason: 'GONE' })
    expect(await server.mailsTo(admin.login)).toEqual([])
  })
})

describe('a webhook', () => {
  it('disabled during a request gets no other request until it is enabled', async () => {
    const { id } = await addWebhook()
    let answer = () => undefined as unknown
    receiver.answerNext(response => {
      answer = () => response.writeHead(500).end()
    })
    await block(await server.addUser())
    await receiver.until(1)
    await run('updateWebhook', { webhookId: id, enabled: false })
    answer()
    await idle()
    expect(await deliveries()).toMatchObject([{ status: 'PENDING', nextAttemptAt: null }])
    await run('updateWebhook', { webhookId: id, enabled: true })
    await receiver.until(2)
    await idle()
    expect(await deliveries()).toMatchObject([{ status: 'DELIVERED' }])
  })

  it('deleted during a request leaves no rows behind', async () => {
    const { id } = await addWebhook()
    let answer = () => undefined as unknown
    receiver.answerNext(response => {
      answer = () => response.writeHead(500).end()
    })
    await block(await server.addUser())
    await receiver.until(1)
    await run('deleteWebhook', { webhookId: id })
    answer()
    await idle()
    expect([await deliveries(), await attempts()]).toEqual([[], []])
    expect(server.log()).not.toContain('FOREIGN KEY')
  })
})

describe('a replay', () => {
  it('sends the same event under the same id again', async () => {
    const { secret } = await addWebhook()
    await block(await server.addUser())
    await idle()
    const [delivery] = await deliveries()
    await run('replayWebhookDelivery', { deliveryId: delivery?.id })
    await receiver.until(2)
    await idle()
    const [one, two] = receiver.received
    expect(two?.headers['webhook-id']).toBe(one?.headers['webhook-id'])
    expect(two?.body).toBe(one?.body)
    expect(() => new Verifier(secret).verify(two?.body ?? '', two?.headers ?? {})).not.toThrow()
    expect(await attempts()).toHaveLength(2)
  })

  it('starts with no failed attempts if the delivery was given up', async () => {
    await addWebhook()
    receiver.answerNext(response => response.writeHead(500).end())
    await block(await server.addUser())
    await receiver.until(1)
    await idle()
    await changeDelivery({ status: 'FAILED', failedAttempts: 11, nextAttemptAt: null })
    const [delivery] = await deliveries()
    await run('replayWebhookDelivery', { deliveryId: delivery?.id })
    await receiver.until(2)
    await idle()
    expect(await deliveries()).toMatchObject([{ status: 'DELIVERED', failedAttempts: 0 }])
  })

  it('is rejected if the delivery is unknown', async () => {
    const { data } = await run('replayWebhookDelivery', { deliveryId: 'x' })
    expect(data.replayWebhookDelivery.errors).toEqual([{ __typename: 'WebhookDeliveryNotFound' }])
  })
})

describe('deleting a user', () => {
  it('erases their login from events and the responses to them', async () => {
    await addWebhook(['user.blocked'])
    const member = await server.addUser({ login: 'forgotten@rekey.example' })
    receiver.answer((response, _request) => {
      response.writeHead(500).end(`I know forgotten@rekey.example`)
    })
    await block(member)
    await receiver.until(1)
    await idle()
    expect((await attempts())[0]?.excerpt).toContain('forgotten@')
    await run('deleteUser', { userId: member.id, login: member.login })
    const [event] = await server.database.read(unit => unit.rows(WebhookEventEntity).find())
    expect(event).toMatchObject({ subjectId: member.id, login: null })
    expect(JSON.stringify([event, await attempts()])).not.toContain('forgotten@')
    // A later attempt no longer sends the login, and its response is not stored.
    const before = receiver.received.length
    await retryNow()
    await receiver.until(before + 1)
    await idle()
    const blocked = receivedEvents()
      .filter(({ type }) => type === 'user.blocked')
      .at(-1)
    expect(blocked.data.user).toEqual({ id: member.id, status: 'BLOCKED', role: 'MEMBER' })
    const later = await attempts()
    const [delivery] = await deliveries()
    const own = later.filter(({ deliveryId }) => deliveryId === delivery?.id)
    expect(own[0]?.excerpt).toBeNull()
  })

  it('allows users to download the events about them before', async () => {
    await addWebhook(['password.changed'])
    const member = await server.addUser()
    const client = await server.signedIn(member)
    await client.changePassword({ currentPassword: goodPassword, newPassword: 'Brisk-Meadow-41' })
    const data = (await (await client.get('/my-data.json')).json()) as Record<string, unknown>
    expect(data.sentToWebhooks).toEqual([
      { type: 'password.changed', at: expect.any(String), login: member.login },
    ])
  })
})

describe('the delivery log', () => {
  it('is deleted after 30 days, and not before', async () => {
    await addWebhook()
    const [old, young] = [await server.addUser(), await server.addUser()]
    await block(old)
    await block(young)
    await idle()
    const day = 24 * 3_600_000
    const age = (subjectId: string, days: number) =>
      server.database.write(async unit => {
        const at = new Date(Date.now() - days * day)
        await unit.rows(WebhookEventEntity).update({ subjectId }, { at })
      })
    await age(old.id, 30.1)
    await age(young.id, 29.9)
    await server.services.webhookOutbox.sweep()
    const left = await server.database.read(unit => unit.rows(WebhookEventEntity).find())
    expect(left.map(({ subjectId }) => subjectId)).toEqual([young.id])
    expect([(await deliveries()).length, (await attempts()).length]).toEqual([1, 1])
  })
})

describe('two instances', () => {
  it('share the work, and send each delivery once', async () => {
    await addWebhook(['user.blocked'])
    const { database, services } = server
    const { webhooks, publicUrl } = server.config
    let sentByOther = 0
    class CountingSender extends WebhookSender {
      override post(...request: Parameters<WebhookSender['post']>) {
        sentByOther += 1
        return super.post(...request)
      }
    }
    const other = new WebhookOutbox(
      database,
      services.users,
      services.operations,
      services.secrets,
      services.mail,
      new CountingSender(webhooks),
      webhooks,
      publicUrl,
    )
    const people = await Promise.all(Array.from({ length: 40 }, () => server.addUser()))
    // One instance runs at most four requests to one receiver at a time. The receiver answers
    // only when it holds more than four, so both instances must send.
    const unanswered: (() => void)[] = []
    receiver.answer(response => {
      unanswered.push(() => response.writeHead(204).end())
      if (receiver.received.length > 4) for (const answer of unanswered.splice(0)) answer()
    })
    await block(...people)
    const failures: unknown[] = []
    other.start(failure => failures.push(failure))
    await receiver.until(people.length)
    await Promise.all([idle(), other.idle()])
    await other.stop()
    const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
    expect([ids.length, new Set(ids).size]).toEqual([people.length, people.length])
    expect(sentByOther).toBeGreaterThan(0)
    expect(failures).toEqual([])
  })
})

describe('a slow receiver', () => {
  it('does not delay deliveries to other receivers', async () => {
    const slow = await WebhookReceiver.start()
    slow.answer(() => undefined)
    await addWebhook(['user.blocked'], slow.url)
    await addWebhook(['user.blocked'])
    await block(...(await Promise.all(Array.from({ length: 30 }, () => server.addUser()))))
    await receiver.until(30)
    await slow.until(4)
    // Four requests may run at a time. The slow receiver answered none, so it got no more.
    expect(slow.received).toHaveLength(4)
    await server.database.write(unit => unit.rows(WebhookEntity).deleteAll())
    await slow.stop()
  })
})
