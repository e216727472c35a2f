import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { Mailbox } from '../testing/mailbox.js'
import { goodPassword, TestServer } from '../testing/test-server.js'
import { OutboxMailEntity } from './outbox-mail.entity.js'

const newPassword = 'Brisk-Meadow-41'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const startMailbox = async () => {
  const { mailbox, url } = await Mailbox.start()
  cleanups.push(() => mailbox.stop())
  return { mailbox, url }
}

const startServer = async (environment: Record<string, string>) => {
  const server = await TestServer.start(environment)
  cleanups.push(() => server.stop())
  return server
}

const outboxOf = (server: TestServer) =>
  server.database.read(unit => unit.rows(OutboxMailEntity).find())

describe('the notice of a password change', () => {
  it('goes to its owner through SMTP, as text and HTML, without any password', async () => {
    const { mailbox, url } = await startMailbox()
    const server = await startServer({ SMTP_URL: url, PUBLIC_URL: 'http://rekey.example' })
    const member = await server.addUser({ firstName: 'Maya <b>' })
    const client = server.client({ 'user-agent': 'Firefox <script>' })
    await client.logIn(member.login)
    await client.changePassword({ currentPassword: goodPassword, newPassword })
    await mailbox.until(1)
    const [mail] = mailbox.mails
    expect([mail?.to].flat()[0]?.text).toBe(member.login)
    expect(mail?.from?.text).toContain('no-reply@rekey.example')
    expect(mail?.subject).toBe('Your password was changed')
    expect(mail?.text).toContain('127.0.0.1')
    expect(mail?.text).toMatch(/When: \d+ \w+ \d{4} at \d\d:\d\d UTC/)
    expect(mail?.html).toContain('Maya &lt;b&gt;')
    expect(mail?.html).not.toContain('<script>')
    expect(mail?.messageId).toMatch(/^<[0-9a-f-]{36}@rekey\.example>$/)
    for (const secret of [goodPassword, newPassword, '$argon2']) {
      expect(JSON.stringify(mail)).not.toContain(secret)
    }
    await server.services.mail.idle()
    expect(await outboxOf(server)).toEqual([])
  })

  it('names who changed it when that was someone else', async () => {
    const server = await startServer({})
    const admin = await server.addUser({ role: 'ADMIN', firstName: 'Adam', lastName: 'Nowak' })
    const member = await server.addUser()
    const client = await server.signedIn(admin)
    await client.changePassword({ userId: member.id, currentPassword: goodPassword, newPassword })
    const [mail, ...more] = await server.mailsTo(member.login)
    expect(mail?.text).toContain('Adam Nowak changed the password')
    expect(more).toEqual([])
    expect(await server.mailsTo(admin.login)).toEqual([])
  })

  it('is not sent for a change that was refused', async () => {
    const server = await startServer({})
    const member = await server.addUser()
    const client = await server.signedIn(member)
    await client.changePassword({ currentPassword: 'Wrong-One-123', newPassword })
    await client.changePassword({ currentPassword: goodPassword, newPassword: 'short' })
    expect(await server.mailsTo(member.login)).toEqual([])
    expect(await outboxOf(server)).toEqual([])
  })
})

describe('without SMTP', () => {
  it('mails are kept in a folder, with their link in one piece', async () => {
    const server = await startServer({})
    const member = await server.addUser({ firstName: 'https://evil.example/a' })
    const asking = server.client({ 'user-agent': 'Bot (+https://evil.example/b)' })
    await asking.requestPasswordReset(member.login)
    const [mail] = await server.mailsTo(member.login)
    const dir = server.config.outboxDir
    const [name = '', ...more] = await readdir(dir)
    expect(more).toEqual([])
    const file = await readFile(join(dir, name), 'utf8')
    const [, link = ''] = /^X-Link: (\S+)\r?$/m.exec(file) ?? []
    expect(new URL(link).origin).toBe(server.config.publicUrl.origin)
    // What anybody may send in a header is nothing that this site says.
    for (const part of [mail?.text, mail?.html]) expect(part).not.toContain('evil.example/b')
    expect(mail?.text).toContain(link)
    const token = new URL(link).hash.replace('#token=', '')
    const reset = await server.client().resetPassword(token, newPassword)
    expect(reset.data.resetPassword.errors).toEqual([])
    expect((await stat(join(dir, name))).mode & 0o777).toBe(0o600)
  })
})

describe('a mail that can’t be delivered', () => {
  it('is tried again until it is, and arrives once', async () => {
    const { mailbox, url } = await startMailbox()
    const server = await startServer({ SMTP_URL: url })
    mailbox.refusals = 1
    const member = await server.addUser()
    const client = await server.signedIn(member)
    const answer = await client.changePassword({ currentPassword: goodPassword, newPassword })
    expect(answer.data.changePassword.errors).toEqual([])
    await server.services.mail.idle()
    expect(mailbox.mails).toEqual([])
    expect(await outboxOf(server)).toMatchObject([{ attempts: 1 }])
    // Its time has come; it waits for thirty seconds otherwise.
    await server.database.write(async unit => {
      await unit.rows(OutboxMailEntity).updateAll({ nextAttemptAt: new Date() })
    })
    server.services.mail.start(failure => {
      throw failure
    })
    await mailbox.until(1)
    await server.services.mail.idle()
    expect(mailbox.mails).toHaveLength(1)
    expect(await outboxOf(server)).toEqual([])
  })

  it('waits in the outbox while nobody answers, and does not hold the change up', async () => {
    const server = await startServer({ SMTP_URL: 'smtp://127.0.0.1:1' })
    const member = await server.addUser()
    const client = await server.signedIn(member)
    const begun = Date.now()
    const answer = await client.changePassword({ currentPassword: goodPassword, newPassword })
    expect(answer.data.changePassword.errors).toEqual([])
    await server.services.mail.idle()
    const [waiting] = await outboxOf(server)
    expect(waiting).toMatchObject({ recipient: member.login, attempts: 1 })
    expect(waiting?.nextAttemptAt.getTime()).toBeGreaterThanOrEqual(begun + 30_000)
  })
})
