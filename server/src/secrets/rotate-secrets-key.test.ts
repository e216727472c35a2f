import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { Webhook as Verifier } from 'standardwebhooks'
import { createFeatures, sealed } from '../app/features.js'
import { IdempotencyRecordEntity } from '../idempotency/idempotency-record.entity.js'
import { OutboxMailEntity } from '../mail/outbox-mail.entity.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { runBuiltWith } from '../testing/built-program.js'
import { invitation, isReplay, sendWithKey } from '../testing/keyed-mutations.js'
import { Mailbox } from '../testing/mailbox.js'
import { answer, beginLogIn, enrolTotp, mutate, totpCode } from '../testing/second-factor-client.js'
import { ServerProcess } from '../testing/server-process.js'
import { TestClient, TestServer } from '../testing/test-server.js'
import { throwAwayDatabase } from '../testing/throw-away-database.js'
import { WebhookReceiver } from '../testing/webhook-receiver.js'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

describe('a rotation of the secrets key', () => {
  it('loses only stored answers for retries, and seals everything else again', async () => {
    const { mailbox, url } = await Mailbox.start()
    cleanups.push(() => mailbox.stop())
    const receiver = await WebhookReceiver.start()
    cleanups.push(() => receiver.stop())
    const server = await TestServer.start({ SMTP_URL: url, WEBHOOKS_ALLOW_PRIVATE: 'true' })
    cleanups.push(() => server.stop())

    const user = await server.addUser({ role: 'OWNER' })
    const client = await server.signedIn(user)
    const { secret, recoveryCodes } = await enrolTotp(client)
    await mutate(client, 'beginTotpEnrolment', 'secret')
    const webhook = await mutate(client, 'createWebhook', 'webhook { id } secret', {
      url: receiver.url,
      events: ['user.blocked'],
    })
    const rotated = await mutate(client, 'rotateWebhookSecret', 'secret', {
      webhookId: webhook.webhook.id,
    })
    const key = randomUUID()
    await sendWithKey(client, key, invitation('nele@rekey.example'))
    await server.services.mail.idle()
    mailbox.refusals = 1
    await server.client().requestPasswordReset(user.login)
    await server.services.resetRequests.idle()
    await server.services.mail.idle()
    const sealedIn = async () => new Set((await server.storedRows()).match(/v1\.[\w-]{38,}/g))
    const before = await sealedIn()
    // Two authenticator apps, two webhook secrets, the mail, the key of device cookies, the
    // stored answer.
    expect(before.size).toBe(7)
    const keyFile = join(server.config.dataDir, 'secrets.key')
    const oldKey = await readFile(keyFile, 'utf8')
    expect(await server.storedRows()).not.toContain(oldKey.trim())

    for (const round of [1, 2]) {
      const said = await server.services.operator.rotateSecretsKey(sealed)
      expect(said).toBe(`The secrets key is replaced. The new one is in ${keyFile}.`)
      const after = await sealedIn()
      expect([...after].filter(text => before.has(text))).toEqual([])
      // Without the stored answer, and with the earlier signing keys.
      expect([round, after.size]).toEqual([round, 7])
    }

    expect(await readFile(keyFile, 'utf8')).not.toBe(oldKey)
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600)
    expect(await readdir(server.config.dataDir)).not.toContain('secrets.key.new')
    // A server that starts now reads the same data.
    const started = createFeatures(server.config, server.database).services
    cleanups.push(() => started.mail.stop())
    await started.secrets.open()
    expect(await started.devices.recognize(client.device, user)).not.toBeNull()
    const codes = [totpCode(secret), recoveryCodes[0]]
    for (const [index, method] of ['TOTP', 'RECOVERY_CODE'].entries()) {
      const browser = server.client()
      const { challenge } = await beginLogIn(browser, user.login)
      const { errors } = await answer(browser, {
        token: challenge.token,
        method,
        code: codes[index],
      })
      expect([method, errors]).toEqual([method, []])
    }
    await mutate(client, 'testWebhook', 'delivery { id }', { webhookId: webhook.webhook.id })
    await server.services.webhookOutbox.idle()
    const [received] = receiver.received
    if (received === undefined) throw new Error('Nothing was received.')
    for (const each of [webhook.secret, rotated.secret]) {
      new Verifier(each).verify(received.body, received.headers as Record<string, string>)
    }
    await server.database.write(async unit => {
      expect(await unit.rows(IdempotencyRecordEntity).count()).toBe(0)
      await unit.rows(OutboxMailEntity).updateAll({ nextAttemptAt: new Date() })
    })
    mailbox.mails.length = 0
    server.services.mail.start(() => undefined)
    await mailbox.until(1)
    const texts = () => mailbox.mails.map(({ text }) => text).join()
    while (!texts().includes('/reset-password#token='))
      await mailbox.until(mailbox.mails.length + 1)
    expect(isReplay(await sendWithKey(client, key, invitation('nele@rekey.example')))).toBe(false)
    const operations = await server.database.read(unit =>
      unit.rows(OperationEntity).findBy({ action: 'ROTATE_SECRETS_KEY' }),
    )
    const entry = { outcome: 'DONE', actorId: null, userAgent: 'rekey secrets:rotate' }
    expect(operations).toMatchObject([entry, entry])
  })
})

