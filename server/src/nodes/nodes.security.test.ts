import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Permission, permissions } from '@rekey/shared/access'
import { isInterfaceType, isObjectType } from 'graphql'
import { createSchemaToRead } from '../app/schema.js'
import type { RequestOrigin } from '../http/request-origin.js'
import { OutboxMailEntity } from '../mail/outbox-mail.entity.js'
import { SessionEntity } from '../sessions/session.entity.js'
import { apiTokenOf } from '../testing/api-token-client.js'
import { type TestClient, TestServer } from '../testing/test-server.js'
import { TrustedDeviceEntity } from '../trusted-devices/trusted-device.entity.js'
import type { Caller } from '../users/caller.js'

const schema = createSchemaToRead()
const nodeType = schema.getType('Node')
const nodeTypes = isInterfaceType(nodeType)
  ? schema.getPossibleTypes(nodeType).map(({ name }) => name)
  : []

/** Which requests find a node of a type. */
interface Access {
  /** The permission that any user needs for nodes that are not their own. */
  readonly permission?: Permission
  /** Whether its owner finds it without the permission. */
  readonly owned?: true
  /** Whether API tokens find none. */
  readonly sessionOnly?: true
}

// A type that is missing here fails the first test.
const access: Readonly<Record<string, Access>> = {
  AllowedAddress: { permission: 'settings.manage' },
  ApiToken: { owned: true, sessionOnly: true },
  BulkJob: { owned: true },
  Operation: { permission: 'operations.read', owned: true },
  OutboxMail: { permission: 'settings.manage' },
  Session: { owned: true, sessionOnly: true },
  TrustedDevice: { owned: true, sessionOnly: true },
  User: { permission: 'users.read', owned: true },
  Webhook: { permission: 'webhooks.manage' },
  WebhookDelivery: { permission: 'webhooks.manage' },
}
const cases = Object.entries(access)
const withPermission = cases.flatMap(([type, { permission }]) =>
  permission === undefined ? [] : [[type, permission] as const],
)
const namesWhere = (is: (access: Access) => boolean) =>
  cases.flatMap(([type, access]) => (is(access) ? [type] : []))

const origin: RequestOrigin = { ip: '127.0.0.1', userAgent: 'test', requestId: 'test' }

let server: TestServer
let owner: Caller
/** The id of a node of each type. Those that belong to a user belong to the owner. */
let ids: Record<string, string>

beforeAll(async () => {
  server = await TestServer.start()
  await server.setSecurity({ trustedDevices: 'MONTH' })
  await server.services.mail.stop()
  owner = await server.addUser({ role: 'OWNER' })
  const { services, database } = server
  const range = { range: '198.51.100.0/24', label: '' }
  const address = await services.ipAuthorization.add(owner, range, origin)
  const fields = { url: 'https://localhost.invalid/', description: '', events: ['user.updated'] }
  const webhook = await services.webhooks.create(owner, fields, origin)
  if (address.kind !== 'added' || webhook.kind !== 'created')
    throw new Error('Nothing was created.')
  const delivery = await services.webhooks.test(owner, webhook.webhook.id, origin)
  if (delivery.kind !== 'queued') throw new Error('The delivery was not created.')
  const member = await server.addUser()
  const selection = { userIds: [member.id] }
  const job = await services.bulkJobs.start(
    owner,
    { action: 'SIGN_OUT', reason: null, selection, confirmedCount: 1 },
    origin,
  )
  if (job.kind !== 'started') throw new Error('The job was not started.')
  const { row: apiToken } = await apiTokenOf(server, owner)
  const rows = await database.write(async unit => {
    const content = { subject: 'News', greeting: 'Hello,', paragraphs: [], facts: [], footer: '' }
    await services.mail.send(unit, { login: 'nobody@rekey.example', language: 'en' }, () => content)
    await services.trustedDevices.trust(unit, owner, origin)
    await services.sessions.begin(unit, owner, undefined, origin)
    return {
      mail: await unit
        .rows(OutboxMailEntity)
        .findOneByOrFail({ recipient: 'nobody@rekey.example' }),
      device: await unit.rows(TrustedDeviceEntity).findOneByOrFail({ userId: owner.id }),
      session: await unit.rows(SessionEntity).findOneByOrFail({ userId: owner.id }),
    }
  })
  const operations = await services.operations.list(owner, { subjectId: owner.id }, { first: 1 })
  ids = {
    AllowedAddress: address.address.id,
    ApiToken: apiToken.id,
    BulkJob: job.job.id,
    Operation: operations.rows[0]?.id ?? 'none',
    OutboxMail: rows.mail.id,
    Session: rows.session.id,
    TrustedDevice: rows.device.id,
    User: owner.id,
    Webhook: webhook.webhook.id,
    WebhookDelivery: delivery.delivery.id,
  }
})
afterAll(() => server.stop())

const idOf = (type: string): string => ids[type] ?? 'none'
const found = (type: string) => ({ __typename: type, id: idOf(type) })

/** Looks up a node, together with an id that does not exist. */
const lookUp = async (client: TestClient, type: string) => {
  const answer = await client.query(
    `query ($id: ID!, $ids: [ID!]!) {
      node(id: $id) { __typename id }
      nodes(ids: $ids) { __typename id }
    }`,
    { id: idOf(type), ids: [randomUUID(), idOf(type)] },
  )
  expect(answer.errors).toBeUndefined()
  const { node, nodes } = answer.data as { node: unknown; nodes: unknown[] }
  expect(nodes).toEqual([null, node])
  return node
}

