import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { insertMany } from '../database/insert-many.js'
import { SignInNetworkEntity } from '../sign-in-networks/sign-in-network.entity.js'
import { type TestClient, TestServer } from '../testing/test-server.js'
import type { UserEntity } from '../users/user.entity.js'

let server: TestServer
beforeAll(async () => {
  server = await TestServer.start({ TRUST_PROXY: '1' })
})
afterAll(() => server.stop())

/** Signs in from an address, with the given browser or a new one. */
const signIn = async (user: UserEntity, ip: string, browser?: TestClient, agent = 'Firefox') => {
  const client = server.client({ 'x-forwarded-for': ip, 'user-agent': agent })
  if (browser !== undefined) client.take(browser)
  const { data } = await client.logIn(user.login)
  expect(data.logIn.errors).toEqual([])
  return client
}

const noticesTo = async (user: UserEntity) =>
  (await server.mailsTo(user.login)).map(({ subject, text }) => ({ subject, text: text ?? '' }))

describe('a sign-in', () => {
  it('causes no mail if it is the first', async () => {
    const user = await server.addUser()
    await signIn(user, '203.0.113.7')
    expect(await noticesTo(user)).toEqual([])
  })

  it('causes no mail with a known browser from a known network', async () => {
    const user = await server.addUser()
    const browser = await signIn(user, '203.0.113.7')
    await signIn(user, '203.0.113.250', browser)
    await signIn(user, '::ffff:203.0.113.9', browser)
    expect(await noticesTo(user)).toEqual([])
  })

  it('causes a mail with time, address and browser if the browser is new', async () => {
    const user = await server.addUser({ firstName: '<b>Zoe</b>' })
    await signIn(user, '203.0.113.7')
    await signIn(user, '203.0.113.8', undefined, 'Firefox <script>')
    const [notice, ...more] = await noticesTo(user)
    expect(more).toEqual([])
    expect(notice?.subject).toBe('New sign-in to your account')
    expect(notice?.text).toContain('with a browser that you had not used before')
    expect(notice?.text).toContain('From: 203.0.113.8')
    expect(notice?.text).toMatch(/^Browser: Firefox$/m)
    const [mail] = await server.mailsTo(user.login)
    expect(mail?.html).not.toMatch(/<script>|<b>Zoe/)
  })

  it('causes one mail if the network is new', async () => {
    const user = await server.addUser()
    const browser = await signIn(user, '2001:db8:1:2::3')
    await signIn(user, '2001:db8:1:ffff::1', browser)
    expect(await noticesTo(user)).toEqual([])
    await signIn(user, '2001:db8:2::1', browser)
    await signIn(user, '2001:db8:2::2', browser)
    const notices = await noticesTo(user)
    expect(notices).toHaveLength(1)
    expect(notices[0]?.text).toContain('from a network that you had not used before')
  })

  it('causes no mail if it fails, and its network stays unknown', async () => {
    const user = await server.addUser()
    const browser = await signIn(user, '203.0.113.7')
    const thief = server.client({ 'x-forwarded-for': '198.51.100.9' })
    await thief.logIn(user.login, 'Wrong-One-123')
    expect(await noticesTo(user)).toEqual([])
    await signIn(user, '198.51.100.9', browser)
    expect(await noticesTo(user)).toHaveLength(1)
  })

  it('causes a mail if the browser is known only for another user', async () => {
    const [one, other] = [await server.addUser(), await server.addUser()]
    await signIn(other, '203.0.113.7')
    await signIn(other, '203.0.113.7', await signIn(one, '203.0.113.7'))
    expect(await noticesTo(other)).toHaveLength(1)
  })

  it('is compared with the latest fifty networks of the user', async () => {
    const user = await server.addUser()
    const rows = Array.from({ length: 50 }, (_, index) => ({
      userId: user.id,
      network: `10.0.${index}.0/24`,
      lastSeenAt: new Date(Date.now() - (index + 1) * 1000),
    }))
    await server.database.write(unit => insertMany(unit.rows(SignInNetworkEntity), rows))
    await signIn(user, '203.0.113.7')
    const kept = await server.database.read(unit =>
      unit.rows(SignInNetworkEntity).findBy({ userId: user.id }),
    )
    const networks = kept.map(({ network }) => network)
    expect(networks).toHaveLength(50)
    expect(networks).toContain('203.0.113.0/24')
    expect(networks).not.toContain('10.0.49.0/24')
  })
})
