import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { Webhook as Verifier } from 'standardwebhooks'
import { OperationEntity } from '../operations/operation.entity.js'
import { type TestClient, TestServer } from '../testing/test-server.js'
import { WebhookReceiver } from '../testing/webhook-receiver.js'
import type { UserEntity } from '../users/user.entity.js'
import { WebhookEntity } from './webhook.entity.js'
import { WebhookEventEntity } from './webhook-event.entity.js'

let server: TestServer
let receiver: WebhookReceiver
let admin: UserEntity
let asAdmin: TestClient
beforeAll(async () => {
  server = await TestServer.start({ WEBHOOKS_ALLOW_PRIVATE: 'true' })
  receiver = await WebhookReceiver.start()
  admin = await server.addUser({ role: 'ADMIN', firstName: 'Ada', lastName: 'Nowak' })
  asAdmin = await server.signedIn(admin)
})
afterAll(async () => {
  await server.stop()
  await receiver.stop()
})
beforeEach(async () => {
  await server.database.write(unit => unit.rows(WebhookEntity).deleteAll())
  receiver.received.length = 0
})

const webhookFields = `webhook {
  id url description events enabled disabledReason disabledAt failingSince previousSecretExpiresAt
  createdByName
}`
const errorFields = 'errors { __typename ... on UserError { message path } }'

