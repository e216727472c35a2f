import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals'
import { insertMany } from '../database/insert-many.js'
import { UnitOfWork } from '../database/unit-of-work.js'
import { OperationEntity } from '../operations/operation.entity.js'
import { SessionEntity } from '../sessions/session.entity.js'
import { AccountSettingEntity } from '../settings/account-setting.entity.js'
import { goodPassword, type TestClient, TestServer } from '../testing/test-server.js'
import type { UserEntity } from '../users/user.entity.js'
import { AllowedAddressEntity } from './allowed-address.entity.js'
import { maxAllowedAddresses } from './ip-authorization.service.js'

const inside = '203.0.113.7'
const outside = '198.51.100.9'

let server: TestServer
let owner: UserEntity
beforeAll(async () => {
  server = await TestServer.start({ TRUST_PROXY: '1' })
  owner = await server.addUser({ role: 'OWNER' })
})
afterAll(() => server.stop())

const from = (ip: string, on = server) => on.client({ 'x-forwarded-for': ip })

const signedInFrom = async (ip: string, user = owner, on = server): Promise<TestClient> => {
  const client = from(ip, on)
  const { data } = await client.logIn(user.login)
  if (data.logIn.errors.length > 0) throw new Error('The sign-in failed.')
  return client
}

/** The same browser at another address. */
const moved = (client: TestClient, ip: string, on = server): TestClient => {
  const other = from(ip, on)
  other.take(client)
  return other
}

const add = async (client: TestClient, range: string, label = '') => {
  const { data, errors } = await client.query(
    `mutation ($input: AddAllowedAddressInput!) {
      addAllowedAddress(input: $input) {
        allowedAddress { id range label coversViewer createdByName }
        errors { __typename ... on UserError { message path } }
      }
    }`,
    { input: { range, label } },
  )
  return data?.addAllowedAddress ?? errors
}

const remove = async (client: TestClient, id: string) => {
  const { data, errors } = await client.query(
    `mutation ($input: RemoveAllowedAddressInput!) {
      removeAllowedAddress(input: $input) {
        removedAllowedAddressId
        errors { __typename ... on UserError { path } ... on AddressNotCovered { address } }
      }
    }`,
    { input: { id } },
  )
  return data?.removeAllowedAddress ?? errors
}

const switchOn = async (client: TestClient, ipAuthorization = true) => {
  const { data } = await client.query(
    `mutation ($input: UpdateSecuritySettingsInput!) {
      updateSecuritySettings(input: $input) {
        settings { ipAuthorization }
        errors { __typename ... on UserError { path } ... on AddressNotCovered { address } }
      }
    }`,
    { input: { ipAuthorization } },
  )
  return data.updateSecuritySettings
}

const viewerOf = async (client: TestClient) => {
  const { data } = await client.query('{ viewer { login } sessionEndReason viewerAddress }')
  return { ...data, viewer: data.viewer?.login ?? null }
}

const emptyList = () =>
  server.database.write(async unit => {
    await unit.rows(AllowedAddressEntity).deleteAll()
    const { settings } = server.services
    await settings.replace(unit, { ...(await settings.readIn(unit)), ipAuthorization: false })
  })

