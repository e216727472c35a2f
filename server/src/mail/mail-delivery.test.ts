import { afterEach, describe, expect, it } from '@jest/globals'
import { DrippingServer, Mailbox } from '../testing/mailbox.js'
import { TestServer } from '../testing/test-server.js'
import type { MailContent } from './mail-content.js'
import { MailDeliveryStateEntity } from './mail-delivery-state.entity.js'
import { cleanedAnswer, mailFailureOf } from './mail-failure.js'
import { OutboxMailEntity } from './outbox-mail.entity.js'

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

const token = 'k3y-Abc_DefGhiJklMnoPqrStuVwxYz0123456789-Zz'
const content: MailContent = {
  subject: 'Some news',
  greeting: 'Hello,',
  paragraphs: ['There is news.'],
  facts: [],
  action: { label: 'Read it', url: `https://rekey.example/activate#token=${token}` },
  footer: 'The end.',
}

const queue = (
  server: TestServer,
  recipients: readonly string[],
  more: Partial<MailContent> = {},
) =>
  server.database.write(unit =>
    server.services.mail.sendAll(
      unit,
      recipients.map(
        login => [{ login, language: 'en' }, () => ({ ...content, ...more })] as const,
      ),
    ),
  )

const rowsOf = (server: TestServer) =>
  server.database.read(unit => unit.rows(OutboxMailEntity).find({ order: { id: 'ASC' } }))

const stateOf = (server: TestServer) =>
  server.database.read(unit => unit.rows(MailDeliveryStateEntity).findOneByOrFail({}))

const change = (server: TestServer, changes: Partial<OutboxMailEntity>) =>
  server.database.write(unit => unit.rows(OutboxMailEntity).updateAll(changes))

const until = async (condition: () => boolean | Promise<boolean>) => {
  while (!(await condition())) await new Promise(later => setTimeout(later, 20))
}

const recipientsIn = ({ mails }: Mailbox) => mails.map(mail => [mail.to].flat()[0]?.text)

const faultLines = (server: TestServer) =>
  server
    .log()
    .split('\n')
    .filter(line => line.includes('"msg":"a mail could not be delivered"'))

describe('a slow recipient', () => {
  it.each(['RCPT', 'DATA'] as const)(
    'does not delay others if it is silent at %s',
    async silentAt => {
      const { mailbox, url } = await startMailbox()
      const server = await startServer({ SMTP_URL: url, MAIL_CLAIM_SECONDS: '600' })
      const slow = Array.from({ length: 12 }, (_, number) => `person${number}@slow.example`)
      for (const address of slow) mailbox.treatments.set(address, { silentAt })
      await queue(server, [...slow, 'maya@rekey.example', 'boris@other.example'])
      // The deliveries to the slow domain continue for minutes.
      await mailbox.until(2)
      expect(recipientsIn(mailbox).sort()).toEqual(['boris@other.example', 'maya@rekey.example'])
      // The connections of the two delivered mails are being closed.
      await until(() => mailbox.connections === 3)
    },
  )

  it('is abandoned at the deadline, with its connection closed, and tried again later', async () => {
    const { mailbox, url } = await startMailbox()
    const server = await startServer({ SMTP_URL: url, MAIL_CLAIM_SECONDS: '2' })
    mailbox.treatments.set('maya@slow.example', { silentAt: 'DATA' })
    await queue(server, ['maya@slow.example'])
    await server.services.mail.idle()
    expect(await rowsOf(server)).toMatchObject([
      {
        state: 'WAITING',
        attempts: 1,
        failure: 'The mail server took too long to answer.',
        smtpCode: null,
        claimedUntil: null,
      },
    ])
    await until(() => mailbox.connections === 0)
    // This is not a fault of the server.
    expect(await stateOf(server)).toMatchObject({ faultSince: null })
  })
})

it('sends a link that expires soon before the mails that were queued earlier', async () => {
  const { mailbox, url } = await startMailbox()
  const server = await startServer({ SMTP_URL: url })
  await server.services.mail.stop()
  const invited = Array.from({ length: 12 }, (_, number) => `person${number}@rekey.example`)
  const inMs = (ms: number) => ({ linkExpiresAt: new Date(Date.now() + ms) })
  await queue(server, invited, inMs(72 * 60 * 60 * 1000))
  await queue(server, ['maya@rekey.example'], inMs(30 * 60 * 1000))
  server.services.mail.start(() => undefined)
  await mailbox.until(13)
  // Three mails to one domain are sent at the same time.
  expect(mailbox.attempts.indexOf('maya@rekey.example')).toBeLessThan(3)
})

