import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parse } from 'csv-parse/sync'
import { type TestClient, TestServer } from '../testing/test-server.js'
import type { UserEntity } from '../users/user.entity.js'
import type { OperationChange } from './operation-change.js'

let server: TestServer
let owner: UserEntity
let client: TestClient
beforeAll(async () => {
  server = await TestServer.start({ WEBHOOKS_ALLOW_PRIVATE: 'true' })
  owner = await server.addUser({ role: 'OWNER' })
  client = await server.signedIn(owner)
})
afterAll(() => server.stop())

/** Calls a mutation, and tells what the operation list says that it changed, and of what was done on whom. */
const told = async (
  mutation: string,
  input: Record<string, unknown>,
  fields = '',
): Promise<{
  payload: Record<string, { id: string; prefix: string }>
  changes: OperationChange[]
}> => {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`
  const done = await client.query(
    `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${fields} errors { __typename } } }`,
    { input },
  )
  expect(done.errors).toBeUndefined()
  expect(done.data[mutation].errors).toEqual([])
  const { data } = await client.query(
    '{ operations(first: 1) { nodes { outcome changes { name from to } } } }',
  )
  const [{ outcome, changes }] = data.operations.nodes
  expect(outcome).toBe('DONE')
  return { payload: done.data[mutation], changes }
}

describe('what an operation changed', () => {
  it('is told of someone’s access: role and permissions, before and after', async () => {
    const { id: userId } = await server.addUser({ withdrawnPermissions: ['users.read'] })
    const access = { role: 'ADMIN', grantedPermissions: [], withdrawnPermissions: ['users.delete'] }
    const { changes } = await told('changeAccess', { userId, ...access })
    expect(changes).toEqual([
      { name: 'role', from: 'MEMBER', to: 'ADMIN' },
      { name: 'withdrawnPermissions', from: 'users.read', to: 'users.delete' },
    ])
    const bulk = await told('changeRoles', { userIds: [userId], role: 'MEMBER' })
    expect(bulk.changes).toEqual([{ name: 'role', from: 'ADMIN', to: 'MEMBER' }])
  })

  it('is told of a profile by the names of its fields: what stands in them is not kept', async () => {
    const { id: userId } = await server.addUser({ lastName: 'Lindqvist' })
    const { changes } = await told('updateUser', {
      userId,
      lastName: 'Lind',
      phone: '+44 20 7946 0018',
    })
    expect(changes).toEqual([
      { name: 'lastName', from: null, to: null },
      { name: 'phone', from: null, to: null },
    ])
    expect((await told('updateUser', { userId, lastName: 'Lind' })).changes).toEqual([])
  })

  it('is told of an invitation: what it gives', async () => {
    const { changes } = await told('inviteUser', {
      login: 'invited@rekey.example',
      firstName: 'Iris',
      lastName: 'Ek',
      role: 'MEMBER',
      grantedPermissions: ['settings.manage', 'operations.read'],
    })
    expect(changes).toEqual([
      { name: 'role', from: null, to: 'MEMBER' },
      { name: 'grantedPermissions', from: null, to: 'settings.manage, operations.read' },
    ])
  })

  it('is told of settings: those that are other than they were', async () => {
    const { changes } = await told('updateSecuritySettings', {
      secondFactor: 'OPTIONAL',
      secondFactorMethods: ['TOTP'],
      trustedDevices: 'WEEK',
    })
    expect(changes).toEqual([
      { name: 'secondFactorMethods', from: 'TOTP, PASSKEY', to: 'TOTP' },
      { name: 'trustedDevices', from: 'NEVER', to: 'WEEK' },
    ])
  })

  it('is told of allowed addresses: which', async () => {
    const added = await told(
      'addAllowedAddress',
      { range: '10.1.2.3/8', label: 'Office' },
      'allowedAddress { id }',
    )
    expect(added.changes).toEqual([{ name: 'range', from: null, to: '10.0.0.0/8' }])
    const { id } = added.payload.allowedAddress ?? { id: '' }
    const removed = await told('removeAllowedAddress', { id })
    expect(removed.changes).toEqual([{ name: 'range', from: '10.0.0.0/8', to: null }])
  })

  it('is told of API tokens: which, and what it may', async () => {
    const expiresAt = new Date(Date.now() + 86_400_000)
    const created = await told(
      'createApiToken',
      { name: 'Reports', permissions: ['users.read'], expiresAt },
      'token apiToken { id prefix }',
    )
    const { id, prefix } = created.payload.apiToken ?? { id: '', prefix: '' }
    expect(created.changes).toEqual([
      { name: 'apiTokenPrefix', from: null, to: prefix },
      { name: 'permissions', from: null, to: 'users.read' },
    ])
    expect(JSON.stringify(created.changes)).not.toContain(created.payload.token)
    const revoked = await told('revokeApiToken', { apiTokenId: id })
    expect(revoked.changes).toEqual([{ name: 'apiTokenPrefix', from: prefix, to: null }])
  })

  it('is told of webhooks: which by its origin, and what became of it', async () => {
    const created = await told(
      'createWebhook',
      { url: 'https://hooks.example/T0/secret-path', events: ['user.blocked'] },
      'webhook { id }',
    )
    const { id: webhookId } = created.payload.webhook ?? { id: '' }
    const origin = 'https://hooks.example'
    expect(created.changes).toEqual([
      { name: 'url', from: null, to: origin },
      { name: 'events', from: null, to: 'user.blocked' },
    ])
    const events = ['user.blocked', 'user.deleted']
    expect((await told('updateWebhook', { webhookId, events, enabled: false })).changes).toEqual([
      { name: 'url', from: origin, to: origin },
      { name: 'events', from: 'user.blocked', to: 'user.blocked, user.deleted' },
      { name: 'enabled', from: 'true', to: 'false' },
    ])
    expect((await told('rotateWebhookSecret', { webhookId })).changes).toEqual([
      { name: 'url', from: origin, to: origin },
    ])
    expect((await told('deleteWebhook', { webhookId })).changes).toEqual([
      { name: 'url', from: origin, to: null },
    ])
  })

  it('is in the export in words, and does not break the chain', async () => {
    const { id: userId } = await server.addUser()
    await told('changeRoles', { userIds: [userId], role: 'ADMIN' })
    const { id: other } = await server.addUser()
    await told('updateUser', { userId: other, firstName: 'Oona' })
    const text = await (await client.get('/operations.csv')).text()
    const rows = parse(text, { columns: true }) as Record<string, string>[]
    expect(rows.slice(0, 2).map(({ changes }) => changes)).toEqual([
      'firstName',
      'role: MEMBER → ADMIN',
    ])
    await server.services.operations.idle()
    expect(await server.services.operations.verify()).toMatchObject({ kind: 'unbroken' })
  })
})
