import { createHmac, randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { DataSource } from 'typeorm'
import { SecretsAtRest1765000000000 } from '../database/migrations/1765000000000-secrets-at-rest.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { ServerSecretEntity } from '../secrets/server-secret.entity.js'
import { ownClock } from '../testing/own-clock.js'
import { goodPassword, TestServer } from '../testing/test-server.js'
import { type KnownOrigin, unknownOrigin } from './known-origin.service.js'
import type { PasswordAttempt } from './throttle.service.js'

let server: TestServer
beforeEach(async () => {
  server = await TestServer.start({ THROTTLE_PER_LOGIN: '3', THROTTLE_PER_ADDRESS: '1000' })
  // Fakes only the clock: timers run as usual.
  ownClock({ advanceTimers: true })
})
afterEach(async () => {
  jest.useRealTimers()
  await server.stop()
})

const from = (ip: string, login = 'maya', known: KnownOrigin = unknownOrigin): PasswordAttempt => ({
  ip,
  of: { login, known },
})
const begin = async (attempt: PasswordAttempt) =>
  (await server.services.throttle.begin(attempt))?.retryAfterSeconds ?? null
const later = (seconds: number) => jest.setSystemTime(Date.now() + seconds * 1000)

describe('a wait', () => {
  it('grows with each wrong password above the limit, up to a quarter of an hour', async () => {
    const waits: number[] = []
    for (let attempt = 0; attempt < 12; attempt += 1) {
      expect(await begin(from('10.0.0.1'))).toBeNull()
      const wait = (await begin(from('10.0.0.1'))) ?? 0
      waits.push(wait)
      later(wait)
    }
    // Each round makes two attempts: the first three were free.
    expect(waits).toEqual([0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900])
  })

  it('does not grow through attempts during the wait', async () => {
    for (let attempt = 0; attempt < 3; attempt += 1) await begin(from('10.0.0.1'))
    for (let attempt = 0; attempt < 50; attempt += 1) {
      expect(await begin(from('10.0.0.1'))).toBe(5)
    }
    later(5)
    expect(await begin(from('10.0.0.1'))).toBeNull()
  })

  it('is shortened if it was stored by a clock that was a day ahead', async () => {
    later(24 * 60 * 60)
    for (let attempt = 0; attempt < 3; attempt += 1) await begin(from('10.0.0.1'))
    later(-24 * 60 * 60)
    expect(await begin(from('10.0.0.1'))).toBe(900)
    later(600)
    expect(await begin(from('10.0.0.1'))).toBe(300)
    later(300)
    expect(await begin(from('10.0.0.1'))).toBeNull()
  })

  it('is shortened for a daily limit if a clock that was two days ahead stored it', async () => {
    const logins = Array.from({ length: 3_000 }, (_, index) => `guest${index}@rekey.example`)
    const invite = () =>
      server.database.write(unit =>
        server.services.throttle.beginInvitations(unit, 'someone', logins),
      )
    later(2 * 24 * 60 * 60)
    expect(await invite()).toBeNull()
    later(-2 * 24 * 60 * 60)
    expect((await invite())?.retryAfterSeconds).toBe(24 * 60 * 60)
    later(24 * 60 * 60)
    expect(await invite()).toBeNull()
  })

  it('does not affect the same login at another address', async () => {
    for (let attempt = 0; attempt < 3; attempt += 1) await begin(from('10.0.0.1'))
    expect(await begin(from('10.0.0.1'))).toBe(5)
    expect(await begin(from('10.0.0.2'))).toBeNull()
  })

  it('applies to the whole IPv6 network of a subscriber, also for reset links', async () => {
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      expect(await begin(from(`2001:db8:4:5::${attempt}`))).toBeNull()
    }
    expect(await begin(from('2001:db8:4:5:ffff::1'))).toBe(5)
    expect(await begin(from('2001:db8:4:6::1'))).toBeNull()

    const other = await TestServer.start({ THROTTLE_PER_ADDRESS: '3' })
    const asks = (ip: string, login: string) =>
      other.database.write(unit => other.services.throttle.beginResetRequest(unit, { ip, login }))
    try {
      for (const login of ['a', 'b', 'c']) {
        expect(await asks(`2001:db8:7:8::${login}`, login)).toBeNull()
      }
      expect(await asks('2001:db8:7:8:1::', 'd')).not.toBeNull()
      expect(await asks('2001:db8:7:9::1', 'd')).toBeNull()
    } finally {
      await other.stop()
    }
  })

  it('is short if many strangers cause it, and does not affect a browser known to the owner', async () => {
    for (let attempt = 0; attempt < 60; attempt += 1) {
      const wait = await begin(from(`10.0.1.${attempt}`))
      if (wait !== null) later(wait)
    }
    const wait = await begin(from('10.0.2.1'))
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThanOrEqual(60)
    const known = { browser: 'maya browser', network: null }
    expect(await begin(from('10.0.2.1', 'maya', known))).toBeNull()
    expect(await begin({ ip: '10.0.2.2', of: { callerId: 'maya', sessionId: null } })).toBeNull()
  })

  it('leaves one line in the operation list, however many attempts are rejected', async () => {
    const user = await server.addUser()
    for (let attempt = 0; attempt < 30; attempt += 1) {
      await server.client().logIn(user.login, 'Guess-1')
    }
    const reasons = await server.database.read(unit =>
      unit.rows(OperationEntity).find({ where: { subjectId: user.id } }),
    )
    expect(reasons.map(({ reason }) => reason)).toEqual([
      'INVALID_CREDENTIALS',
      'INVALID_CREDENTIALS',
      'INVALID_CREDENTIALS',
      'TOO_MANY_ATTEMPTS',
    ])
  })

  it('is not caused by attempts that the server was too busy to verify', async () => {
    const busy = await TestServer.start({
      THROTTLE_PER_LOGIN: '3',
      HASH_QUEUE_LIMIT: '1',
      ARGON2_MEMORY_KIB: '131072',
    })
    try {
      const user = await busy.addUser()
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          busy.client().logIn(index % 2 === 0 ? user.login : `nobody${index}@rekey.example`),
        ),
      )
      const refused = answers.filter(answer => answer.status === 503)
      expect(refused.length).toBeGreaterThan(0)
      expect(refused[0]?.headers.get('retry-after')).toBe('1')
      const later = await busy.client().logIn(user.login)
      expect(later.data.logIn.errors).toEqual([])
    } finally {
      await busy.stop()
    }
  })

  it('continues after a restart', async () => {
    for (let attempt = 0; attempt < 3; attempt += 1) await begin(from('10.0.0.1'))
    const { createFeatures } = await import('../app/features.js')
    const restarted = createFeatures(server.config, server.database).services
    expect(await restarted.throttle.begin(from('10.0.0.1'))).toMatchObject({ retryAfterSeconds: 5 })
    await restarted.mail.stop()
  })
})