describe('stopping', () => {
  it('closes a delivery that does not end, and leaves its mail due', async () => {
    const { mailbox, url } = await startMailbox()
    const server = await startServer({ SMTP_URL: url, MAIL_CLAIM_SECONDS: '600' })
    mailbox.treatments.set('maya@slow.example', { silentAt: 'DATA' })
    await queue(server, ['maya@slow.example'])
    await until(() => mailbox.attempts.length === 1)
    // Without the stop, the delivery would take five minutes.
    await server.services.mail.stop()
    const [mail] = await rowsOf(server)
    expect(mail).toMatchObject({ state: 'WAITING', attempts: 0, failure: null, claimedUntil: null })
    mailbox.treatments.clear()
    server.services.mail.start(() => undefined)
    await mailbox.until(1)
  })
})

describe('a mail server that sends its greeting drop by drop', () => {
  it('makes all mails wait without counting an attempt, and causes one line in the log', async () => {
    const { server: dripping, url } = await DrippingServer.start(100)
    cleanups.push(() => dripping.stop())
    const server = await startServer({ SMTP_URL: url, MAIL_CLAIM_SECONDS: '2' })
    const people = Array.from(
      { length: 10 },
      (_, number) => `person${number}@host${number}.example`,
    )
    await queue(server, people)
    await server.services.mail.idle()
    const rows = await rowsOf(server)
    expect(rows).toHaveLength(10)
    for (const row of rows) expect(row).toMatchObject({ state: 'WAITING', attempts: 0 })
    expect(faultLines(server)).toHaveLength(1)
    await until(() => dripping.sockets.size === 0)
    // Eight connections at first, and none while the server is known to fail.
    expect(dripping.connected).toBe(8)
    expect(await stateOf(server)).toMatchObject({
      faultReason: 'The mail server took too long to answer.',
      faultRetryAt: expect.any(Date),
    })
  })
})

describe('the answer of the mail server', () => {
  it.each([
    ['550 to the recipient', { rcpt: '550 5.1.1 No such user' }, 'FAILED', '550', 'No such user'],
    ['554 to the data', { data: '554 5.7.1 Looks like spam' }, 'FAILED', '554', 'like spam'],
    ['450 to the recipient', { rcpt: '450 4.2.0 Greylisted' }, 'WAITING', '450', 'Greylisted'],
    ['452 to the data', { data: '452 4.2.2 Mailbox full' }, 'WAITING', '452', 'Mailbox full'],
  ] as const)('%s sets the state and the reason of the mail', async (_, treatment, ...expected) => {
    const [state, code, text] = expected
    const { mailbox, url } = await startMailbox()
    const server = await startServer({ SMTP_URL: url })
    mailbox.treatments.set('maya@rekey.example', treatment)
    await queue(server, ['maya@rekey.example', 'boris@rekey.example'])
    await server.services.mail.idle()
    expect(recipientsIn(mailbox)).toEqual(['boris@rekey.example'])
    expect(await rowsOf(server)).toMatchObject([
      {
        recipient: 'maya@rekey.example',
        state,
        attempts: 1,
        smtpCode: Number(code),
        failure: expect.stringMatching(new RegExp(`^${code} .*${text}`)),
        endedAt: state === 'FAILED' ? expect.any(Date) : null,
      },
    ])
    expect(await stateOf(server)).toMatchObject({ faultSince: null })
  })

  it('is stored as one line of limited length, without the link that it quotes', async () => {
    const { mailbox, url } = await startMailbox()
    const server = await startServer({ SMTP_URL: url })
    const quoted = `554 Blocked https://rekey.example/activate#token=${token} and ${token} ${'x '.repeat(400)}`
    mailbox.treatments.set('maya@rekey.example', { data: quoted })
    await queue(server, ['maya@rekey.example'])
    await server.services.mail.idle()
    const [mail] = await rowsOf(server)
    expect(mail?.failure).toMatch(/^554 Blocked … and … x/)
    expect(mail?.failure?.length).toBeLessThanOrEqual(300)
    expect(server.log()).not.toContain(token)
  })

  it('is stored without control characters and hidden texts', () => {
    const answer = '535 bob\u0000\r\n\u202e gave swordfish'
    expect(cleanedAnswer(answer, ['bob', 'swordfish', ''])).toBe('535 … gave …')
  })

  it('is replaced by a plain sentence if it does not arrive in time, at whatever step', () => {
    for (const words of ['Connection timeout', 'Greeting never received', 'Timeout']) {
      const failure = mailFailureOf(
        Object.assign(new Error(words), { code: 'ETIMEDOUT' }),
        false,
        [],
      )
      expect(failure).toMatchObject({
        kind: 'SERVER',
        message: 'The mail server took too long to answer.',
      })
    }
  })

  it('is not counted as a rejection if it never arrives because the connection closes after the data', async () => {
    const { mailbox, url } = await startMailbox()
    const server = await startServer({ SMTP_URL: url })
    mailbox.treatments.set('maya@rekey.example', { closesAt: 'DATA' })
    await queue(server, ['maya@rekey.example', 'boris@rekey.example'])
    await server.services.mail.idle()
    expect(recipientsIn(mailbox)).toEqual(['boris@rekey.example'])
    expect(await rowsOf(server)).toMatchObject([{ state: 'WAITING', attempts: 1, smtpCode: null }])
  })
})