describe('the command secrets:rotate', () => {
  const prepare = async (settings: Record<string, string> = {}) => {
    const dir = await mkdtemp(join(tmpdir(), 'rekey-rotate-'))
    cleanups.push(() => rm(dir, { recursive: true, force: true }))
    const throwAway = await throwAwayDatabase()
    if (throwAway !== null) cleanups.push(() => throwAway.drop())
    const login = 'olivia@rekey.example'
    const environment = {
      DATA_DIR: dir,
      DATABASE_URL: throwAway?.url ?? '',
      BOOTSTRAP_OWNER_LOGIN: login,
      BOOTSTRAP_OWNER_PASSWORD: 'Quiet-Harbour-72',
      ...settings,
    }
    const start = async (changed: Record<string, string> = {}) => {
      const server = await ServerProcess.start(dir, { ...environment, ...changed })
      cleanups.push(() => server.kill())
      return server
    }
    const rotate = (changed: Record<string, string> = {}) =>
      runBuiltWith({ ...environment, ...changed }, 'rekey', 'secrets:rotate')
    return { dir, login, start, rotate }
  }

  it('is refused while a server runs, and otherwise replaces the key file', async () => {
    const { dir, login, start, rotate } = await prepare()
    const server = await start()
    const client = new TestClient(server.url)
    await client.logIn(login)
    const { secret } = await enrolTotp(client)
    const keyFile = join(dir, 'secrets.key')
    const oldKey = await readFile(keyFile, 'utf8')
    await expect(rotate()).rejects.toMatchObject({
      code: 1,
      stderr: 'The database is in use: stop every server on it first.\n',
    })
    expect(await readFile(keyFile, 'utf8')).toBe(oldKey)
    await server.kill()
    expect(await rotate()).toBe(`The secrets key is replaced. The new one is in ${keyFile}.\n`)
    expect(await readFile(keyFile, 'utf8')).not.toBe(oldKey)

    const browser = new TestClient((await start()).url)
    const { challenge } = await beginLogIn(browser, login)
    const { errors } = await answer(browser, {
      token: challenge.token,
      method: 'TOTP',
      code: totpCode(secret),
    })
    expect(errors).toEqual([])
  }, 60_000)

  it('replaces SECRETS_KEY with SECRETS_KEY_NEW', async () => {
    const [oldKey, newKey] = [1, 2].map(() => randomBytes(32).toString('base64'))
    const { dir, start, rotate } = await prepare({ SECRETS_KEY: oldKey ?? '' })
    await (await start()).kill()
    await expect(rotate()).rejects.toMatchObject({
      stderr: expect.stringContaining('SECRETS_KEY_NEW is missing.'),
    })
    await expect(rotate({ SECRETS_KEY_NEW: oldKey ?? '' })).rejects.toMatchObject({
      stderr: 'The new secrets key is the same as the old one.\n',
    })
    expect(await rotate({ SECRETS_KEY_NEW: newKey ?? '' })).toContain(
      'Set SECRETS_KEY to the value',
    )
    expect(await readdir(dir)).not.toContain('secrets.key.new')
    await expect(
      rotate({ SECRETS_KEY_NEW: randomBytes(32).toString('base64') }),
    ).rejects.toMatchObject({
      stderr: expect.stringContaining('SECRETS_KEY is not the key'),
    })
    await start({ SECRETS_KEY: newKey ?? '' })
  }, 60_000)
})