describe('the token of a known browser', () => {
  it('is valid only for its own user, and cannot be forged', async () => {
    const maya = await server.addUser()
    const boris = await server.addUser()
    const client = await server.signedIn(maya)
    const { devices } = server.services
    const token = client.device ?? ''
    expect(await devices.recognize(token, maya)).not.toBeNull()
    expect(await devices.recognize(token, boris)).toBeNull()
    expect(await devices.recognize(token, null)).toBeNull()
    const [nonce = '', signature = ''] = token.split('.')
    const forged = [
      `${nonce}.${'A'.repeat(signature.length)}`,
      `${'A'.repeat(nonce.length)}.${signature}`,
      `${nonce}.`,
      nonce,
      '',
      `${token}.x`,
    ]
    for (const text of forged) expect(await devices.recognize(text, maya)).toBeNull()
  })

  it('is issued once, and does not sign anyone in', async () => {
    const maya = await server.addUser()
    const client = await server.signedIn(maya)
    const token = client.device
    await client.query('mutation { logOut { errors { message } } }')
    expect(client.device).toBe(token)
    expect(await client.whoAmI()).toBeNull()
    await client.logIn(maya.login)
    expect(client.device).toBe(token)
  })

  const newPassword = 'Brisk-Meadow-41'
  const isKnown = async (token: string | undefined, userId: string): Promise<boolean> => {
    const user = await server.services.users.find(userId)
    return (await server.services.devices.recognize(token, user)) !== null
  }

  it('ends when its user changes the password, except in the browser that made the change', async () => {
    const maya = await server.addUser()
    const [changing, other] = [await server.signedIn(maya), await server.signedIn(maya)]
    const { device: before } = changing
    later(1)
    await changing.changePassword({ currentPassword: goodPassword, newPassword })
    expect(changing.device).not.toBe(before)
    expect(await isKnown(changing.device, maya.id)).toBe(true)
    expect(await isKnown(before, maya.id)).toBe(false)
    expect(await isKnown(other.device, maya.id)).toBe(false)
  })

  it('ends when someone else changes the password, or a link resets it', async () => {
    const admin = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    const { device: ofAdmin } = admin
    const [maya, boris] = [await server.addUser(), await server.addUser()]
    const [ofMaya, ofBoris] = [await server.signedIn(maya), await server.signedIn(boris)]
    later(1)
    const change = { userId: maya.id, currentPassword: goodPassword, newPassword }
    expect((await admin.changePassword(change)).data.changePassword.errors).toEqual([])
    expect(await isKnown(ofMaya.device, maya.id)).toBe(false)
    expect(admin.device).toBe(ofAdmin)

    const { token } = await server.database.write(unit =>
      server.services.links.issue(unit, 'PASSWORD_RESET', boris.id, 60),
    )
    const before = ofBoris.device
    const reset = await ofBoris.resetPassword(token, newPassword)
    expect(reset.data.resetPassword.errors).toEqual([])
    expect(await isKnown(before, boris.id)).toBe(false)
    // The user of the link controls the mailbox, so the browser gets a new token.
    expect(await isKnown(ofBoris.device, boris.id)).toBe(true)
  })

  it('remains valid when only the hash of the password is renewed', async () => {
    const maya = await server.addUser()
    const { device } = await server.signedIn(maya)
    const renewed = await server.services.hasher.hashPassword(goodPassword)
    await server.database.write(unit =>
      server.services.users.rehashPassword(unit, maya.id, renewed),
    )
    expect(await isKnown(device, maya.id)).toBe(true)
  })
})

