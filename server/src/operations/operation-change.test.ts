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

/** Calls a mutation. Returns its payload, and the changes that the operation list records. */
const changesBy = async (
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

describe('the operation list', () => {
  it('records the old and new role and permissions of a user', async () => {
    const { id: userId } = await server.addUser({ withdrawnPermissions: ['users.read'] })
    const access = { role: 'ADMIN', grantedPermissions: [], withdrawnPermissions: ['users.delete'] }
    const { changes } = await changesBy('changeAccess', { userId, ...access })
    expect(changes).toEqual([
      { name: 'role', from: 'MEMBER', to: 'ADMIN' },
      { name: 'withdrawnPermissions', from: 'users.read', to: 'users.delete' },
    ])
    const bulk = await changesBy('changeRoles', { userIds: [userId], role: 'MEMBER' })
    expect(bulk.changes).toEqual([{ name: 'role', from: 'ADMIN', to: 'MEMBER' }])
  })

  it('records the names of changed profile fields, but not their values', async () => {
    const { id: userId } = await server.addUser({ lastName: 'Lindqvist' })
    const { changes } = await changesBy('updateUser', {
      userId,
      lastName: 'Lind',
      phone: '+44 20 7946 0018',
    })
    expect(changes).toEqual([
      { name: 'lastName', from: null, to: null },
      { name: 'phone', from: null, to: null },
    ])
    expect((await changesBy('updateUser', { userId, lastName: 'Lind' })).changes).toEqual([])
  })

  it('records the role and permissions of an invitation', async () => {
    const { changes } = await changesBy('inviteUser', {
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

  it('records only the settings that changed', async () => {
    const { changes } = await changesBy('updateSecuritySettings', {
      secondFactor: 'OPTIONAL',
      secondFactorMethods: ['TOTP'],
      trustedDevices: 'WEEK',
    })
    expect(changes).toEqual([
      { name: 'secondFactorMethods', from: 'TOTP, PASSKEY', to: 'TOTP' },
      { name: 'trustedDevices', from: 'NEVER', to: 'WEEK' },
    ])
  })

  it('records the range of an allowed address', async () => {
    const added = await changesBy(
      'addAllowedAddress',
      { range: '10.1.2.3/8', label: 'Office' },
      'allowedAddress { id }',
    )
    expect(added.changes).toEqual([{ name: 'range', from: null, to: '10.0.0.0/8' }])
    const { id } = added.payload.allowedAddress ?? { id: '' }
    const removed = await changesBy('removeAllowedAddress', { id })
    expect(removed.changes).toEqual([{ name: 'range', from: '10.0.0.0/8', to: null }])
  })

  it('records the prefix and permissions of an API token, but not the token', async () => {
    const expiresAt = new Date(Date.now() + 86_400_000)
    const created = await changesBy(
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
    const revoked = await changesBy('revokeApiToken', { apiTokenId: id })
    expect(revoked.changes).toEqual([{ name: 'apiTokenPrefix', from: prefix, to: null }])
  })

  it('records the origin of a webhook’s URL, and its changed fields', async () => {
    const created = await changesBy(
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
    expect(
      (await changesBy('updateWebhook', { webhookId, events, enabled: false })).changes,
    ).toEqual([
      { name: 'url', from: origin, to: origin },
      { name: 'events', from: 'user.blocked', to: 'user.blocked, user.deleted' },
      { name: 'enabled', from: 'true', to: 'false' },
    ])
    expect((await changesBy('rotateWebhookSecret', { webhookId })).changes).toEqual([
      { name: 'url', from: origin, to: origin },
    ])
    expect((await changesBy('deleteWebhook', { webhookId })).changes).toEqual([
      { name: 'url', from: origin, to: null },
    ])
  })

  it('exports changes as text, and the chain stays valid', async () => {
    const { id: userId } = await server.addUser()
    await changesBy('changeRoles', { userIds: [userId], role: 'ADMIN' })
    const { id: other } = await server.addUser()
    await changesBy('updateUser', { userId: other, firstName: 'Oona' })
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
