import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type TestClient, TestServer } from '../testing/test-server.js'
import { mailboxOf } from './daily-cap.js'

let server: TestServer
let admin: TestClient
beforeAll(async () => {
  server = await TestServer.start({ INVITATIONS_PER_DAY: '6', MAILS_PER_MAILBOX_PER_DAY: '2' })
  admin = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
})
afterAll(() => server.stop())

const invite = async (logins: readonly string[], client = admin) => {
  const users = logins.map(login => ({ login, firstName: 'Nele' }))
  const { data, errors } = await client.query(
    'mutation ($input: InviteUsersInput!) { inviteUsers(input: $input) { results { user { id } } } }',
    { input: { users } },
  )
  return errors?.[0]?.extensions.code ?? data.inviteUsers.results.length
}

describe('the daily limit of mails', () => {
  it('counts all plus-addresses of a mailbox together', async () => {
    expect(await invite(['nele+1@rekey.example', 'Nele+2@rekey.example'])).toBe(2)
    expect(await invite(['nele+3@rekey.example', 'boris@rekey.example'])).toBe('RATE_LIMITED')
    // No one on the list was invited, so one of them can be invited now.
    expect(await invite(['boris@rekey.example'])).toBe(1)
  })

  it('counts the invitations of each sender', async () => {
    const other = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    const logins = Array.from({ length: 7 }, (_, index) => `new${index}@rekey.example`)
    expect(await invite(logins, other)).toBe('RATE_LIMITED')
    expect(await invite(logins.slice(0, 6), other)).toBe(6)
    expect(await invite(logins.slice(6), other)).toBe('RATE_LIMITED')
    const third = await server.signedIn(await server.addUser({ role: 'ADMIN' }))
    expect(await invite(logins.slice(6), third)).toBe(1)
  })

  it('includes reset links', async () => {
    const user = await server.addUser()
    const client = server.client()
    const names = []
    for (let count = 0; count < 3; count += 1) {
      const { data } = await client.requestPasswordReset(user.login)
      names.push(data.requestPasswordReset.errors[0]?.__typename ?? null)
    }
    expect(names).toEqual([null, null, 'TooManyAttempts'])
  })
})

describe('the mailbox of a login', () => {
  it.each([
    ['maya@rekey.example', 'maya@rekey.example'],
    ['maya+news@rekey.example', 'maya@rekey.example'],
    ['maya+a+b@rekey.example', 'maya@rekey.example'],
    ['+maya@rekey.example', '+maya@rekey.example'],
    ['maya@rekey+1.example', 'maya@rekey+1.example'],
    ['maya', 'maya'],
  ])('is derived from %s as %s', (login, mailbox) => {
    expect(mailboxOf(login)).toBe(mailbox)
  })
})
