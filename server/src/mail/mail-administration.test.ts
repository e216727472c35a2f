import { afterEach, describe, expect, it } from '@jest/globals'
import { Mailbox } from '../testing/mailbox.js'
import { type TestClient, TestServer } from '../testing/test-server.js'
import { MailDeliveryStateEntity } from './mail-delivery-state.entity.js'
import { OutboxMailEntity } from './outbox-mail.entity.js'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const startServer = async (environment: Record<string, string> = {}) => {
  const { mailbox, url } = await Mailbox.start()
  cleanups.push(() => mailbox.stop())
  const server = await TestServer.start({ SMTP_URL: url, ...environment })
  cleanups.push(() => server.stop())
  const admin = await server.addUser({ role: 'ADMIN' })
  return { mailbox, server, admin, client: await server.signedIn(admin) }
}

const fields =
  'id recipient subject state attempts nextAttemptAt failure smtpCode endedAt retryable createdAt'

const deliveryOf = async (client: TestClient) => {
  const { data, errors } = await client.query(`{ mailDelivery {
    configured server outboxFolder lastDeliveredAt waitingCount waitingSince failedCount problem
    serverFault { since reason retryAt }
  } }`)
  expect(errors).toBeUndefined()
  return data.mailDelivery
}

const mailsIn = async (client: TestClient, args = 'first: 100') => {
  const { data, errors } = await client.query(
    `{ outboxMails(${args}) { totalCount nodes { ${fields} } pageInfo { hasNextPage endCursor } } }`,
  )
  expect(errors).toBeUndefined()
  return data.outboxMails
}

const act = async (client: TestClient, name: 'retryMail' | 'dropMail', mailId: string) => {
  const { data, errors } = await client.query(
    `mutation ($mailId: ID!) { ${name}(input: { mailId: $mailId }) {
      mail { ${fields} } errors { __typename ... on UserError { message path } }
    } }`,
    { mailId },
  )
  expect(errors).toBeUndefined()
  return data[name]
}

const sendTest = async (client: TestClient) => {
  const { data, errors } = await client.query(`mutation { sendTestMail {
    delivered answer errors { __typename ... on TooManyAttempts { retryAfterSeconds } }
  } }`)
  expect(errors).toBeUndefined()
  return data.sendTestMail
}

const invite = async (client: TestClient, login: string) => {
  const { data } = await client.query(
    `mutation ($login: String!) { inviteUser(input: { login: $login, firstName: "Nele" }) {
      user { id } errors { __typename }
    } }`,
    { login },
  )
  expect(data.inviteUser.errors).toEqual([])
  return data.inviteUser.user.id as string
}

const invitationOf = async (client: TestClient, id: string) => {
  const { data } = await client.query(
    'query ($id: ID!) { user(id: $id) { invitation { status mail mailFailure } } }',
    { id },
  )
  return data.user.invitation
}

const operationsOf = async (client: TestClient, action: string) => {
  const { data } = await client.query(
    `query ($actions: [OperationAction!]) { operations(first: 10, filter: { actions: $actions }) {
      nodes { outcome reason subject { login } changes { name from to } }
    } }`,
    { actions: [action] },
  )
  return data.operations.nodes
}

const change = (server: TestServer, changes: Partial<OutboxMailEntity>) =>
  server.database.write(unit => unit.rows(OutboxMailEntity).updateAll(changes))

const ago = (hours: number) => new Date(Date.now() - hours * 60 * 60 * 1000)