describe('the list of allowed addresses', () => {
  afterEach(emptyList)

  it('normalizes ranges and shows who added them', async () => {
    const client = await signedInFrom(inside)
    expect(await add(client, '203.0.113.99/24', ' Head office ')).toEqual({
      allowedAddress: {
        id: expect.any(String),
        range: '203.0.113.0/24',
        label: 'Head office',
        coversViewer: true,
        createdByName: `${owner.firstName} ${owner.lastName}`,
      },
      errors: [],
    })
    await add(client, '2001:DB8::/48')
    const { data } = await client.query(
      '{ allowedAddresses(first: 1) { totalCount nodes { range } pageInfo { hasNextPage endCursor } } }',
    )
    expect(data.allowedAddresses).toMatchObject({
      totalCount: 2,
      nodes: [{ range: '203.0.113.0/24' }],
      pageInfo: { hasNextPage: true },
    })
    const rest = await client.query(
      'query ($after: String) { allowedAddresses(after: $after) { nodes { range coversViewer } } }',
      { after: data.allowedAddresses.pageInfo.endCursor },
    )
    expect(rest.data.allowedAddresses.nodes).toEqual([
      { range: '2001:db8::/48', coversViewer: false },
    ])
  })

  it.each([
    ['everything', '0.0.0.0/0', 'range'],
    ['all of IPv6', '::/0', 'range'],
    ['half of everything', '0.0.0.0/1', 'range'],
    ['garbage', "'; DROP TABLE users", 'range'],
    ['a long text', '1'.repeat(100), 'range'],
    ['nothing', '', 'range'],
  ])('rejects a range: %s', async (_what, range, field) => {
    const client = await signedInFrom(inside)
    expect(await add(client, range)).toMatchObject({
      allowedAddress: null,
      errors: [{ __typename: 'InvalidField', path: [field] }],
    })
  })

  it.each([
    ['of 101 characters', 'x'.repeat(101)],
    ['of two lines', 'two\nlines'],
    ['with U+0000', 'null \0 in it'],
    ['with half a surrogate pair', 'half \ud800 a pair'],
  ])('rejects a label %s', async (_what, label) => {
    const client = await signedInFrom(inside)
    expect(await add(client, inside, label)).toMatchObject({
      errors: [{ __typename: 'InvalidField', path: ['label'] }],
    })
  })

  it('lists a range once, however it is written and however many users add it at once', async () => {
    const client = await signedInFrom(inside)
    const spellings = ['203.0.113.0/24', '203.0.113.1/24', '::ffff:203.0.113.0/120']
    const results = await Promise.all(spellings.map(range => add(client, range)))
    expect(results.filter(({ errors }) => errors.length === 0)).toHaveLength(1)
    const refused = results.flatMap(({ errors }) => errors)
    expect(refused).toHaveLength(2)
    for (const error of refused) expect(error.__typename).toBe('AllowedAddressExists')
  })

  it('is limited', async () => {
    const rows = Array.from({ length: maxAllowedAddresses }, (_, index) => ({
      id: `row ${index}`,
      range: `10.1.${index >> 8}.${index & 255}/32`,
      label: '',
      createdAt: new Date(),
      createdBy: null,
    }))
    await server.database.write(unit => insertMany(unit.rows(AllowedAddressEntity), rows))
    expect(await add(await signedInFrom(inside), inside)).toMatchObject({
      errors: [{ __typename: 'InvalidField', path: ['range'] }],
    })
  })

  it('requires settings.manage, and records the attempt of another user', async () => {
    const member = await server.addUser()
    const client = await signedInFrom(inside, member)
    for (const answer of [
      await add(client, inside),
      await remove(client, 'any'),
      (await client.query('{ allowedAddresses { totalCount } }')).errors,
    ]) {
      expect(answer).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    }
    const recorded = await server.database.read(unit =>
      unit.rows(OperationEntity).findBy({ actorId: member.id, reason: 'FORBIDDEN' }),
    )
    expect(recorded.map(({ action }) => action).sort()).toEqual([
      'ADD_ALLOWED_ADDRESS',
      'READ',
      'REMOVE_ALLOWED_ADDRESS',
    ])
  })
})

describe('a list that is off', () => {
  afterEach(() => {
    jest.restoreAllMocks()
  })

  it('is not queried for a request', async () => {
    const quiet = await TestServer.start({ TRUST_PROXY: '1' })
    try {
      const client = await signedInFrom(inside, await quiet.addUser(), quiet)
      // Background jobs read settings, too.
      await quiet.stopJobs()
      const begun = performance.now()
      const clock = jest.spyOn(performance, 'now').mockReturnValue(begun)
      await client.whoAmI()
      const rows = jest.spyOn(UnitOfWork.prototype, 'rows')
      for (let index = 0; index < 5; index += 1) await client.whoAmI()
      expect(rows).not.toHaveBeenCalledWith(AccountSettingEntity)
      // The setting is cached for a second; the list itself is not queried at all.
      clock.mockReturnValue(begun + 1_000)
      await client.whoAmI()
      expect(rows).toHaveBeenCalledWith(AccountSettingEntity)
      expect(rows).not.toHaveBeenCalledWith(AllowedAddressEntity)
    } finally {
      await quiet.stop()
    }
  })
})

describe('switching the list on', () => {
  afterEach(emptyList)

  it('is rejected for users whom it would lock out', async () => {
    const client = await signedInFrom(inside)
    const refused = {
      settings: null,
      errors: [{ __typename: 'AddressNotCovered', path: ['ipAuthorization'], address: inside }],
    }
    expect(await switchOn(client)).toEqual(refused)
    await add(client, outside)
    expect(await switchOn(client)).toEqual(refused)
    expect((await viewerOf(from(inside))).sessionEndReason).toBeNull()

    await add(client, `${inside}/28`)
    expect(await switchOn(client)).toEqual({ settings: { ipAuthorization: true }, errors: [] })
  })
})