const mutate = async (
  name: string,
  input: Record<string, unknown>,
  fields: string,
  client = asAdmin,
) => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
  const answer = await client.query(
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} ${errorFields} } }`,
    { input },
  )
  return { ...answer, payload: answer.data?.[name] }
}
const create = (input: Record<string, unknown> = {}, client = asAdmin) =>
  mutate(
    'createWebhook',
    { url: receiver.url, events: ['user.blocked'], ...input },
    `${webhookFields} secret`,
    client,
  )
const update = (input: Record<string, unknown>) => mutate('updateWebhook', input, webhookFields)
const rotate = (input: Record<string, unknown>) =>
  mutate('rotateWebhookSecret', input, `${webhookFields} secret`)
const deliveryFields = 'delivery { id type status body }'
const sendTest = (webhookId: string) => mutate('testWebhook', { webhookId }, deliveryFields)

const listed = async () => {
  const { data } = await asAdmin.query(
    `{ webhooks { totalCount nodes { id url description events enabled createdByName } } }`,
  )
  return data.webhooks
}
const lastReceived = () => {
  const received = receiver.received.at(-1)
  if (received === undefined) throw new Error('Nothing was received.')
  return received
}
const isSignedWith = (secret: string) => {
  const { body, headers } = lastReceived()
  try {
    new Verifier(secret).verify(body, headers)
    return true
  } catch {
    return false
  }
}

describe('adding a webhook', () => {
  it('returns its secret only once, and stores it sealed', async () => {
    const { payload } = await create({
      description: ' Payroll ',
      events: ['user.deleted', 'user.blocked', 'user.blocked'],
    })
    expect(payload).toEqual({
      webhook: {
        id: expect.any(String),
        url: receiver.url,
        description: 'Payroll',
        events: ['user.blocked', 'user.deleted'],
        enabled: true,
        disabledReason: null,
        disabledAt: null,
        failingSince: null,
        previousSecretExpiresAt: null,
        createdByName: 'Ada Nowak',
      },
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
      errors: [],
    })
    expect(await listed()).toMatchObject({ totalCount: 1, nodes: [{ url: receiver.url }] })
    const key = Buffer.from(payload.secret.slice(6), 'base64')
    for (const stored of [await server.storedBytes(), server.log()]) {
      expect(stored).not.toContain(payload.secret.slice(6))
      expect(stored).not.toContain(key.toString('latin1'))
    }
    const { data } = await asAdmin.query(
      '{ __type(name: "Webhook") { fields { name } } webhooks { nodes { id } } }',
    )
    const names = data.__type.fields.map(({ name }: { name: string }) => name)
    expect(names.filter((name: string) => /secret/i.test(name))).toEqual([
      'previousSecretExpiresAt',
    ])
  })

  it.each([
    [{ url: 'nonsense' }, 'url'],
    [{ url: 'http://user:secret@example.com/' }, 'url'],
    [{ events: [] }, 'events'],
    [{ events: ['user.blocked', 'user.exploded'] }, 'events'],
    [{ events: ['webhook.test'] }, 'events'],
    [{ description: 'x'.repeat(201) }, 'description'],
    [{ description: 'a\u0000b' }, 'description'],
    [{ description: '\ud800' }, 'description'],
  ])('is rejected for %j, with an error at the field', async (input, field) => {
    const { payload } = await create(input)
    expect(payload).toMatchObject({ webhook: null, secret: null })
    expect(payload.errors).toMatchObject([{ __typename: 'InvalidField', path: [field] }])
    expect((await listed()).totalCount).toBe(0)
  })

  it('is rejected if there are already 25', async () => {
    for (let count = 0; count < 25; count += 1) await create()
    const { payload } = await create()
    expect(payload.errors).toMatchObject([{ __typename: 'TooManyWebhooks' }])
    expect((await listed()).totalCount).toBe(25)
  })

  it('is recorded as an operation, and so are all later changes', async () => {
    const {
      payload: { webhook },
    } = await create()
    await update({ webhookId: webhook.id, enabled: true })
    await rotate({ webhookId: webhook.id })
    await sendTest(webhook.id)
    await mutate('deleteWebhook', { webhookId: webhook.id }, 'deletedWebhookId')
    const operations = await server.database.read(unit =>
      unit.rows(OperationEntity).find({
        where: { actorId: admin.id, outcome: 'DONE' },
        order: { id: 'DESC' },
        take: 5,
      }),
    )
    expect(operations.map(({ action }) => action)).toEqual([
      'DELETE_WEBHOOK',
      'TEST_WEBHOOK',
      'ROTATE_WEBHOOK_SECRET',
      'UPDATE_WEBHOOK',
      'CREATE_WEBHOOK',
    ])
  })
})

describe('editing a webhook', () => {
  it('changes only the given fields', async () => {
    const { payload: made } = await create({ description: 'Payroll' })
    const { payload } = await update({ webhookId: made.webhook.id, events: ['password.changed'] })
    expect(payload).toEqual({
      webhook: { ...made.webhook, events: ['password.changed'] },
      errors: [],
    })
  })

  it('rejects invalid fields and an unknown webhook', async () => {
    const { payload: made } = await create()
    const { payload: bad } = await update({ webhookId: made.webhook.id, url: 'ftp://x/' })
    expect(bad.errors).toMatchObject([{ __typename: 'InvalidField', path: ['url'] }])
    const { payload: none } = await update({ webhookId: 'x', events: ['user.blocked'] })
    expect(none.errors).toMatchObject([{ __typename: 'WebhookNotFound', path: ['webhookId'] }])
  })

  it('disables and enables the webhook', async () => {
    const { payload: made } = await create()
    const webhookId = made.webhook.id
    const { payload: off } = await update({ webhookId, enabled: false })
    expect(off.webhook).toMatchObject({ enabled: false, disabledReason: 'BY_USER' })
    const { payload: refused } = await sendTest(webhookId)
    expect(refused.errors).toMatchObject([{ __typename: 'WebhookDisabled' }])
    const { payload: on } = await update({ webhookId, enabled: true })
    expect(on.webhook).toMatchObject({ enabled: true, disabledReason: null, disabledAt: null })
  })
})

describe('a webhook test', () => {
  it('is sent at once and signed, and its outcome can be queried', async () => {
    const { payload: made } = await create()
    const { payload } = await sendTest(made.webhook.id)
    expect(payload).toMatchObject({ delivery: { type: 'webhook.test' }, errors: [] })
    await server.services.webhookOutbox.idle()
    expect(isSignedWith(made.secret)).toBe(true)
    const { body, headers } = lastReceived()
    expect(JSON.parse(body)).toEqual({
      type: 'webhook.test',
      timestamp: expect.any(String),
      data: { webhookId: made.webhook.id },
    })
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Rekey-Webhooks/1',
    })
    const { data } = await asAdmin.query(
      `query ($id: ID!) { webhookDelivery(id: $id) {
        status nextAttemptAt attempts { status failure excerpt durationMs }
      } }`,
      { id: payload.delivery.id },
    )
    expect(data.webhookDelivery).toEqual({
      status: 'DELIVERED',
      nextAttemptAt: null,
      attempts: [{ status: 204, failure: null, excerpt: '', durationMs: expect.any(Number) }],
    })
  })

  it('is not retried if it fails', async () => {
    const { payload: made } = await create()
    receiver.answerNext(response => response.writeHead(500).end('No.'))
    const { payload } = await sendTest(made.webhook.id)
    await server.services.webhookOutbox.idle()
    const { data } = await asAdmin.query(
      `query ($id: ID!, $webhookId: ID!) {
        webhookDelivery(id: $id) { status nextAttemptAt attempts { status excerpt } }
        webhook(id: $webhookId) { enabled failingSince }
      }`,
      { id: payload.delivery.id, webhookId: made.webhook.id },
    )
    expect(data.webhookDelivery).toEqual({
      status: 'FAILED',
      nextAttemptAt: null,
      attempts: [{ status: 500, excerpt: 'No.' }],
    })
    expect(data.webhook).toEqual({ enabled: true, failingSince: null })
  })
})

describe('rotating a secret', () => {
  it('signs requests with both secrets for 24 hours', async () => {
    const { payload: made } = await create()
    const webhookId = made.webhook.id
    const { payload } = await rotate({ webhookId })
    expect(payload.secret).not.toBe(made.secret)
    const lasts = Date.parse(payload.webhook.previousSecretExpiresAt) - Date.now()
    expect(lasts).toBeGreaterThan(24 * 3_600_000 - 60_000)
    expect(lasts).toBeLessThanOrEqual(24 * 3_600_000)
    await sendTest(webhookId)
    await server.services.webhookOutbox.idle()
    expect([isSignedWith(made.secret), isSignedWith(payload.secret)]).toEqual([true, true])

    const expired = { previousSecretExpiresAt: new Date(Date.now() - 1) }
    await server.database.write(unit => unit.rows(WebhookEntity).update({ id: webhookId }, expired))
    await sendTest(webhookId)
    await server.services.webhookOutbox.idle()
    expect([isSignedWith(made.secret), isSignedWith(payload.secret)]).toEqual([false, true])

    await server.services.webhookOutbox.sweep()
    const [kept] = await server.database.read(unit => unit.rows(WebhookEntity).find())
    expect(kept).toMatchObject({ previousSecret: null, previousSecretExpiresAt: null })
  })

  it('ends the old secret at once if the caller asks for it', async () => {
    const { payload: made } = await create()
    const { payload } = await rotate({ webhookId: made.webhook.id, endPrevious: true })
    expect(payload.webhook.previousSecretExpiresAt).toBeNull()
    await sendTest(made.webhook.id)
    await server.services.webhookOutbox.idle()
    expect([isSignedWith(made.secret), isSignedWith(payload.secret)]).toEqual([false, true])
  })

  it('seals the secret for one webhook: it cannot be opened in the row of another', async () => {
    const { payload: one } = await create()
    const { payload: other } = await create()
    const rows = await server.database.read(unit => unit.rows(WebhookEntity).find())
    const sealed = rows.find(({ id }) => id === one.webhook.id)?.secret ?? ''
    await server.database.write(unit =>
      unit.rows(WebhookEntity).update({ id: other.webhook.id }, { secret: sealed }),
    )
    await sendTest(other.webhook.id)
    await server.services.webhookOutbox.idle()
    expect(receiver.received).toEqual([])
  })
})

describe('deleting a webhook', () => {
  it('deletes its deliveries too', async () => {
    const { payload: made } = await create()
    const { payload: sent } = await sendTest(made.webhook.id)
    await server.services.webhookOutbox.idle()
    const webhookId = made.webhook.id
    const { payload } = await mutate('deleteWebhook', { webhookId }, 'deletedWebhookId')
    expect(payload).toEqual({ deletedWebhookId: webhookId, errors: [] })
    const { data } = await asAdmin.query(
      'query ($id: ID!, $webhookId: ID!) { webhookDelivery(id: $id) { id } webhook(id: $webhookId) { id } }',
      { id: sent.delivery.id, webhookId },
    )
    expect(data).toEqual({ webhookDelivery: null, webhook: null })
    const { payload: again } = await mutate('deleteWebhook', { webhookId }, 'deletedWebhookId')
    expect(again.errors).toMatchObject([{ __typename: 'WebhookNotFound' }])
  })
})

describe('the webhook lists', () => {
  it('are paged by cursor', async () => {
    const ids: string[] = []
    for (let count = 0; count < 3; count += 1) ids.push((await create()).payload.webhook.id)
    const page = async (args: string) => {
      const { data } = await asAdmin.query(
        `{ webhooks(${args}) { nodes { id } pageInfo { endCursor hasNextPage hasPreviousPage } } }`,
      )
      return data.webhooks
    }
    const first = await page('first: 2')
    expect(first).toMatchObject({
      nodes: [{ id: ids[0] }, { id: ids[1] }],
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
    })
    expect(await page(`first: 2, after: "${first.pageInfo.endCursor}"`)).toMatchObject({
      nodes: [{ id: ids[2] }],
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
    })
  })

  it('show the newest deliveries first, and can be filtered by status', async () => {
    const { payload: made } = await create()
    const sent: string[] = []
    receiver.answerNext(response => response.writeHead(500).end())
    for (let count = 0; count < 3; count += 1) {
      sent.unshift((await sendTest(made.webhook.id)).payload.delivery.id)
      await server.services.webhookOutbox.idle()
    }
    const deliveries = async (args: string) => {
      const { data } = await asAdmin.query(
        `query ($id: ID!) { webhook(id: $id) { deliveries${args} {
          totalCount nodes { id } edges { cursor } pageInfo { hasNextPage }
        } } }`,
        { id: made.webhook.id },
      )
      return data.webhook.deliveries
    }
    const first = await deliveries('(first: 2)')
    expect(first).toMatchObject({
      totalCount: 3,
      nodes: [{ id: sent[0] }, { id: sent[1] }],
      pageInfo: { hasNextPage: true },
    })
    const rest = await deliveries(`(first: 2, after: "${first.edges[1].cursor}")`)
    expect(rest).toMatchObject({ nodes: [{ id: sent[2] }], pageInfo: { hasNextPage: false } })
    expect(await deliveries('(statuses: [FAILED])')).toMatchObject({
      totalCount: 1,
      nodes: [{ id: sent[2] }],
    })
    const tooMany = await asAdmin.query(
      `{ webhooks { nodes { deliveries(first: 101) { totalCount } } } }`,
    )
    expect(tooMany.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })

  it('include all event types, each with a description', async () => {
    const { data } = await asAdmin.query('{ webhookEventTypes { name description } }')
    const { payload } = await create({
      events: data.webhookEventTypes.map(({ name }: { name: string }) => name),
    })
    expect(payload.errors).toEqual([])
    for (const type of data.webhookEventTypes) expect(type.description).toMatch(/\.$/)
  })

  it('leave only refused sign-ins out of “all events”', async () => {
    const { data } = await asAdmin.query('{ webhookEventTypes { name group includedInAll } }')
    const types: { name: string; group: string; includedInAll: boolean }[] = data.webhookEventTypes
    const leftOut = types.filter(({ includedInAll }) => !includedInAll)
    expect(leftOut).toEqual([{ name: 'sign_in.refused', group: 'SESSIONS', includedInAll: false }])
    // A form shows each group once.
    const groups = types.map(({ group }) => group)
    expect(groups.filter((group, index) => group !== groups[index - 1])).toEqual([
      ...new Set(groups),
    ])
  })
})

describe('a user without webhooks.manage', () => {
  it.each([
    '{ webhooks { nodes { url } } }',
    '{ webhook(id: "x") { url } }',
    '{ webhookDelivery(id: "x") { body } }',
  ])('cannot query %s', async query => {
    const settings = await server.addUser({
      role: 'ADMIN',
      withdrawnPermissions: ['webhooks.manage'],
    })
    const { errors } = await (await server.signedIn(settings)).query(query)
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    const stranger = await server.client().query(query)
    expect(stranger.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
  })
})

describe('a server that allows no private addresses', () => {
  it('rejects a webhook with a private address, and sends nothing to one saved earlier', async () => {
    const strict = await TestServer.start()
    const owner = await strict.addUser({ role: 'OWNER' })
    const client = await strict.signedIn(owner)
    const { payload } = await create({}, client)
    expect(payload.errors).toMatchObject([{ path: ['url'] }])
    const url = `https://hooks.example.com:${receiver.port}/`
    const { payload: made } = await create({ url }, client)
    expect(made.errors).toEqual([])
    // The row as it would have been saved while the setting allowed it.
    await strict.database.write(unit =>
      unit.rows(WebhookEntity).update({ id: made.webhook.id }, { url: receiver.url }),
    )
    const { payload: sent } = await mutate(
      'testWebhook',
      { webhookId: made.webhook.id },
      deliveryFields,
      client,
    )
    await strict.services.webhookOutbox.idle()
    const { data } = await client.query(
      'query ($id: ID!) { webhookDelivery(id: $id) { status attempts { status failure } } }',
      { id: sent.delivery.id },
    )
    expect(data.webhookDelivery).toEqual({
      status: 'FAILED',
      attempts: [{ status: null, failure: 'ADDRESS_REFUSED' }],
    })
    expect(receiver.received).toEqual([])
    expect(await strict.database.read(unit => unit.rows(WebhookEventEntity).count())).toBe(1)
    await strict.stop()
  })
})