describe('an invitation that the mail server refuses', () => {
  it('shows the state and the reason to its sender, and the mail to administrators', async () => {
    const { mailbox, server, client } = await startServer()
    mailbox.treatments.set('nele@rekey.example', { rcpt: '550 5.1.1 No such user here' })
    const id = await invite(client, 'nele@rekey.example')
    await server.services.mail.idle()
    expect(await invitationOf(client, id)).toEqual({
      status: 'VALID',
      mail: 'FAILED',
      mailFailure: '550 5.1.1 No such user here',
    })
    const { totalCount, nodes } = await mailsIn(client)
    expect(totalCount).toBe(1)
    expect(nodes).toMatchObject([
      {
        recipient: 'nele@rekey.example',
        subject: 'You are invited to Rekey',
        state: 'FAILED',
        attempts: 1,
        nextAttemptAt: null,
        smtpCode: 550,
        failure: '550 5.1.1 No such user here',
        retryable: true,
      },
    ])
    expect(await deliveryOf(client)).toMatchObject({ failedCount: 1, problem: 'FAILED' })
  })

  it('shows only the state of the newest link', async () => {
    const { mailbox, server, client } = await startServer()
    mailbox.treatments.set('nele@rekey.example', { rcpt: '550 No such user' })
    const id = await invite(client, 'nele@rekey.example')
    await server.services.mail.idle()
    mailbox.treatments.clear()
    const { data } = await client.query(
      'mutation ($id: ID!) { resendInvitation(input: { userId: $id }) { errors { __typename } } }',
      { id },
    )
    expect(data.resendInvitation.errors).toEqual([])
    await mailbox.until(1)
    await server.services.mail.idle()
    expect(await invitationOf(client, id)).toMatchObject({ mail: 'SENT', mailFailure: null })
    // The link in the first mail no longer works, so the mail cannot be sent again.
    expect((await mailsIn(client)).nodes).toEqual([])
  })

  it('is sent by retryMail once the server accepts it, and recorded without the address', async () => {
    const { mailbox, server, client } = await startServer()
    mailbox.treatments.set('nele@rekey.example', { rcpt: '550 No such user' })
    const id = await invite(client, 'nele@rekey.example')
    await server.services.mail.idle()
    const [{ id: mailId }] = (await mailsIn(client)).nodes
    mailbox.treatments.clear()
    const { mail, errors } = await act(client, 'retryMail', mailId)
    expect(errors).toEqual([])
    expect(mail).toMatchObject({ state: 'WAITING', attempts: 0, endedAt: null })
    await mailbox.until(1)
    await server.services.mail.idle()
    expect(mailbox.mails[0]?.text).toContain('/activate#token=')
    expect((await mailsIn(client)).nodes).toEqual([])
    expect(await invitationOf(client, id)).toMatchObject({ mail: 'SENT' })
    const subject = 'You are invited to Rekey'
    expect(await operationsOf(client, 'RETRY_MAIL')).toEqual([
      {
        outcome: 'DONE',
        reason: null,
        subject: { login: 'nele@rekey.example' },
        changes: [{ name: 'mail', from: subject, to: subject }],
      },
    ])
  })
})

describe('dropMail', () => {
  it('drops a mail for good, erases its body and shows this at the invitation', async () => {
    const { mailbox, server, client } = await startServer()
    mailbox.treatments.set('nele@rekey.example', { rcpt: '450 Greylisted' })
    const id = await invite(client, 'nele@rekey.example')
    await server.services.mail.idle()
    const [{ id: mailId }] = (await mailsIn(client)).nodes
    const { mail, errors } = await act(client, 'dropMail', mailId)
    expect(errors).toEqual([])
    expect(mail).toMatchObject({ state: 'DROPPED', nextAttemptAt: null, retryable: false })
    const rows = await server.database.read(unit => unit.rows(OutboxMailEntity).find())
    expect(rows).toMatchObject([{ sealedBody: null, text: '', html: '' }])
    expect((await mailsIn(client)).nodes).toEqual([])
    expect((await mailsIn(client, 'states: [DROPPED]')).nodes).toHaveLength(1)
    expect((await mailsIn(client, 'states: [SENT]')).nodes).toEqual([])
    expect(await invitationOf(client, id)).toMatchObject({ mail: 'DROPPED' })
    for (const name of ['retryMail', 'dropMail'] as const) {
      expect((await act(client, name, mailId)).errors).toMatchObject([
        { __typename: 'OutboxMailNotFound', path: ['mailId'] },
      ])
    }
    expect(await operationsOf(client, 'DROP_MAIL')).toMatchObject([
      { changes: [{ name: 'mail', from: 'You are invited to Rekey', to: null }] },
    ])
  })
})