describe('a fault of the mail server', () => {
  it('makes all mails wait if the password is wrong, and shows neither user nor password', async () => {
    const { mailbox, url } = await startMailbox({ password: 'Right-Secret-1' })
    const address = url.replace('//', '//relay-user:Wrong-Secret-2@')
    const server = await startServer({ SMTP_URL: address })
    await queue(server, ['maya@rekey.example', 'boris@other.example', 'nele@third.example'])
    await server.services.mail.idle()
    expect(mailbox.attempts).toEqual([])
    for (const row of await rowsOf(server)) {
      expect(row).toMatchObject({ state: 'WAITING', attempts: 0, failure: null })
    }
    const { faultReason } = await stateOf(server)
    expect(faultReason).toMatch(/^535 /)
    expect(faultLines(server)).toHaveLength(1)
    for (const text of [faultReason ?? '', server.log()]) {
      expect(text).not.toContain('relay-user')
      expect(text).not.toContain('Wrong-Secret-2')
    }
  })

  it('ends with the first delivered mail, and then all are delivered', async () => {
    const { mailbox, url } = await startMailbox()
    await mailbox.stop()
    const server = await startServer({ SMTP_URL: url, MAIL_RETRY_SECONDS: '1' })
    const people = Array.from({ length: 5 }, (_, number) => `person${number}@rekey.example`)
    await queue(server, people)
    await server.services.mail.idle()
    expect(await stateOf(server)).toMatchObject({ faultSince: expect.any(Date) })
    const again = await Mailbox.startAt(Number(new URL(url).port))
    cleanups.push(() => again.stop())
    await again.until(5)
    await server.services.mail.idle()
    expect(recipientsIn(again).sort()).toEqual(people)
    expect(await rowsOf(server)).toEqual([])
    expect(await stateOf(server)).toMatchObject({
      faultSince: null,
      faultReason: null,
      lastDeliveredAt: expect.any(Date),
    })
    expect(faultLines(server)).toHaveLength(1)
  })
})

it('sends a mail at once if a clock that was days ahead planned it', async () => {
  const { mailbox, url } = await startMailbox()
  const server = await startServer({ SMTP_URL: url })
  await server.services.mail.stop()
  await queue(server, ['maya@rekey.example'])
  const nextAttemptAt = new Date(Date.now() + 2 * 24 * 60 * 60 * 1000)
  await server.database.write(unit => unit.rows(OutboxMailEntity).updateAll({ nextAttemptAt }))
  server.services.mail.start(() => undefined)
  await mailbox.until(1)
  expect(recipientsIn(mailbox)).toEqual(['maya@rekey.example'])
})