describe('a list that is on', () => {
  let client: TestClient
  let rangeId: string
  let elsewhere: TestClient
  beforeEach(async () => {
    client = await signedInFrom(inside)
    elsewhere = await signedInFrom(outside)
    rangeId = (await add(client, '203.0.113.0/24')).allowedAddress.id
    await switchOn(client)
  })
  afterEach(emptyList)

  it('rejects a session outside the list, but does not end it', async () => {
    expect(await viewerOf(elsewhere)).toEqual({
      viewer: null,
      sessionEndReason: 'ADDRESS_NOT_ALLOWED',
      viewerAddress: outside,
    })
    const stolen = moved(client, outside)
    expect((await viewerOf(stolen)).viewer).toBeNull()
    expect((await stolen.query('{ users { totalCount } }')).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ])
    const change = { currentPassword: goodPassword, newPassword: 'Brisk-Meadow-41' }
    expect((await stolen.changePassword(change)).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ])
    expect((await stolen.get('/operations.csv')).status).toBe(401)

    expect((await viewerOf(client)).viewer).toBe(owner.login)
    expect((await viewerOf(moved(elsewhere, '203.0.113.200'))).viewer).toBe(owner.login)
  })

  it('ends the session on a sign-out from outside, and records it', async () => {
    const token = elsewhere.clone()
    const logOut = 'mutation { logOut { errors { __typename } } }'
    expect((await elsewhere.query(logOut)).data.logOut.errors).toEqual([])
    expect(elsewhere.session).toBeUndefined()
    expect(await viewerOf(moved(token, inside))).toMatchObject({
      viewer: null,
      sessionEndReason: null,
    })
    const recorded = await server.database.read(unit =>
      unit.rows(OperationEntity).findBy({ action: 'LOG_OUT', actorId: owner.id }),
    )
    expect(recorded).toMatchObject([{ outcome: 'DONE', subjectId: owner.id, ip: outside }])

    // It was recorded once.
    expect((await token.query(logOut)).data.logOut.errors).toEqual([])
    expect((await viewerOf(client)).viewer).toBe(owner.login)
    const after = await server.database.read(unit =>
      unit.rows(OperationEntity).countBy({ action: 'LOG_OUT', actorId: owner.id }),
    )
    expect(after).toBe(1)
  })

  it('does not keep a session alive through use from outside', async () => {
    const lastSeenAt = new Date(Date.now() - 3_600_000)
    await server.database.write(async unit => {
      await unit.rows(SessionEntity).update({ ip: outside, userId: owner.id }, { lastSeenAt })
    })
    await viewerOf(elsewhere)
    const session = await server.database.read(unit =>
      unit.rows(SessionEntity).findOneByOrFail({ ip: outside, userId: owner.id, lastSeenAt }),
    )
    expect(session.lastSeenAt).toEqual(lastSeenAt)
  })

  it('rejects a sign-in from outside after the right password, and records it', async () => {
    const person = await server.addUser()
    const stranger = from(outside)
    expect((await stranger.logIn(person.login, 'Wrong-One-123')).data.logIn.errors).toMatchObject([
      { __typename: 'InvalidCredentials' },
    ])
    const answer = await stranger.query(
      `mutation ($input: LogInInput!) {
        logIn(input: $input) { user { id } errors { __typename ... on AddressNotAllowed { address } } }
      }`,
      { input: { login: person.login, password: goodPassword } },
    )
    expect(answer.data.logIn).toEqual({
      user: null,
      errors: [{ __typename: 'AddressNotAllowed', address: outside }],
    })
    expect(answer.headers.getSetCookie()).toEqual([])
    const recorded = await server.database.read(unit =>
      unit.rows(OperationEntity).findBy({ subjectId: person.id, reason: 'ADDRESS_NOT_ALLOWED' }),
    )
    expect(recorded).toMatchObject([{ action: 'LOG_IN', outcome: 'REFUSED', ip: outside }])
  })

  it('treats an IPv4-mapped IPv6 address as the IPv4 address', async () => {
    expect(await viewerOf(moved(client, `::ffff:${inside}`))).toMatchObject({
      viewer: owner.login,
      viewerAddress: inside,
    })
    expect((await viewerOf(moved(client, `::ffff:${outside}`))).viewer).toBeNull()
    // Deprecated and unassigned: not the same as mapped.
    expect((await viewerOf(moved(client, `::${inside}`))).viewer).toBeNull()
  })

  it('removes the port that some proxies append to the address', async () => {
    expect(await viewerOf(moved(client, `${inside}:50123`))).toMatchObject({
      viewer: owner.login,
      viewerAddress: inside,
    })
    expect((await viewerOf(moved(client, `${outside}:50123`))).viewer).toBeNull()
    expect((await viewerOf(moved(client, '[2001:db8::1]:443'))).viewerAddress).toBe('2001:db8::1')
  })

  it.each([
    ['nothing', ''],
    ['a word', 'unknown'],
    ['part of an address', '203.0.113'],
    ['another notation', '0xcb.0.113.7'],
    ['an address with a colon but no port', '203.0.113.7:'],
    ['an address with an invalid port', '203.0.113.7:80evil'],
    ['an unclosed bracket', '[2001:db8::1'],
    ['an address followed by other text', '203.0.113.7 evil'],
    ['a long text', 'x'.repeat(1_000)],
  ])('does not allow what a proxy forwards as an address: %s', async (_what, ip) => {
    const answer = await viewerOf(moved(client, ip))
    expect(answer.viewer).toBeNull()
    // Without a header it is the address of the proxy.
    expect(answer.viewerAddress).toBe(ip === '' ? '127.0.0.1' : 'unknown')
  })

  it('does not remove the last range that covers the caller', async () => {
    await add(client, '198.51.100.0/24')
    expect(await remove(client, rangeId)).toEqual({
      removedAllowedAddressId: null,
      errors: [{ __typename: 'AddressNotCovered', path: ['id'], address: inside }],
    })
    await add(client, `${inside}/32`)
    expect(await remove(client, rangeId)).toEqual({ removedAllowedAddressId: rangeId, errors: [] })
    expect((await viewerOf(client)).viewer).toBe(owner.login)
    expect((await viewerOf(moved(client, '203.0.113.8'))).viewer).toBeNull()
    expect(await remove(client, rangeId)).toMatchObject({
      errors: [{ __typename: 'AllowedAddressNotFound' }],
    })
  })

  it('does not lock out both of two users who remove each other’s range at once', async () => {
    const there = '192.0.2.5'
    const { id: otherId } = (await add(client, there)).allowedAddress
    const admin = await server.addUser({ role: 'ADMIN' })
    const other = await signedInFrom(there, admin)
    const results = await Promise.all([remove(client, otherId), remove(other, rangeId)])
    const removed = results.filter(result => result.removedAllowedAddressId != null)
    expect(removed).toHaveLength(1)
    const viewers = [await viewerOf(client), await viewerOf(other)]
    expect(viewers.filter(({ viewer }) => viewer !== null)).toHaveLength(1)
  })

  it('does not check the caller’s address when it is switched off', async () => {
    expect(await switchOn(client, false)).toEqual({
      settings: { ipAuthorization: false },
      errors: [],
    })
    expect((await viewerOf(elsewhere)).viewer).toBe(owner.login)
  })
})

