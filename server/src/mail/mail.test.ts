import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { ParsedMail } from 'mailparser'
import { readConfig } from '../config/config.js'
import { Mailbox } from '../testing/mailbox.js'
import { goodPassword, TestServer } from '../testing/test-server.js'
import { MailDeliveryStateEntity } from './mail-delivery-state.entity.js'
import { OutboxMailEntity } from './outbox-mail.entity.js'

const newPassword = 'Brisk-Meadow-41'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const startMailbox = async (options: Parameters<typeof Mailbox.start>[0] = {}) => {
  const { mailbox, url } = await Mailbox.start(options)
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
  it('goes to its user through SMTP, as text and HTML, without any password', async () => {
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
    expect(mail?.text).toMatch(/When: \w+ \d+, \d{4} at \d+:\d\d [AP]M UTC/)
    expect(mail?.html).toContain('Maya &lt;b&gt;')
    expect(mail?.html).not.toContain('<script>')
    expect(mail?.messageId).toMatch(/^<[0-9a-f-]{36}@rekey\.example>$/)
    for (const secret of [goodPassword, newPassword, '$argon2']) {
      expect(JSON.stringify(mail)).not.toContain(secret)
    }
    await server.services.mail.idle()
    expect(await outboxOf(server)).toEqual([])
  })

  it('names the other user who changed the password', async () => {
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

  it('is not sent for a change that was rejected', async () => {
    const server = await startServer({})
    const member = await server.addUser()
    const client = await server.signedIn(member)
    await client.changePassword({ currentPassword: 'Wrong-One-123', newPassword })
    await client.changePassword({ currentPassword: goodPassword, newPassword: 'short' })
    expect(await server.mailsTo(member.login)).toEqual([])
    expect(await outboxOf(server)).toEqual([])
  })
})

describe('a server without SMTP', () => {
  it('keeps mails in a folder, with their link in one piece', async () => {
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
    // The mail must not repeat a header that anyone can write.
    for (const part of [mail?.text, mail?.html]) expect(part).not.toContain('evil.example/b')
    expect(mail?.text).toContain(link)
    const token = new URL(link).hash.replace('#token=', '')
    const reset = await server.client().resetPassword(token, newPassword)
    expect(reset.data.resetPassword.errors).toEqual([])
    expect((await stat(join(dir, name))).mode & 0o777).toBe(0o600)
  })
})

/** Delivers the mails that wait for their next attempt. */
const deliverNow = async (
  server: TestServer,
  report: (failure: unknown) => void = failure => {
    throw failure
  },
): Promise<void> => {
  await server.database.write(async unit => {
    await unit.rows(OutboxMailEntity).updateAll({ nextAttemptAt: new Date() })
  })
  server.services.mail.start(report)
  await server.services.mail.idle()
}

describe('a mail server that must offer STARTTLS', () => {
  const requestReset = async (url: string) => {
    const { mail } = readConfig({ SMTP_URL: url }, '/srv/rekey')
    // As if the mail server were on another machine.
    const server = await TestServer.start({}, { mail: { ...mail, requireTls: true } })
    cleanups.push(() => server.stop())
    await server.client().requestPasswordReset((await server.addUser()).login)
    await server.services.resetRequests.idle()
    await server.services.mail.idle()
    return server
  }

  it.each(['', '?ignoreTLS=true', '?requireTLS=false&opportunisticTLS=true'])(
    'receives no mail if it does not offer STARTTLS, with %j in the address',
    async parameters => {
      const { mailbox, url } = await startMailbox()
      const server = await requestReset(`${url}/${parameters}`)
      expect(mailbox.mails).toEqual([])
      expect(await outboxOf(server)).toMatchObject([{ state: 'WAITING', attempts: 0 }])
      expect(server.log()).toContain('a mail could not be delivered')
    },
  )

  it('receives mails through TLS', async () => {
    const { mailbox, url } = await startMailbox({ startTls: true })
    const trusting = `${url}/?tls.rejectUnauthorized=false`
    const server = await requestReset(trusting)
    expect(await outboxOf(server)).toEqual([])
    expect(mailbox.encrypted).toEqual([true])
  })
})

describe('a mail in the outbox', () => {
  const tokenIn = (mail: ParsedMail | undefined): string => {
    const [, token] = /#token=([\w-]{43})/.exec(mail?.text ?? '') ?? []
    if (token === undefined) throw new Error('The mail has no link.')
    return token
  }

  it.each(['reset', 'invitation'])('does not reveal the token of its %s link', async kind => {
    const { mailbox, url } = await startMailbox()
    const server = await startServer({ SMTP_URL: url })
    mailbox.refusals = 1
    const client = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    if (kind === 'reset') {
      await client.requestPasswordReset((await server.addUser()).login)
    } else {
      await client.query(`mutation {
        inviteUsers(input: { users: [{ login: "nina@rekey.example", firstName: "Nina", lastName: "Nowak" }] }) {
          results { errors { __typename } }
        }
      }`)
    }
    const stored = await server.storedBytes()
    const rows = await outboxOf(server)
    expect(rows).toMatchObject([{ attempts: 1, text: '', html: '' }])

    await deliverNow(server)
    const token = tokenIn(mailbox.mails[0])
    expect(mailbox.mails[0]?.html).toContain(token)
    expect(stored).toContain(rows[0]?.recipient)
    expect(stored).not.toContain(token)
  })

  it('cannot be delivered as another mail', async () => {
    const { mailbox, url } = await startMailbox()
    const server = await startServer({ SMTP_URL: url })
    mailbox.refusals = 2
    const [maya, boris] = [await server.addUser(), await server.addUser()]
    await server.client().requestPasswordReset(maya.login)
    await server.client().requestPasswordReset(boris.login)
    await server.services.resetRequests.idle()
    await server.services.mail.idle()
    const [ofMaya, ofBoris] = await outboxOf(server)
    await server.database.write(async unit => {
      await unit
        .rows(OutboxMailEntity)
        .update({ id: ofBoris?.id ?? '' }, { sealedBody: ofMaya?.sealedBody ?? '' })
    })
    await deliverNow(server, () => undefined)
    expect(mailbox.mails).toHaveLength(1)
    expect(await outboxOf(server)).toMatchObject([{ id: ofBoris?.id, attempts: 2 }])
  })

  it('is delivered if an earlier version queued it in plain text', async () => {
    const server = await startServer({})
    const now = new Date()
    await server.database.write(async unit => {
      await unit.rows(OutboxMailEntity).insert({
        id: '0193a3f0-0000-7000-8000-000000000000',
        recipient: 'maya@rekey.example',
        recipientHost: 'rekey.example',
        subject: 'From before',
        reference: null,
        sealedBody: null,
        text: 'An older version wrote this.',
        html: '<p>An older version wrote this.</p>',
        createdAt: now,
        state: 'WAITING',
        attempts: 0,
        nextAttemptAt: now,
        claimedUntil: null,
        giveUpAt: new Date(now.getTime() + 60_000),
        linkExpiresAt: null,
        failure: null,
        smtpCode: null,
        endedAt: null,
      })
    })
    await deliverNow(server)
    const [mail] = await server.mailsTo('maya@rekey.example')
    expect(mail).toMatchObject({ subject: 'From before', text: expect.stringContaining('older') })
    expect(mail?.html).toContain('<p>An older version wrote this.</p>')
    expect(await outboxOf(server)).toEqual([])
  })
})

describe('a mail that cannot be delivered', () => {
  it('is tried again until it is delivered, and arrives once', async () => {
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
    // Otherwise the mail would wait for thirty seconds.
    await deliverNow(server)
    expect(mailbox.mails).toHaveLength(1)
    expect(await outboxOf(server)).toEqual([])
  })

  it('waits in the outbox while no server answers, and does not delay the change', async () => {
    const server = await startServer({ SMTP_URL: 'smtp://127.0.0.1:1' })
    const member = await server.addUser()
    const client = await server.signedIn(member)
    const begun = Date.now()
    const answer = await client.changePassword({ currentPassword: goodPassword, newPassword })
    expect(answer.data.changePassword.errors).toEqual([])
    await server.services.mail.idle()
    const [waiting] = await outboxOf(server)
    expect(waiting).toMatchObject({ recipient: member.login, state: 'WAITING', attempts: 0 })
    const { faultRetryAt } = await server.database.read(unit =>
      unit.rows(MailDeliveryStateEntity).findOneByOrFail({}),
    )
    expect(faultRetryAt?.getTime()).toBeGreaterThanOrEqual(begun + 30_000)
  })
})