describe('a notice to a user of higher rank', () => {
  it('cannot be dropped by a user of lower rank, who can drop their own notices', async () => {
    const { mailbox, server, admin, client } = await startServer()
    const owner = await server.addUser({ role: 'OWNER' })
    for (const { login } of [owner, admin]) mailbox.treatments.set(login, { rcpt: '450 Later' })
    await server.services.mail.idle()
    for (const { login } of [owner, admin]) {
      await server.database.write(unit =>
        server.services.mail.send(unit, { login, language: 'en' }, () => ({
          subject: 'New sign-in to your account',
          greeting: 'Hello',
          paragraphs: ['Somebody signed in.'],
          facts: [],
          footer: '',
        })),
      )
    }
    await server.services.mail.idle()
    const { nodes } = await mailsIn(client)
    const idOf = (login: string) =>
      nodes.find(({ recipient }: { recipient: string }) => recipient === login)?.id
    const refused = await client.query(
      'mutation ($input: DropMailInput!) { dropMail(input: $input) { errors { __typename } } }',
      { input: { mailId: idOf(owner.login) } },
    )
    expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    expect(await operationsOf(client, 'DROP_MAIL')).toMatchObject([{ outcome: 'REFUSED' }])
    expect((await act(client, 'dropMail', idOf(admin.login))).errors).toEqual([])
  })
})

describe('a notice to the former login of a user of higher rank', () => {
  it('cannot be dropped by a user of lower rank, and is removed when its user is deleted', async () => {
    const { mailbox, server, client } = await startServer()
    await server.addUser({ role: 'OWNER' })
    const owner = await server.addUser({ role: 'OWNER' })
    const asOwner = await server.signedIn(owner)
    await server.services.mail.idle()
    mailbox.treatments.set(owner.login, { rcpt: '450 Later' })
    const changed = await asOwner.query(
      'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { errors { __typename } } }',
      { input: { userId: owner.id, login: 'taken-over@rekey.example' } },
    )
    expect(changed.data.updateUser.errors).toEqual([])
    await server.services.mail.idle()
    const mailTo = async () => {
      const { nodes } = await mailsIn(client)
      return nodes.find(({ recipient }: { recipient: string }) => recipient === owner.login)
    }
    const refused = await client.query(
      'mutation ($input: DropMailInput!) { dropMail(input: $input) { errors { __typename } } }',
      { input: { mailId: (await mailTo()).id } },
    )
    expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    const deleted = await asOwner.query(
      'mutation ($input: DeleteUserInput!) { deleteUser(input: $input) { errors { __typename } } }',
      { input: { userId: owner.id, login: 'taken-over@rekey.example' } },
    )
    expect(deleted.errors ?? deleted.data.deleteUser.errors).toBeDefined()
  })
})

describe('the reason why the mail of an invitation failed', () => {
  it('is hidden from a user who may read users, but neither invite nor manage settings', async () => {
    const { mailbox, server, client } = await startServer()
    mailbox.treatments.set('nele@rekey.example', { rcpt: '550 No such user at relay7' })
    const id = await invite(client, 'nele@rekey.example')
    await server.services.mail.idle()
    const reader = await server.signedIn(
      await server.addUser({ role: 'MEMBER', grantedPermissions: ['users.read'] }),
    )
    expect((await invitationOf(client, id)).mailFailure).toContain('relay7')
    expect(await invitationOf(reader, id)).toMatchObject({ mail: 'FAILED', mailFailure: null })
  })
})