describe('the key of device tokens', () => {
  const storedKey = () =>
    server.database.read(unit => unit.rows(ServerSecretEntity).findOneBy({ name: 'device-token' }))

  it('is stored in encrypted form', async () => {
    expect((await storedKey())?.value).toMatch(/^v1\./)
  })

  it('is encrypted without changing it if an earlier version stored it as plain text, so browsers stay known', async () => {
    const maya = await server.addUser()
    later(1)
    const key = randomBytes(32)
    const clear = key.toString('base64url')
    // Restores the state that an earlier version left before the migration.
    await server.stopJobs()
    await server.database.write(async unit => {
      await unit.rows(ServerSecretEntity).upsert({ name: 'device-token', value: clear }, ['name'])
    })
    const writer = Object.values(server.database).find(value => value instanceof DataSource)
    const runner = writer?.createQueryRunner()
    if (runner === undefined) throw new Error('The database has no data source.')
    const migration = new SecretsAtRest1765000000000()
    await migration.down(runner)
    await migration.up(runner)
    await runner.release()
    const nonce = randomBytes(16).toString('base64url')
    const signature = createHmac('sha256', key).update(`${maya.id}.${nonce}`).digest('base64url')
    const token = `${nonce}.${signature}`
    const { createFeatures } = await import('../app/features.js')
    const upgraded = createFeatures(server.config, server.database).services
    await upgraded.devices.open()

    expect(await storedKey()).toMatchObject({ value: expect.stringMatching(/^v1\./) })
    expect(await upgraded.devices.recognize(token, maya)).not.toBeNull()
    const changed = { ...maya, passwordChangedAt: new Date(Date.now() + 1) }
    expect(await upgraded.devices.recognize(token, changed)).toBeNull()
    // The running server has another key.
    expect(await server.services.devices.recognize(token, maya)).toBeNull()
    await upgraded.mail.stop()
  })
})