describe('a delivered mail', () => {
  it('is not sent again if its row could not be deleted at first', async () => {
    const { mailbox, url } = await startMailbox()
    const server = await startServer({ SMTP_URL: url, MAIL_CLAIM_SECONDS: '2' })
    const { database } = server
    await queue(server, ['boris@rekey.example'])
    await server.services.mail.idle()
    // The first two writes after the delivery fail.
    const write = database.writeLocking.bind(database)
    let refused = 0
    database.writeLocking = async work =>
      write(async unit => {
        const before = mailbox.mails.length
        const result = await work(unit)
        if (before === 2 && refused < 2) {
          refused += 1
          throw new Error('The disk is full.')
        }
        return result
      })
    await queue(server, ['maya@rekey.example'])
    await mailbox.until(2)
    await until(async () => (await rowsOf(server)).length === 0)
    database.writeLocking = write
    expect(refused).toBe(2)
    expect(recipientsIn(mailbox)).toEqual(['boris@rekey.example', 'maya@rekey.example'])
  })
})

describe('a mail that grows too old', () => {
  it('fails at the last attempt that is possible in time', async () => {
    const { mailbox, url } = await startMailbox()
    const server = await startServer({ SMTP_URL: url })
    mailbox.treatments.set('maya@rekey.example', { rcpt: '450 4.2.0 Greylisted' })
    await queue(server, ['maya@rekey.example'])
    await server.services.mail.idle()
    const [first] = await rowsOf(server)
    const age = (first?.giveUpAt.getTime() ?? 0) - (first?.createdAt.getTime() ?? 0)
    expect(age).toBe(5 * 24 * 60 * 60 * 1000)
    await change(server, { giveUpAt: new Date(Date.now() + 10_000), nextAttemptAt: new Date() })
    server.services.mail.start(() => undefined)
    await server.services.mail.idle()
    const [failed] = await rowsOf(server)
    expect(failed).toMatchObject({ state: 'FAILED', attempts: 2, smtpCode: 450 })
    expect(failed?.sealedBody).not.toBeNull()
  })

  it('is not sent with a link that has expired, and loses its body', async () => {
    const { mailbox, url } = await startMailbox()
    const server = await startServer({ SMTP_URL: url })
    await queue(server, ['maya@rekey.example'], { linkExpiresAt: new Date(Date.now() - 1) })
    await server.services.mail.idle()
    expect(mailbox.attempts).toEqual([])
    expect(await rowsOf(server)).toMatchObject([
      { state: 'FAILED', sealedBody: null, failure: expect.stringContaining('link') },
    ])
  })

  it('fails in the sweep, then loses its body, and then its row', async () => {
    const server = await startServer({ SMTP_URL: 'smtp://127.0.0.1:1' })
    const soon = new Date(Date.now() + 60_000)
    await queue(server, ['maya@rekey.example'])
    await queue(server, ['boris@rekey.example'], { linkExpiresAt: soon })
    await server.services.mail.idle()
    await server.services.mail.stop()
    const { mailDelivery } = server.services
    await mailDelivery.sweep()
    for (const row of await rowsOf(server)) expect(row.state).toBe('WAITING')

    const dayMs = 24 * 60 * 60 * 1000
    const ago = (days: number) => new Date(Date.now() - days * dayMs)
    await change(server, { giveUpAt: ago(0) })
    await mailDelivery.sweep()
    for (const row of await rowsOf(server)) {
      expect(row).toMatchObject({ state: 'FAILED', sealedBody: expect.any(String) })
      expect(row.failure).toContain('could not be reached')
    }
    // The mail with a link keeps its body only as long as the link works.
    await change(server, { endedAt: ago(2) })
    await server.database.write(unit =>
      unit
        .rows(OutboxMailEntity)
        .update({ recipient: 'boris@rekey.example' }, { linkExpiresAt: ago(1) }),
    )
    await mailDelivery.sweep()
    const bodies = (await rowsOf(server)).map(({ sealedBody }) => sealedBody)
    expect(bodies).toEqual([expect.any(String), null])
    await change(server, { endedAt: ago(4) })
    await mailDelivery.sweep()
    expect((await rowsOf(server)).map(({ sealedBody }) => sealedBody)).toEqual([null, null])
    await change(server, { endedAt: ago(31) })
    await mailDelivery.sweep()
    expect(await rowsOf(server)).toEqual([])
  })
})