describe('retryMail', () => {
  it.each([
    ['its link has expired', { linkExpiresAt: ago(1) }],
    ['its body is erased', { sealedBody: null }],
  ])('rejects a mail if %s', async (_, changes) => {
    const { mailbox, server, client } = await startServer()
    mailbox.treatments.set('nele@rekey.example', { rcpt: '550 No such user' })
    await invite(client, 'nele@rekey.example')
    await server.services.mail.idle()
    await change(server, changes)
    const [mail] = (await mailsIn(client)).nodes
    expect(mail.retryable).toBe(false)
    expect((await act(client, 'retryMail', mail.id)).errors).toMatchObject([
      { __typename: 'MailNotRetryable', path: ['mailId'] },
    ])
    expect(await operationsOf(client, 'RETRY_MAIL')).toEqual([])
  })

  it('does not send a mail a second time while it is being delivered', async () => {
    const { mailbox, client } = await startServer()
    mailbox.treatments.set('nele@rekey.example', { silentAt: 'DATA' })
    await invite(client, 'nele@rekey.example')
    while (mailbox.attempts.length === 0) await new Promise(later => setTimeout(later, 10))
    const [{ id }] = (await mailsIn(client)).nodes
    expect((await act(client, 'retryMail', id)).errors).toEqual([])
    await new Promise(later => setTimeout(later, 300))
    expect(mailbox.attempts).toHaveLength(1)
  })

  it('tries at once, even if the server is known to fail', async () => {
    const { mailbox, server, client } = await startServer()
    await mailbox.stop()
    await invite(client, 'nele@rekey.example')
    await server.services.mail.idle()
    const before = await deliveryOf(client)
    expect(before).toMatchObject({
      waitingCount: 1,
      serverFault: { reason: expect.stringContaining('ECONNREFUSED') },
    })
    const again = await Mailbox.startAt(Number(new URL(server.config.mail.smtpUrl ?? '').port))
    cleanups.push(() => again.stop())
    const [{ id }] = (await mailsIn(client)).nodes
    expect((await act(client, 'retryMail', id)).errors).toEqual([])
    await again.until(1)
    await server.services.mail.idle()
    expect(await deliveryOf(client)).toMatchObject({
      waitingCount: 0,
      waitingSince: null,
      serverFault: null,
      lastDeliveredAt: expect.any(String),
    })
  })
})

describe('sendTestMail', () => {
  it('goes to the caller’s own login and shows the server’s answer', async () => {
    const { mailbox, admin, client } = await startServer()
    const { delivered, answer, errors } = await sendTest(client)
    expect({ delivered, errors }).toEqual({ delivered: true, errors: [] })
    expect(answer).toMatch(/^250 /)
    expect([mailbox.mails[0]?.to].flat()[0]?.text).toBe(admin.login)
    expect(await operationsOf(client, 'SEND_TEST_MAIL')).toMatchObject([
      { outcome: 'DONE', subject: { login: admin.login } },
    ])
  })

  it('shows a rejection, and keeps no mail', async () => {
    const { mailbox, admin, client } = await startServer()
    mailbox.treatments.set(admin.login, { rcpt: '550 5.7.1 Relaying denied' })
    expect(await sendTest(client)).toEqual({
      delivered: false,
      answer: '550 5.7.1 Relaying denied',
      errors: [],
    })
    expect((await mailsIn(client)).nodes).toEqual([])
  })

  it('makes mails that wait for the server leave', async () => {
    const { mailbox, server, client } = await startServer()
    await mailbox.stop()
    await invite(client, 'nele@rekey.example')
    await server.services.mail.idle()
    expect(await sendTest(client)).toMatchObject({
      delivered: false,
      answer: expect.stringContaining('ECONNREFUSED'),
    })
    const again = await Mailbox.startAt(Number(new URL(server.config.mail.smtpUrl ?? '').port))
    cleanups.push(() => again.stop())
    expect(await sendTest(client)).toMatchObject({ delivered: true })
    await again.until(2)
  })

  it('requires a wait after five test mails', async () => {
    const { mailbox, client } = await startServer()
    for (let sent = 0; sent < 5; sent += 1) await sendTest(client)
    expect(await sendTest(client)).toMatchObject({
      delivered: false,
      answer: null,
      errors: [{ __typename: 'TooManyAttempts', retryAfterSeconds: expect.any(Number) }],
    })
    expect(mailbox.mails).toHaveLength(5)
  })
})

