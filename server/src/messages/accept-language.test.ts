import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { Mailbox } from '../testing/mailbox.js'
import { goodPassword, TestServer } from '../testing/test-server.js'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const startServer = async (environment: Record<string, string> = {}) => {
  const server = await TestServer.start(environment)
  cleanups.push(() => server.stop())
  return server
}

// Every text of the pseudo-locale stands in brackets.
const pseudo = { 'accept-language': 'en-XA, en;q=0.5' }

describe('the message of an error', () => {
  it('is in the language of Accept-Language, and in English without one', async () => {
    const server = await startServer()
    const { login } = await server.addUser()
    const query =
      'mutation ($input: LogInInput!) { logIn(input: $input) { errors { ... on UserError { message } } } }'
    const messageTo = async (headers: Record<string, string>) => {
      const input = { login, password: 'Wrong-Password-1' }
      const { data } = await server.client(headers).query(query, { input })
      return data.logIn.errors[0].message
    }
    expect(await messageTo({})).toBe('Login or password is wrong.')
    expect(await messageTo({ 'accept-language': 'cs' })).toBe('Login or password is wrong.')
    expect(await messageTo(pseudo)).toMatch(/^\[.*ẋ\]$/)
  })

  it('names the broken rules of a password in the same language', async () => {
    const server = await startServer()
    const { login } = await server.addUser()
    const client = server.client(pseudo)
    await client.logIn(login)
    const { data } = await client.query(
      `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) {
        errors { ... on PasswordPolicyViolated { violations { rule message } } } } }`,
      { input: { currentPassword: goodPassword, newPassword: 'short' } },
    )
    const [{ violations }] = data.changePassword.errors
    expect(violations[0].rule).toBe('MIN_LENGTH')
    for (const { message } of violations) expect(message).toMatch(/^\[.*\]$/)
  })

  it('is rejected with a header that is too long to parse', async () => {
    const server = await startServer()
    const client = server.client({ 'accept-language': 'en,'.repeat(400) })
    const { status } = await client.query('{ __typename }')
    expect(status).toBe(431)
  })
})

describe('the page of the SPA', () => {
  it('contains the default language of the account', async () => {
    const clientDir = await mkdtemp(join(tmpdir(), 'rekey-client-'))
    cleanups.push(() => rm(clientDir, { recursive: true }))
    const page = '<html lang="en" data-default-language="__DEFAULT_LANGUAGE__">'
    await writeFile(join(clientDir, 'index.html'), page)
    const server = await TestServer.start({}, { clientDir })
    cleanups.push(() => server.stop())
    const { settings } = server.services
    await server.database.write(unit =>
      settings.saveAccountDefaults(unit, { defaultLanguage: 'pt-BR', defaultRegion: null }),
    )
    // The first request after a change has the language before, and reads the new one.
    await fetch(server.url)
    const answer = await fetch(server.url)
    expect(await answer.text()).toContain('data-default-language="pt-BR"')
  })
})

describe('a mail', () => {
  it('is in the language of its recipient, as text and as HTML', async () => {
    const { mailbox, url } = await Mailbox.start()
    cleanups.push(() => mailbox.stop())
    const server = await startServer({ SMTP_URL: url })
    const member = await server.addUser({ firstName: 'Maya', language: 'en-XA' })
    const client = server.client()
    await client.logIn(member.login)
    await client.changePassword({ currentPassword: goodPassword, newPassword: 'Brisk-Meadow-41' })
    await mailbox.until(1)
    const [mail] = mailbox.mails
    expect(mail?.subject).toMatch(/^\[.*\]$/)
    expect(mail?.text).toMatch(/^\[Ĥéļļö Maya,/)
    expect(mail?.html).toContain('<html lang="en-XA" dir="ltr">')
  })

  it('is written from right to left in Arabic, and addresses in it from left to right', async () => {
    const { mailbox, url } = await Mailbox.start()
    cleanups.push(() => mailbox.stop())
    const server = await startServer({ SMTP_URL: url })
    const member = await server.addUser({ firstName: 'Maya', language: 'ar' })
    const client = server.client()
    await client.logIn(member.login)
    await client.changePassword({ currentPassword: goodPassword, newPassword: 'Brisk-Meadow-41' })
    await mailbox.until(1)
    const [mail] = mailbox.mails
    expect(mail?.html).toContain('<html lang="ar" dir="rtl">')
    for (const body of [mail?.html, mail?.text]) {
      expect(body).toContain('\u2068127.0.0.1\u2069')
      expect(body).toContain('\u2068Maya\u2069')
    }
    // The link is on a line of its own, without isolates that could become a part of it.
    expect(mail?.text).toMatch(/:\nhttps?:\/\/[^\s\u2069]+\n/)
  })

  it('is in the default language of the account if the recipient’s has no catalogue', async () => {
    const { mailbox, url } = await Mailbox.start()
    cleanups.push(() => mailbox.stop())
    const server = await startServer({ SMTP_URL: url })
    const { settings } = server.services
    await server.database.write(unit =>
      settings.saveAccountDefaults(unit, { defaultLanguage: 'en-XA', defaultRegion: null }),
    )
    const member = await server.addUser({ language: 'cs' })
    const client = server.client()
    await client.logIn(member.login)
    await client.changePassword({ currentPassword: goodPassword, newPassword: 'Brisk-Meadow-41' })
    await mailbox.until(1)
    expect(mailbox.mails[0]?.subject).toMatch(/^\[.*\]$/)
  })
})
