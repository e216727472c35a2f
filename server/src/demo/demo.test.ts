import { afterAll, beforeAll, expect, it } from '@jest/globals'
import SQL, { raw } from 'sql-template-tag'
import { TestServer } from '../testing/test-server.js'
import { WebhookEntity } from '../webhooks/webhook.entity.js'
import { demoPassword, fillWithDemo } from './demo.js'

const now = new Date()
let server: TestServer
beforeAll(async () => {
  server = await TestServer.start()
  await fillWithDemo(server.database, server.services, now)
  // Filling has stopped it; the server does not start before the demo is filled.
  server.services.operations.start(() => undefined)
}, 120_000)
afterAll(() => server.stop())

it('lists something on every page', async () => {
  const client = server.client()
  const { data: signedIn } = await client.logIn('olivia@demo.example', demoPassword)
  expect(signedIn.logIn.errors).toEqual([])
  await server.services.homeFigures.count()
  const { data, errors } = await client.query(`{
    home {
      people {
        active invited blocked withSecondFactor expiredInvitations
        mustChangePassword { count } expiringInvitations { count }
      }
      oldestPasswords { id }
      signIns { succeeded failed }
      webhooks { disabled }
      mails { waiting failed }
    }
    users(first: 1) { totalCount }
    operations(first: 1) { totalCount }
    sessions { totalCount }
    apiTokens { totalCount }
    webhooks { nodes { deliveries(first: 1) { totalCount } } }
    outboxMails { totalCount }
    allowedAddresses { totalCount }
    securitySettings { ipAuthorization }
  }`)
  expect(errors).toBeUndefined()
  const { home } = data
  expect(data.users.totalCount).toBe(312)
  expect(data.operations.totalCount).toBeGreaterThan(1_500)
  expect(data.sessions.totalCount).toBeGreaterThan(1)
  expect(data.apiTokens.totalCount).toBe(2)
  expect(data.outboxMails.totalCount).toBeGreaterThan(2)
  expect(data.allowedAddresses.totalCount).toBe(2)
  expect(data.securitySettings.ipAuthorization).toBe(false)
  for (const { deliveries } of data.webhooks.nodes) {
    expect(deliveries.totalCount).toBeGreaterThan(10)
  }
  expect(home.people.active + home.people.invited + home.people.blocked).toBe(312)
  expect(home.people.mustChangePassword.count).toBe(7)
  expect(home.people.withSecondFactor).toBe(60)
  expect(home.people.expiringInvitations.count).toBeGreaterThan(0)
  expect(home.people.expiredInvitations).toBeGreaterThan(0)
  expect(home.people.expiredInvitations).toBeLessThan(home.people.invited / 2)
  expect(home.oldestPasswords).toHaveLength(5)
  expect(home.webhooks.disabled).toBe(1)
  expect(home.mails).toMatchObject({ waiting: 0, failed: 3 })
  const days: { succeeded: number; failed: number }[] = home.signIns
  expect(days.filter(({ succeeded }) => succeeded === 0)).toEqual([])
  expect(days.some(({ failed }) => failed > 10)).toBe(true)
})

it('notifies the owner of some things that they have seen, and of others that they have not', async () => {
  const client = server.client()
  await client.logIn('olivia@demo.example', demoPassword)
  const { data, errors } = await client.query(`{
    unseenNotificationCount
    notifications { nodes { seen operation { action } apiToken { name } } }
  }`)
  expect(errors).toBeUndefined()
  expect(data.unseenNotificationCount).toBeGreaterThan(1)
  const { nodes } = data.notifications
  expect(nodes.some(({ seen }: { seen: boolean }) => seen)).toBe(true)
  for (const action of ['DISABLE_WEBHOOK', 'LOG_IN', 'ACTIVATE_USER']) {
    expect(nodes).toContainEqual(expect.objectContaining({ operation: { action } }))
  }
  expect(nodes).toContainEqual(expect.objectContaining({ apiToken: { name: 'Monthly report' } }))
})

it('has second factors of each kind', async () => {
  const methods = await server.database.read(unit =>
    unit.query(SQL`SELECT DISTINCT method FROM second_factors ORDER BY method`),
  )
  expect(methods).toEqual([{ method: 'PASSKEY' }, { method: 'SMS' }, { method: 'TOTP' }])
})

it('has an operation list that can be verified, in the order of its times', async () => {
  await server.services.operations.idle()
  expect(await server.services.operations.verify()).toMatchObject({ kind: 'unbroken' })
  const batches = server.services.operations.readChained(0)
  let last = 0
  for await (const batch of batches) {
    for (const { at } of batch) {
      expect(at.getTime()).toBeGreaterThanOrEqual(last)
      last = at.getTime()
    }
  }
})

it('has no date after the time at which it was filled, except of what expires', async () => {
  const latest = async (table: string, column: string): Promise<number> => {
    const [row] = await server.database.read(unit =>
      unit.query<{ latest: number | string }>(
        SQL`SELECT MAX(${raw(column)}) AS latest FROM ${raw(table)}`,
      ),
    )
    return Number(row?.latest)
  }
  for (const [table, column] of [
    ['users', 'created_at'],
    ['users', 'password_changed_at'],
    ['users', 'login_verified_at'],
    ['one_time_links', 'created_at'],
    ['second_factors', 'created_at'],
    ['second_factors', 'last_used_at'],
    ['trusted_devices', 'last_used_at'],
    ['api_tokens', 'last_used_at'],
    ['webhook_deliveries', 'created_at'],
    ['outbox_mails', 'ended_at'],
  ] as const) {
    expect([table, column, (await latest(table, column)) <= now.getTime()]).toEqual([
      table,
      column,
      true,
    ])
  }
})

it('calls no webhook, and leaves no mail to be sent', async () => {
  const webhooks = await server.database.read(unit => unit.rows(WebhookEntity).find())
  expect(webhooks).toHaveLength(2)
  expect(webhooks.filter(({ disabledAt }) => disabledAt === null)).toEqual([])
  expect(await server.services.webhookOutbox.countWaiting()).toBe(0)
  const [mails] = await server.database.read(unit =>
    unit.query<{ count: number | string }>(
      SQL`SELECT COUNT(*) AS count FROM outbox_mails
        WHERE state <> 'DROPPED' AND (state <> 'FAILED' OR sealed_body IS NOT NULL)
          AND recipient <> 'olivia@demo.example'`,
    ),
  )
  expect(Number(mails?.count)).toBe(0)
})

it('adds nothing to a database that has users', async () => {
  expect(await fillWithDemo(server.database, server.services, now)).toBeNull()
})