describe('mailDelivery', () => {
  it('names the server without its credentials', async () => {
    const { client } = await startServer({ SMTP_URL: 'smtps://bob:Secret-1@127.0.0.1' })
    const delivery = await deliveryOf(client)
    expect(delivery).toMatchObject({
      configured: true,
      server: '127.0.0.1:465',
      outboxFolder: null,
    })
    expect(JSON.stringify(delivery)).not.toMatch(/bob|Secret-1/)
  })

  it('reports that mails do not leave only after an hour in which none was delivered', async () => {
    const { mailbox, server, client } = await startServer()
    mailbox.treatments.set('nele@rekey.example', { rcpt: '450 Greylisted' })
    await invite(client, 'nele@rekey.example')
    await server.services.mail.idle()
    const deliveredAt = (at: Date) =>
      server.database.write(unit =>
        unit.rows(MailDeliveryStateEntity).updateAll({ lastDeliveredAt: at }),
      )
    const problem = async () => (await deliveryOf(client)).problem
    expect(await problem()).toBeNull()
    await change(server, { createdAt: ago(2) })
    await deliveredAt(ago(0.5))
    expect(await problem()).toBeNull()
    await deliveredAt(ago(1.5))
    expect(await problem()).toBe('NOT_LEAVING')
    await change(server, { state: 'FAILED', endedAt: ago(23) })
    expect(await problem()).toBe('FAILED')
    await change(server, { endedAt: ago(25) })
    expect(await problem()).toBeNull()
  })
})

describe('outboxMails', () => {
  it('are listed in pages, newest first', async () => {
    const { mailbox, server, client } = await startServer()
    for (const name of ['one', 'two', 'three']) {
      mailbox.treatments.set(`${name}@rekey.example`, { rcpt: '550 No such user' })
      await invite(client, `${name}@rekey.example`)
    }
    await server.services.mail.idle()
    const first = await mailsIn(client, 'first: 2')
    expect(first).toMatchObject({
      totalCount: 3,
      nodes: [{ recipient: 'three@rekey.example' }, { recipient: 'two@rekey.example' }],
      pageInfo: { hasNextPage: true },
    })
    const rest = await mailsIn(client, `first: 2, after: "${first.pageInfo.endCursor}"`)
    expect(rest).toMatchObject({
      nodes: [{ recipient: 'one@rekey.example' }],
      pageInfo: { hasNextPage: false },
    })
  })

  it('never contain the body or the link of a mail', async () => {
    const { mailbox, server, client } = await startServer()
    mailbox.treatments.set('nele@rekey.example', { silentAt: 'RCPT' })
    await invite(client, 'nele@rekey.example')
    const { text } = await client.query(`{ outboxMails { nodes { ${fields} } } }`)
    const [row] = await server.database.read(unit => unit.rows(OutboxMailEntity).find())
    expect(text).toContain('nele@rekey.example')
    expect(text).not.toContain(row?.sealedBody)
    expect(text).not.toContain('token')
  })
})

describe('a Rekey without a mail server', () => {
  it('shows the folder to administrators, and to users who invite only that mail is off', async () => {
    const { server, client } = await startServer({ SMTP_URL: '' })
    const folder = server.config.outboxDir
    const query = '{ mailSettings { configured outboxFolder } }'
    const mailSettings = { configured: false, outboxFolder: folder }
    expect((await client.query(query)).data).toEqual({ mailSettings })
    expect(await deliveryOf(client)).toMatchObject({ ...mailSettings, server: null })
    const inviting = await server.addUser({ grantedPermissions: ['users.invite'] })
    expect((await (await server.signedIn(inviting)).query(query)).data).toEqual({
      mailSettings: { configured: false, outboxFolder: null },
    })
    const managing = await server.addUser({ grantedPermissions: ['users.manage'] })
    expect((await (await server.signedIn(managing)).query(query)).data).toEqual({
      mailSettings: { configured: false, outboxFolder: null },
    })
    expect(await sendTest(client)).toEqual({ delivered: true, answer: null, errors: [] })
  })

  it('tells everyone that nobody can reset a password by mail', async () => {
    const { server } = await startServer({ SMTP_URL: '' })
    expect((await server.client().query('{ passwordResetByMail }')).data).toEqual({
      passwordResetByMail: false,
    })
    const mailing = await startServer()
    expect((await mailing.server.client().query('{ passwordResetByMail }')).data).toEqual({
      passwordResetByMail: true,
    })
  })
})

describe('a user without settings.manage', () => {
  it.each([
    'mailDelivery { configured }',
    'outboxMails { totalCount }',
    'mailSettings { configured }',
  ])('cannot query %s', async selection => {
    const { server } = await startServer()
    const member = await server.signedIn(await server.addUser())
    const { data, errors } = await member.query(`{ ${selection} }`)
    expect(data).toBeNull()
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  })
})