describe('a forged X-Forwarded-For', () => {
  const spoofed = async (trust: string, header: string): Promise<string> => {
    const other = await TestServer.start({ TRUST_PROXY: trust })
    try {
      return (await viewerOf(from(header, other))).viewerAddress
    } finally {
      await other.stop()
    }
  }

  it('is ignored without a proxy in front', async () => {
    expect(await spoofed('0', inside)).toBe('127.0.0.1')
  })

  it('is overridden by what the proxy in front adds', async () => {
    expect(await spoofed('1', `${inside}, ${outside}`)).toBe(outside)
    expect(await spoofed('2', `${inside}, ${outside}, 10.0.0.1`)).toBe(outside)
  })

  it('is accepted only from a listed proxy, up to the first address that is not listed', async () => {
    expect(await spoofed('10.0.0.0/8', inside)).toBe('127.0.0.1')
    const trust = '127.0.0.1, 10.0.0.0/8'
    expect(await spoofed(trust, `${inside}, ${outside}, 10.9.9.9`)).toBe(outside)
    expect(await spoofed(trust, `${inside}, ${outside}, ::ffff:10.9.9.9`)).toBe(outside)
    expect(await spoofed(trust, `${inside}, unknown, 10.9.9.9`)).toBe('unknown')
  })

  it('does not give access from outside the list', async () => {
    const strict = await TestServer.start({ TRUST_PROXY: '0' })
    try {
      const boss = await strict.addUser({ role: 'OWNER' })
      const client = await signedInFrom('', boss, strict)
      await add(client, '127.0.0.1')
      await switchOn(client)
      expect((await viewerOf(client)).viewer).toBe(boss.login)
      await strict.database.write(async unit => {
        await unit
          .rows(AllowedAddressEntity)
          .update({ range: '127.0.0.1/32' }, { range: `${inside}/32` })
      })
      await new Promise(done => setTimeout(done, 1050))
      for (const header of [inside, `${inside}, ${inside}`, `::ffff:${inside}`]) {
        expect((await viewerOf(moved(client, header, strict))).viewer).toBeNull()
      }
    } finally {
      await strict.stop()
    }
  })
})