const tokenOf = async (permissions: readonly Permission[], user = owner) =>
  (await apiTokenOf(server, user, permissions)).client

describe('the types of nodes', () => {
  it('have a row in this test, each of them', () => {
    expect(nodeTypes.sort()).toEqual(Object.keys(access))
  })

  it('are all types with an id, except parts that belong to another object', () => {
    const withId = Object.values(schema.getTypeMap())
      .filter(type => isObjectType(type) && 'id' in type.getFields())
      .map(({ name }) => name)
    // An attempt belongs to its delivery, a second factor and a suspended token to their user. A
    // notification is computed for its reader, from an operation or an API token.
    const parts = ['Notification', 'SecondFactor', 'SuspendedApiToken', 'WebhookAttempt']
    expect(withId.sort()).toEqual([...nodeTypes, ...parts].sort())
  })
})

describe('node and nodes', () => {
  it.each(nodeTypes)('find the %s for its owner, in a session', async type => {
    const client = await server.signedIn(owner)
    expect(await lookUp(client, type)).toEqual(found(type))
  })

  it.each(nodeTypes)('find no %s for another user without permissions', async type => {
    const client = await server.signedIn(await server.addUser())
    expect(await lookUp(client, type)).toBeNull()
  })

  it.each(withPermission)(
    'find the %s for another user who has only %s',
    async (type, permission) => {
      const user = await server.addUser({ grantedPermissions: [permission] })
      expect(await lookUp(await server.signedIn(user), type)).toEqual(found(type))
    },
  )

  it.each(withPermission)(
    'find no %s for another user who has every permission except %s',
    async (type, permission) => {
      const others = permissions.filter(one => one !== permission)
      const user = await server.addUser({ grantedPermissions: others })
      expect(await lookUp(await server.signedIn(user), type)).toBeNull()
    },
  )

  it.each(namesWhere(({ permission }) => permission === undefined))(
    'find no %s of another user, whatever the permissions',
    async type => {
      const user = await server.addUser({ role: 'OWNER' })
      expect(await lookUp(await server.signedIn(user), type)).toBeNull()
    },
  )

  it.each(namesWhere(({ sessionOnly }) => sessionOnly === true))(
    'find no %s with an API token, whatever its permissions',
    async type => {
      expect(await lookUp(await tokenOf(permissions), type)).toBeNull()
    },
  )

  it.each(namesWhere(({ owned }) => owned !== true))(
    'find no %s with an API token of an owner that lacks the permission',
    async type => {
      expect(await lookUp(await tokenOf([]), type)).toBeNull()
    },
  )

  it('find a job only with the API token that started it', async () => {
    expect(await lookUp(await tokenOf(permissions), 'BulkJob')).toBeNull()
  })

  it('hide the address of an operation from its subject, as the list does', async () => {
    const subject = await server.addUser()
    const { services, database } = server
    await database.write(unit =>
      services.operations.record(unit, origin, {
        action: 'UPDATE_USER',
        outcome: 'DONE',
        actorId: owner.id,
        subjectId: subject.id,
      }),
    )
    const client = await server.signedIn(subject)
    const list = await client.query(
      'query ($id: ID!) { operations(filter: { subjectId: $id, actions: [UPDATE_USER] }) { nodes { id } } }',
      { id: subject.id },
    )
    const { data } = await client.query(
      'query ($id: ID!) { node(id: $id) { ... on Operation { ip userAgent hash } } }',
      { id: list.data.operations.nodes[0].id },
    )
    expect(data.node).toEqual({ ip: 'hidden', userAgent: '', hash: null })
  })

  it('reject a caller who is not signed in, whether the id exists or not', async () => {
    for (const id of [owner.id, randomUUID()]) {
      const { data, errors } = await server
        .client()
        .query('query ($id: ID!) { node(id: $id) { id } }', { id })
      expect(data).toEqual({ node: null })
      expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
    }
  })

  it('return the objects in the order of the ids, also if an id repeats', async () => {
    const client = await server.signedIn(owner)
    const wanted = ['Webhook', 'User', 'Session', 'User', 'Operation']
    const { data } = await client.query(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }',
      { ids: wanted.map(idOf) },
    )
    expect(data.nodes).toEqual(wanted.map(found))
  })

  it('reject more than 100 ids', async () => {
    const client = await server.signedIn(owner)
    const { errors } = await client.query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: Array.from({ length: 101 }, () => randomUUID()),
    })
    expect(errors).toMatchObject([
      {
        message: 'nodes accepts at most 100 ids: this request has 101.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ])
  })

  it('need one query for each type, however many ids and fields there are', async () => {
    await server.stopJobs()
    const client = await server.signedIn(owner)
    const fields = Array.from({ length: 9 }, (_, index) => `a${index}: node(id: $id) { id }`)
    const query = `query ($id: ID!, $ids: [ID!]!) { ${fields.join(' ')} nodes(ids: $ids) { id } }`
    const statements = await server.statementsDuring(async () => {
      const variables = { id: idOf('User'), ids: nodeTypes.map(idOf) }
      expect((await client.query(query, variables)).errors).toBeUndefined()
    })
    const lookUps = statements.filter(({ text }) => text.includes(' IN ('))
    expect(lookUps).toHaveLength(nodeTypes.length)
  })
})
